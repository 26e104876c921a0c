"""Names, passwords, tokens and erasure, decided without a store."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from shopcore.accounts import rules
from shopcore.accounts.model import PERSONAL, AccessClaims, Caller, RefreshToken, Session, User
from shopcore.errors import InvalidInput, InvalidToken
from shopcore.idempotency import Key, fingerprint

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = User(id="u1", username="Ann", name_folded="ann", password_hash="hash", created_at=NOON)
SESSION = Session(id="s1", user_id="u1", created_at=NOON, expires_at=NOON + DAY)
TOKEN = RefreshToken(token_hash="t1", session_id="s1", issued_at=NOON, expires_at=NOON + DAY)
CLAIMS = AccessClaims(
    token_id="j1", user_id="u1", session_id="s1", issued_at=NOON, expires_at=NOON + timedelta(hours=1)
)


@pytest.mark.parametrize(
    "name",
    ["ann", "x" * 64, "Ann Lee", "ann@shop.example", "Zoë", "Zoe\u0308", "李小龙", "\uff21\uff2e\uff2e", "o'neill-1_2"],
)
def test_these_names_can_be_had(name: str) -> None:
    assert rules.username_fault(name) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "ab",
        "x" * 65,
        "x" * 2_000_000,
        " ann",
        "ann ",
        "\u00a0ann",
        "an\x00n",
        "an\nn",
        "an\u200bn",
        "an\u202en",
        "an\u00adn",
        "an\ufeffn",
        "an\ufe0fn",
        "an\u3164n",
        "an\u2800n",
        "an\u034fn",
        "an\U000e0101n",
        "an\ud800n",
        "an\ue000n",
        "an\u0378",
        "\ufdfa" * 4,
        "a\u0308\u0304",
    ],
)
def test_these_names_cannot(name: str) -> None:
    assert rules.username_fault(name) is not None


@pytest.mark.parametrize(
    ("one", "other"), [("Ann", "aNN"), ("Straße", "STRASSE"), ("\uff21\uff2e\uff2e", "ann"), ("Zoë", "ZOE\u0308")]
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert rules.folded(one) == rules.folded(other)


def test_nobody_is_found_by_a_name_that_nobody_can_have() -> None:
    assert rules.folded("x" * 65) is None


@pytest.mark.parametrize("password", ["12345678", "p" * 128, "correct horse battery staple", "пароль-пароль"])
def test_these_passwords_will_do(password: str) -> None:
    assert rules.password_fault(password) is None


@pytest.mark.parametrize("password", ["", "1234567", "p" * 129, "p" * 2_000_000, "1234567\x00", "1234567\udc00"])
def test_these_passwords_will_not(password: str) -> None:
    assert rules.password_fault(password) is not None


def test_a_password_is_the_same_however_its_accents_were_typed() -> None:
    assert rules.typed("caf\u00e9 caf\u00e9") == rules.typed("cafe\u0301 cafe\u0301")


@pytest.mark.parametrize("email", ["a@b.cd", "ann+tag@mail.shop.example", "ann@münchen.example"])
def test_these_are_email_addresses(email: str) -> None:
    assert rules.email_fault(email) is None


@pytest.mark.parametrize(
    "email",
    ["ann", "@b.cd", "a@b", "a@.cd", "a@b.", "a@b..cd", "a b@c.de", "a@b.cd\n", "a@b@c.de", "a@" + "b" * 255 + ".cd"],
)
def test_these_are_not(email: str) -> None:
    assert rules.email_fault(email) is not None


def test_a_display_name_may_hold_anything_that_prints() -> None:
    assert rules.display_name_fault("Ann 👩\u200d🚒 of the Shop") is None
    assert rules.display_name_fault("Ann\nfrom: root") is not None
    assert rules.display_name_fault("x" * 201) is not None


def test_every_fault_is_told_at_once() -> None:
    faults = {"username": rules.username_fault("a"), "email": None, "password": rules.password_fault("b")}

    with pytest.raises(InvalidInput) as refused:
        rules.refuse_faults(faults)

    assert refused.value.field == "username"
    assert [error["field"] for error in refused.value.errors] == ["username", "password"]


def test_a_fresh_token_is_good() -> None:
    assert rules.judge(TOKEN, SESSION, ANN, NOON) == "good"


def test_a_token_is_of_no_use_once_it_expired_or_its_session_ended() -> None:
    long = replace(SESSION, expires_at=NOON + 9 * DAY)
    assert rules.judge(TOKEN, long, ANN, NOON + DAY) == "expired"
    assert rules.judge(TOKEN, replace(SESSION, ended_at=NOON), ANN, NOON) == "ended"
    assert rules.judge(TOKEN, SESSION, ANN, NOON + DAY) == "ended"
    assert rules.judge(TOKEN, SESSION, replace(ANN, status="disabled"), NOON) == "ended"


def test_a_used_token_is_a_theft_even_when_it_is_late() -> None:
    used = replace(TOKEN, used_at=NOON)
    assert rules.judge(used, SESSION, ANN, NOON) == "reused"
    assert rules.judge(used, SESSION, ANN, NOON + 9 * DAY) == "reused"


def test_a_caller_has_the_role_that_he_has_now() -> None:
    promoted = replace(ANN, role="sales")
    caller = rules.caller(CLAIMS, (SESSION, promoted), NOON)
    assert caller == Caller(user_id="u1", username="Ann", role="sales", session_id="s1")


@pytest.mark.parametrize(
    "found",
    [
        None,
        (replace(SESSION, ended_at=NOON), ANN),
        (replace(SESSION, expires_at=NOON), ANN),
        (SESSION, replace(ANN, status="disabled")),
        (SESSION, ANN.erased()),
        (replace(SESSION, user_id="u2"), replace(ANN, id="u2")),
    ],
)
def test_nobody_calls_with_a_session_that_is_over_or_not_his(found: tuple[Session, User] | None) -> None:
    assert isinstance(rules.caller(CLAIMS, found, NOON), InvalidToken)


def test_each_field_of_a_user_is_either_personal_or_known_to_say_nothing() -> None:
    harmless = {"id", "role", "status", "created_at"}
    assert {field.name for field in fields(User)} == set(PERSONAL) | harmless


def test_an_erased_user_says_nothing() -> None:
    known = replace(ANN, display_name="Ann Lee", email="ann@shop.example")

    erased = known.erased()

    assert erased.status == "erased"
    assert all(not getattr(erased, name) for name in PERSONAL)
    assert (erased.id, erased.created_at) == (known.id, known.created_at)


def test_a_users_text_does_not_show_his_hash() -> None:
    assert "hash'" not in repr(ANN)


def test_a_key_keeps_no_trace_of_the_password() -> None:
    body = b'{"username":"ann","password":"correct horse"}'
    key = Key(caller="", operation="sign_up", value="k1", fingerprint=fingerprint(body))

    kept = rules.without_secrets(key, username="ann", email=None)

    assert kept.fingerprint != key.fingerprint
    assert kept == rules.without_secrets(replace(key, fingerprint="other"), username="ann", email=None)
    assert kept != rules.without_secrets(key, username="bob", email=None)
