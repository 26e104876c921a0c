"""The rules of accounts: what a name and a password may be, and who gets in. All of it pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from shopcore.accounts.model import ROLES, AccessClaims, Caller, RefreshToken, Session, User
from shopcore.errors import InvalidInput, InvalidToken
from shopcore.idempotency import Key, fingerprint
from shopcore.text import fold_name

MIN_USERNAME, MAX_USERNAME = 3, 64
MIN_PASSWORD, MAX_PASSWORD = 8, 128
MAX_DISPLAY_NAME = 200
MAX_EMAIL = 254

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Characters that show nothing although Unicode calls them letters, marks or symbols."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


# ---- what somebody may be called, and may choose as a password


def username_fault(username: str) -> str | None:
    """Why `username` cannot be one; two that look the same must not be two."""
    shown = unicodedata.normalize("NFKC", username) if len(username) <= MAX_USERNAME else username
    if not all(MIN_USERNAME <= length <= MAX_USERNAME for length in (len(username), len(shown))):
        return f"must have {MIN_USERNAME} to {MAX_USERNAME} characters"
    if shown != shown.strip() or username != username.strip():
        return "must not begin or end with a blank"
    if _has(username + shown, "Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or _UNSEEN.search(username + shown):
        return "holds a character that cannot be seen"
    return None


def password_fault(password: str) -> str | None:
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        return f"must have {MIN_PASSWORD} to {MAX_PASSWORD} characters"
    return "holds a character that cannot be stored" if "\x00" in password or _has(password, "Cs") else None


def display_name_fault(display_name: str | None) -> str | None:
    if display_name is None:
        return None
    if len(display_name) > MAX_DISPLAY_NAME:
        return f"must have at most {MAX_DISPLAY_NAME} characters"
    return "holds a control character" if _has(display_name, "Cc", "Cs", "Zl", "Zp") else None


def email_fault(email: str | None) -> str | None:
    if email is None:
        return None
    if len(email) > MAX_EMAIL:
        return f"must have at most {MAX_EMAIL} characters"
    if _has(email, "Cc", "Cf", "Cs", "Zl", "Zp") or not _EMAIL.fullmatch(email):
        return "is not an email address"
    return None


def role_fault(role: str) -> str | None:
    return None if role in ROLES else f"must be one of {', '.join(ROLES)}"


def refuse_faults(faults: Mapping[str, str | None]) -> None:
    """Raise one InvalidInput for every field that has a fault."""
    errors = [{"field": field, "reason": reason} for field, reason in faults.items() if reason]
    if errors:
        raise InvalidInput(errors[0]["field"], errors[0]["reason"], errors=errors)


def tidy(text: str | None) -> str | None:
    """Optional text without blanks around it; nothing but blanks is none."""
    return (text or "").strip() or None


def typed(password: str) -> str:
    """A password as it is hashed: the same whichever way a keyboard composes its accents (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def folded(username: str) -> str | None:
    """The name to look for, or None where nobody can have it."""
    return None if username_fault(username) else fold_name(username)


# ---- sessions and tokens


def token_hash(token: str) -> str:
    """What is kept of a refresh token. It is random, 256 bits, so that a fast hash is as safe as a slow one."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_token(token: str, session_id: str, now: datetime, life: timedelta) -> RefreshToken:
    return RefreshToken(token_hash=token_hash(token), session_id=session_id, issued_at=now, expires_at=now + life)


Verdict = Literal["good", "reused", "expired", "ended"]


def judge(token: RefreshToken, session: Session, user: User, now: datetime) -> Verdict:
    """May `token` be exchanged? A used one that is seen again was copied: `reused`, whatever else is wrong."""
    if token.used_at is not None:
        return "reused"
    if not session.live(now) or user.status != "active":
        return "ended"
    return "good" if now < token.expires_at else "expired"


def must_stand(claims: AccessClaims, owner: str, standing: Mapping[str, str]) -> None:
    """Raise InvalidToken unless a token with these claims is the owner's, and its session one of those `standing`."""
    if not claims.user_id == owner == standing.get(claims.session_id):
        raise InvalidToken("its session has ended")


def caller(claims: AccessClaims, found: tuple[Session, User] | None, now: datetime) -> Caller | InvalidToken:
    """Who holds a token with these claims: its session must be live, and its user active now."""
    if found is None:
        return InvalidToken("its session has ended")
    session, user = found
    if not session.live(now) or user.status != "active" or user.id != claims.user_id:
        return InvalidToken("its session has ended")
    return Caller(user_id=user.id, username=user.username, role=user.role, session_id=session.id)


def without_secrets(key: Key, **public: str | None) -> Key:
    """`key` with a fingerprint of `public` alone.

    A request's own fingerprint is a fast hash of its password as well, and would give that away to whoever
    reads the table of keys.
    """
    return replace(key, fingerprint=fingerprint(json.dumps(public, sort_keys=True).encode()))


def _has(text: str, *categories: str) -> bool:
    return any(unicodedata.category(char) in categories for char in text)
