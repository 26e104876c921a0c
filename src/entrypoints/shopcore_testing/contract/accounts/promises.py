"""What the stores promise to accounts, asked of their repositories directly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from shopcore.accounts.model import RefreshToken, Session, User
from shopcore.errors import LostRace, StoreBusy
from shopcore.paging import PageRequest
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import NOON, at_once

ANN = User(id="u1", username="Ann", name_folded="ann", password_hash="hash", created_at=NOON)
BOB = User(id="u2", username="Bob", name_folded="bob", password_hash="hash", created_at=NOON)
SESSION = Session(id="s1", user_id="u1", created_at=NOON, expires_at=NOON + timedelta(days=1))
TOKEN = RefreshToken(token_hash="t1", session_id="s1", issued_at=NOON, expires_at=NOON + timedelta(days=1))
NEXT = RefreshToken(token_hash="t2", session_id="s1", issued_at=NOON, expires_at=NOON + timedelta(days=2))


@pytest.fixture
def store(raw_store: Store) -> Store:
    """What is written here makes no sense to the auditor, who knows hashes and sessions of the active only."""
    return raw_store


@pytest.fixture(autouse=True)
def two_users(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.users.add([ANN, BOB])
        tx.sessions.add(SESSION, TOKEN)

    store.write(work)


def loses(store: Store, work: Callable[[Transaction], None]) -> bool:
    """Whether the work loses its race each time it is tried."""
    lost = []

    def watched(tx: Transaction) -> None:
        try:
            work(tx)
        except LostRace:
            lost.append(work)
            raise

    with pytest.raises(StoreBusy):
        store.write(watched)
    return len(lost) > 1


def test_users_are_found_by_id_and_by_name_many_at_a_time(store: Store) -> None:
    with store.read() as tx:
        assert tx.users.get(["u1", "u2", "u3"]) == {"u1": ANN, "u2": BOB}
        assert tx.users.by_name(["bob", "zoe"]) == {"bob": BOB}
        assert tx.users.get([]) == tx.users.by_name([]) == {}


def test_a_name_belongs_to_one_user(store: Store) -> None:
    assert loses(store, lambda tx: tx.users.add([replace(ANN, id="u3", username="ANN")]))
    with store.read() as tx:
        assert tx.users.page(PageRequest()).total == 2


def test_a_user_is_kept_as_he_was_saved(store: Store) -> None:
    changed = replace(
        ANN, display_name="Ann Lee", email="a@b.cd", role="admin", password_hash="other", status="disabled"
    )

    store.write(lambda tx: tx.users.save([changed, BOB.erased()]))

    with store.read() as tx:
        assert tx.users.get(["u1", "u2"]) == {"u1": changed, "u2": BOB.erased()}
        assert tx.users.by_name(["ann", "bob", ""]) == {"ann": changed}


def test_two_who_lock_a_user_take_turns(store: Store) -> None:
    def work(tx: Transaction) -> None:
        user = tx.users.lock(["u1"])["u1"]
        tx.users.save([replace(user, display_name=(user.display_name or "") + "x")])

    at_once(5, lambda _: store.write(work))

    with store.read() as tx:
        assert tx.users.get(["u1"])["u1"].display_name == "xxxxx"


def test_a_token_is_exchanged_once(store: Store) -> None:
    store.write(lambda tx: tx.sessions.exchange("t1", NOON, NEXT))

    assert loses(store, lambda tx: tx.sessions.exchange("t1", NOON, replace(NEXT, token_hash="t3")))
    assert loses(store, lambda tx: tx.sessions.exchange("t9", NOON, replace(NEXT, token_hash="t3")))

    used, session = locked(store, "t1")
    fresh, same = locked(store, "t2")
    assert (used, fresh) == (replace(TOKEN, used_at=NOON), NEXT)
    assert session == same == replace(SESSION, expires_at=NEXT.expires_at)
    assert store.write(lambda tx: tx.sessions.lock_token("t3")) is None


def locked(store: Store, token_hash: str) -> tuple[RefreshToken, Session]:
    found = store.write(lambda tx: tx.sessions.lock_token(token_hash))
    assert found is not None
    return found


def test_a_session_ends_once(store: Store) -> None:
    later = NOON + timedelta(hours=1)

    store.write(lambda tx: tx.sessions.end(["s1", "s9"], NOON))
    store.write(lambda tx: tx.sessions.end(["s1"], later))
    store.write(lambda tx: tx.sessions.end_all("u1", later))

    with store.read() as tx:
        assert tx.sessions.callers(["s1", "s9"]) == {"s1": (replace(SESSION, ended_at=NOON), ANN)}


def test_all_sessions_of_a_user_end_but_the_one_that_is_spared(store: Store) -> None:
    def more(tx: Transaction) -> None:
        for number, user in (("2", "u1"), ("3", "u1"), ("4", "u2")):
            session = replace(SESSION, id=f"s{number}", user_id=user)
            tx.sessions.add(session, replace(TOKEN, token_hash=f"t{number}", session_id=session.id))

    store.write(more)
    store.write(lambda tx: tx.sessions.end_all("u1", NOON, except_session="s2"))

    with store.read() as tx:
        found = tx.sessions.callers(["s1", "s2", "s3", "s4"])
    assert {name: session.ended_at for name, (session, _) in found.items()} == {
        "s1": NOON,
        "s2": None,
        "s3": NOON,
        "s4": None,
    }


def test_a_write_that_fails_leaves_no_trace(store: Store) -> None:
    def work(tx: Transaction) -> None:
        tx.users.add([replace(ANN, id="u3", name_folded="zoe")])
        tx.users.save([ANN.erased()])
        tx.sessions.exchange("t1", NOON, NEXT)
        tx.sessions.end_all("u1", NOON)
        tx.sessions.forget(NOON + timedelta(days=9), limit=9)
        raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        store.write(work)

    with store.read() as tx:
        assert tx.users.by_name(["ann", "bob", "zoe"]) == {"ann": ANN, "bob": BOB}
        assert tx.sessions.callers(["s1"]) == {"s1": (SESSION, ANN)}
    assert locked(store, "t1") == (TOKEN, SESSION)
