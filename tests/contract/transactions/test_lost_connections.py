"""A connection that is lost may hide a commit that was done: who may try again, and who must ask."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import Connection, event, text

from shopcore.carts.commands import AddItem
from shopcore.errors import StoreUnavailable
from shopcore.idempotency import Key
from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import raised
from shopcore_testing.samples import a_level, stock_up
from stores import Opened

pytestmark = pytest.mark.parametrize("open_store", ["postgresql"], indirect=True)


def cut(opened: Opened, connection: Connection) -> None:
    """What a network does: the server ends the session, the client learns of it by its next word."""
    pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    with psycopg.connect(opened.url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def connection_of(tx: Transaction) -> Connection:
    connection: Connection = tx.stock._connection  # type: ignore[attr-defined]
    return connection


def add_one(opened: Opened, runs: list[int], *, cut_in: int) -> Callable[[Transaction], str]:
    """Work whose connection is lost, in run number `cut_in`, when all is done but the commit."""

    def work(tx: Transaction) -> str:
        runs.append(1)
        tx.stock.change({"mug": (1, 0)})
        if len(runs) == cut_in:
            cut(opened, connection_of(tx))
        return "done"

    return work


def level(store: Store) -> int:
    return store.write(lambda tx: tx.stock.lock(["mug"]))["mug"].on_hand


def test_a_lost_connection_is_unavailable_and_the_work_is_not_run_again(opened: Opened) -> None:
    stock_up(opened.store, a_level("mug", 5))
    runs: list[int] = []

    refusal = raised(lambda: opened.store.write(add_one(opened, runs, cut_in=1)))

    assert isinstance(refusal, StoreUnavailable)
    assert len(runs) == 1
    assert level(opened.store) == 5


def test_a_connection_that_is_lost_while_much_is_sent_at_once_is_unavailable_too(opened: Opened) -> None:
    stock_up(opened.store, a_level("mug", 5))

    def work(tx: Transaction) -> None:
        cut(opened, connection_of(tx))
        with tx.together():
            tx.stock.change({"mug": (1, 0)})
            tx.stock.change({"mug": (1, 0)})

    assert isinstance(raised(lambda: opened.store.write(work)), StoreUnavailable)
    assert level(opened.store) == 5


def test_work_that_a_key_protects_is_run_again_on_a_new_connection(opened: Opened) -> None:
    stock_up(opened.store, a_level("mug", 5))
    runs: list[int] = []

    assert opened.store.write(add_one(opened, runs, cut_in=1), repeatable=True) == "done"

    assert len(runs) == 2
    assert level(opened.store) == 6


def test_all_idle_connections_may_be_gone_and_the_next_request_says_so_at_worst_once(opened: Opened) -> None:
    stock_up(opened.store, a_level("mug", 5))
    level(opened.store)
    with psycopg.connect(opened.url.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    first = raised(lambda: level(opened.store))

    assert first is None or isinstance(first, StoreUnavailable)
    assert level(opened.store) == 5


def test_a_commit_whose_answer_was_lost_is_found_again_by_its_key(opened: Opened, store: Store) -> None:
    """The transaction is committed, the client does not hear of it: the rerun replays the first answer."""
    shop = Shop(store)
    mug = shop.catalog.add_item(name="Mug", price="1.00", stock=5)
    key = Key(caller="ann", operation="add", value="k1", fingerprint="f")
    lost: list[int] = []

    def lose_the_answer(connection: Connection) -> None:
        if not lost:
            lost.append(1)
            connection.exec_driver_sql("COMMIT; BEGIN")  # the transaction is done, and the client believes that it runs
            cut(opened, connection)

    event.listen(opened.sql._writer, "commit", lose_the_answer)
    [outcome] = shop.carts.handle([AddItem(owner="ann", item_id=mug.id, key=key)])
    event.remove(opened.sql._writer, "commit", lose_the_answer)

    assert lost
    assert outcome.replayed
    assert shop.carts.get("ann").lines[0].quantity == 1
    assert shop.inventory.explain(mug.id).level.held == 1
