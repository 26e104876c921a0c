"""Access tokens: ours, in time and of the right class, or refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from shopcore.accounts.model import AccessClaims
from shopcore.errors import InvalidToken, NotConfigured
from shopcore_security import JwtTokens
from shopcore_security.tokens import SKEW

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECRET, NEXT = b"a secret of thirty-two bytes ...", b"another secret of 32 bytes ....."
CLAIMS = AccessClaims(
    token_id="j1", user_id="u1", session_id="s1", issued_at=NOON, expires_at=NOON + timedelta(minutes=60)
)


def tokens(*secrets: bytes, now: datetime = NOON, leeway: int = 0, issuer: str = "shopcore") -> JwtTokens:
    return JwtTokens(secrets or [SECRET], clock=lambda: now, leeway=timedelta(seconds=leeway), issuer=issuer)


def kid(*secrets: bytes) -> str:
    return str(jwt.get_unverified_header(tokens(*secrets).issue_access(CLAIMS))["kid"])


def forged(
    *,
    secret: bytes = SECRET,
    algorithm: str = "HS256",
    header: dict[str, Any] | None = None,
    drop: str | None = None,
    **claims: Any,
) -> str:
    payload: dict[str, Any] = {
        "iss": "shopcore",
        "aud": "shopcore",
        "sub": "u1",
        "iat": int(NOON.timestamp()),
        "exp": int(NOON.timestamp()) + 3600,
        "jti": "j1",
        "typ": "access",
        "sid": "s1",
        **claims,
    }
    payload.pop(drop or "", None)
    return jwt.encode(payload, secret, algorithm=algorithm, headers={"kid": kid(), **(header or {})})


def unsigned(header: Any, payload: Any = None) -> str:
    head, body = (
        base64.urlsafe_b64encode(part if isinstance(part, bytes) else json.dumps(part).encode()).rstrip(b"=").decode()
        for part in (header, payload or {})
    )
    return f"{head}.{body}."


def test_a_token_says_what_was_put_into_it() -> None:
    assert tokens().read_access(tokens().issue_access(CLAIMS)) == CLAIMS


def test_a_token_carries_the_claims_that_clients_are_promised() -> None:
    token = tokens().issue_access(CLAIMS)
    payload = jwt.decode(token, options={"verify_signature": False})
    assert set(payload) == {"iss", "aud", "sub", "exp", "iat", "jti", "typ", "sid"}
    assert set(jwt.get_unverified_header(token)) == {"alg", "typ", "kid"}


def test_the_forger_of_these_tests_can_make_a_good_token() -> None:
    assert tokens().read_access(forged()) == CLAIMS


def test_a_token_works_until_its_last_moment_and_not_a_moment_longer() -> None:
    token = tokens().issue_access(CLAIMS)
    tokens(now=CLAIMS.expires_at - timedelta(microseconds=1)).read_access(token)
    with pytest.raises(InvalidToken, match="expired"):
        tokens(now=CLAIMS.expires_at).read_access(token)


def test_a_token_that_was_good_before_expires_all_the_same() -> None:
    now = [NOON]
    one = JwtTokens([SECRET], clock=lambda: now[0])
    token = one.issue_access(CLAIMS)
    assert one.read_access(token) == one.read_access(token) == CLAIMS

    now[0] = CLAIMS.expires_at

    with pytest.raises(InvalidToken, match="expired"):
        one.read_access(token)


def test_the_time_is_the_shops_and_not_the_machines() -> None:
    past = replace(CLAIMS, issued_at=NOON.replace(year=1999), expires_at=NOON.replace(year=2001))
    future = replace(CLAIMS, issued_at=NOON.replace(year=2199), expires_at=NOON.replace(year=2201))
    assert tokens(now=NOON.replace(year=2000)).read_access(tokens().issue_access(past)) == past
    assert tokens(now=NOON.replace(year=2200)).read_access(tokens().issue_access(future)) == future


def test_a_machine_whose_clock_is_behind_takes_what_another_has_just_issued() -> None:
    token = tokens().issue_access(CLAIMS)

    tokens(now=NOON - SKEW).read_access(token)

    with pytest.raises(InvalidToken, match="not valid yet"):
        tokens(now=NOON - SKEW - timedelta(seconds=1)).read_access(token)


def test_a_leeway_forgives_clocks_that_disagree() -> None:
    token = tokens().issue_access(CLAIMS)
    tokens(now=CLAIMS.expires_at + timedelta(seconds=4), leeway=5).read_access(token)
    tokens(now=NOON - timedelta(seconds=14), leeway=15).read_access(token)
    with pytest.raises(InvalidToken, match="expired"):
        tokens(now=CLAIMS.expires_at + timedelta(seconds=5), leeway=5).read_access(token)
    with pytest.raises(InvalidToken, match="not valid yet"):
        tokens(now=NOON - timedelta(seconds=16), leeway=15).read_access(token)


def test_a_new_secret_signs_while_the_old_one_still_verifies() -> None:
    old, new = tokens(SECRET).issue_access(CLAIMS), tokens(NEXT, SECRET).issue_access(CLAIMS)

    both = tokens(NEXT, SECRET)

    assert both.read_access(old) == both.read_access(new) == CLAIMS
    assert tokens(NEXT).read_access(new) == CLAIMS
    with pytest.raises(InvalidToken, match="unknown key"):
        tokens(NEXT).read_access(old)


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (forged(typ="refresh"), "no access token"),
        (forged(typ=None), "it lacks typ"),
        (forged(typ=["access"]), "no access token"),
        (forged(secret=NEXT), "signature"),
        (forged(header={"kid": "another"}), "unknown key"),
        (forged(header={"kid": kid(NEXT)}), "unknown key"),
        (forged(secret=SECRET * 2, algorithm="HS512"), "algorithm"),
        (unsigned({"alg": "none", "typ": "JWT", "kid": kid()}, {"sub": "u1"}), "algorithm|malformed"),
        (unsigned({"alg": "none", "typ": "JWT"}), "unknown key"),
        (forged(iss="somebody"), "another service"),
        (forged(aud="somebody"), "another service"),
        (forged(sub=7), "malformed"),
        (forged(sub=""), "malformed"),
        (forged(sid=7), "malformed"),
        (forged(exp=1e400), "malformed"),
        (forged(exp="soon"), "malformed"),
        (forged(exp=True), "malformed"),
        (forged(exp=10**30), "malformed"),
        (forged(iat=-(10**30)), "malformed"),
        (forged(header={"crit": ["b64"], "b64": False}), "malformed"),
        *((forged(drop=name), f"lacks {name}") for name in ("iss", "aud", "sub", "exp", "iat", "jti", "typ", "sid")),
    ],
)
def test_a_token_that_is_not_quite_ours_is_refused(token: str, reason: str) -> None:
    with pytest.raises(InvalidToken, match=reason):
        tokens().read_access(token)


@pytest.mark.parametrize(
    "mangle",
    [
        lambda token: token[:-1],
        lambda token: token[1:],
        lambda token: token[: len(token) // 2],
        lambda token: token.rsplit(".", 1)[0],
        lambda token: token.rsplit(".", 1)[0] + ".",
        lambda token: token + "." + token,
        lambda token: token.replace(".", " "),
        lambda token: token + "A" * 5000,
        lambda token: token + "é",
        lambda token: token + "\ud800",
        lambda token: "\x00" + token,
        lambda token: "",
        lambda token: "..",
        lambda token: "a.b.c",
    ],
)
def test_a_token_that_was_damaged_on_its_way_is_refused(mangle: Callable[[str], str]) -> None:
    with pytest.raises(InvalidToken):
        tokens().read_access(mangle(tokens().issue_access(CLAIMS)))


@pytest.mark.parametrize("header", [b"[" * 3000, b"\xff\xfe", b"[]", b"null", b'{"kid":7}', b'{"kid":"x","kid":"y"}'])
def test_a_header_of_nonsense_is_refused(header: bytes) -> None:
    with pytest.raises(InvalidToken):
        tokens().read_access(unsigned(header))


def test_every_changed_byte_is_noticed() -> None:
    token = tokens().issue_access(CLAIMS)
    last = len(token) - 1
    for at in range(len(token)):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        if at == last and base64.urlsafe_b64decode(changed.rsplit(".")[-1] + "=") == base64.urlsafe_b64decode(
            token.rsplit(".")[-1] + "="
        ):
            continue
        with pytest.raises(InvalidToken):
            tokens().read_access(changed)


def test_a_token_of_another_shop_with_the_same_secret_is_refused() -> None:
    with pytest.raises(InvalidToken, match="another service"):
        tokens().read_access(tokens(issuer="other").issue_access(CLAIMS))


@pytest.mark.parametrize("secrets", [[], [b""], [b"x" * 31], [SECRET, b"short"]])
def test_a_secret_that_could_be_guessed_is_refused(secrets: list[bytes]) -> None:
    with pytest.raises(NotConfigured, match="32 bytes"):
        JwtTokens(secrets)
