"""Passwords and tokens that cost nothing: a store's promises do not depend on how well either is protected."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from secrets import token_hex

from shopcore.accounts.model import AccessClaims
from shopcore.clock import Clock
from shopcore.errors import InvalidToken


class PlainPasswords:
    """Keeps the promise of `shopcore.accounts.ports.Passwords`, but hashes once: for tests, and nothing else."""

    def __init__(self, *, cost: int = 1) -> None:
        self._prefix = f"$plain${cost}$"

    def hash(self, password: str) -> str:
        salt = token_hex(4)
        return f"{self._prefix}{salt}${_digest(salt, password)}"

    def verify(self, password_hash: str | None, password: str) -> bool:
        salt, digest = (password_hash or "$").split("$")[-2:]
        return digest == _digest(salt, password)

    def needs_rehash(self, password_hash: str) -> bool:
        return not password_hash.startswith(self._prefix)


class PlainTokens:
    """Keeps the promise of `shopcore.accounts.ports.Tokens`, but anybody could write such a token: for tests only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def issue_access(self, claims: AccessClaims) -> str:
        return json.dumps(asdict(claims), default=datetime.isoformat)

    def read_access(self, token: str) -> AccessClaims:
        try:
            said = json.loads(token)
            times = {name: datetime.fromisoformat(said[name]) for name in ("issued_at", "expires_at")}
            claims = AccessClaims(**{**said, **times})
        except (ValueError, TypeError, KeyError):
            raise InvalidToken("it is malformed") from None
        if self._clock() >= claims.expires_at:
            raise InvalidToken("it has expired")
        return claims


def _digest(salt: str, password: str) -> str:
    return hashlib.sha256(f"{salt}{password}".encode()).hexdigest()
