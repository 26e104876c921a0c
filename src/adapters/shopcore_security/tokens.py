"""Access tokens as JWTs (RFC 7519), signed with HMAC-SHA256."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import jwt

from shopcore.accounts.model import AccessClaims
from shopcore.clock import Clock, utc_now
from shopcore.errors import InvalidToken, NotConfigured

ALGORITHM = "HS256"
MIN_SECRET_BYTES = 32
"""A key as long as the hash (RFC 7518, section 3.2)."""
MAX_TOKEN = 4096
ACCESS = "access"
SKEW = timedelta(seconds=10)
"""A machine whose clock is that far behind takes what another has just issued; nothing is gained by refusing it."""
REQUIRED = ("iss", "aud", "sub", "exp", "iat", "jti", "typ", "sid")


class JwtTokens:
    """The first of `secrets` signs, all of them verify: put a new one in front, and drop the old one an hour later.

    A token names its key (`kid`), its class (`typ`), its user (`sub`) and its session (`sid`). Times are judged by
    `clock` alone, `leeway` being granted to machines that disagree about it. The last `remembered` tokens
    whose signature was right are not verified again: that is most of a busy shop's work with them. Raises
    NotConfigured where a secret has fewer than 32 bytes.
    """

    def __init__(
        self,
        secrets: Sequence[bytes],
        *,
        issuer: str = "shopcore",
        audience: str = "shopcore",
        clock: Clock = utc_now,
        leeway: timedelta = timedelta(0),
        remembered: int = 8_192,
    ) -> None:
        if not secrets or any(len(secret) < MIN_SECRET_BYTES for secret in secrets):
            raise NotConfigured("token signing", f"every secret must have at least {MIN_SECRET_BYTES} bytes")
        self._keys = {_name(secret): secret for secret in secrets}
        self._signing = _name(secrets[0])
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._leeway = leeway
        self._verified = lru_cache(maxsize=remembered)(self._verify)
        self._jwt = jwt.PyJWT(options={"enforce_minimum_key_length": True})

    def issue_access(self, claims: AccessClaims) -> str:
        payload = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": claims.user_id,
            "exp": int(claims.expires_at.timestamp()),
            "iat": int(claims.issued_at.timestamp()),
            "jti": claims.token_id,
            "typ": ACCESS,
            "sid": claims.session_id,
        }
        key = self._keys[self._signing]
        return self._jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": self._signing})

    def read_access(self, token: str) -> AccessClaims:
        claims = self._verified(token)
        now = self._clock()
        if now >= claims.expires_at + self._leeway:
            raise InvalidToken("it has expired")
        if now < claims.issued_at - max(self._leeway, SKEW):
            raise InvalidToken("it is not valid yet")
        return claims

    def _verify(self, token: str) -> AccessClaims:
        """The claims of an access token that is ours, whatever the time."""
        payload = self._payload(token)
        if payload["typ"] != ACCESS:
            raise InvalidToken("it is no access token")
        return AccessClaims(
            token_id=_text(payload, "jti"),
            user_id=_text(payload, "sub"),
            session_id=_text(payload, "sid"),
            issued_at=_time(payload, "iat"),
            expires_at=_time(payload, "exp"),
        )

    def _payload(self, token: str) -> dict[str, Any]:
        """What the token says, once signature, algorithm, issuer and audience are right."""
        if len(token) > MAX_TOKEN or not token.isascii():
            raise InvalidToken("it is malformed")
        try:
            key = self._keys[_kid(token.partition(".")[0])]
            return self._jwt.decode(
                token,
                key,
                algorithms=[ALGORITHM],
                issuer=self._issuer,
                audience=self._audience,
                options={
                    "require": list(REQUIRED),
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except KeyError:
            raise InvalidToken("it is signed with an unknown key") from None
        except jwt.PyJWTError as error:
            raise InvalidToken(_reason(error)) from None
        except RecursionError:  # a header of a thousand brackets
            raise InvalidToken("it is malformed") from None


@lru_cache(maxsize=64)
def _kid(header: str) -> str:
    """The key that a token's header names: all tokens of one key have the same header. Raises jwt.PyJWTError."""
    return str(jwt.get_unverified_header(f"{header}.e30.AA").get("kid"))


def _name(secret: bytes) -> str:
    """A key's `kid`: the same in every process that has the key, and of no use to one that has not."""
    return hashlib.sha256(b"shopcore key id\x00" + secret).hexdigest()[:16]


def _text(payload: dict[str, Any], claim: str) -> str:
    value = payload[claim]
    if not isinstance(value, str) or not value:
        raise InvalidToken("it is malformed")
    return value


def _time(payload: dict[str, Any], claim: str) -> datetime:
    value = payload[claim]
    if type(value) is not int:
        raise InvalidToken("it is malformed")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        raise InvalidToken("it is malformed") from None


def _reason(error: jwt.PyJWTError) -> str:
    if isinstance(error, jwt.InvalidSignatureError):
        return "its signature is wrong"
    if isinstance(error, jwt.InvalidAlgorithmError):
        return "it is signed with another algorithm"
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"it lacks {error.claim}"
    if isinstance(error, jwt.InvalidIssuerError | jwt.InvalidAudienceError):
        return "it was issued for another service"
    return "it is malformed"
