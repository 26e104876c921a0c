"""What a pooler that knows nothing of sessions asks of us."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import Connection, text

from pgbouncer import SESSIONS, PgBouncer
from postgres import PostgresCluster
from shopcore.carts.commands import AddItem, RemoveItem
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_sql import SqlStore
from shopcore_sql.engine import LOCK_TIMEOUT_MS, READ_TIMEOUT_MS, WRITE_TIMEOUT_MS
from shopcore_sql.migrate import bring_up, look, newest
from shopcore_testing.racing import race
from stores import Opened

LIMITS = text("SELECT name, setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout', 'jit')")
MANY = 30


@pytest.fixture
def empty(pgbouncer: PgBouncer, postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The URL of an empty database behind PgBouncer."""
    with postgres_cluster.database() as url:
        yield pgbouncer.url(url)


def limits(connection: Connection) -> dict[str, str]:
    return {row.name: row.setting for row in connection.execute(LIMITS)}


def test_transactions_of_one_connection_come_to_several_sessions(opened: Opened) -> None:
    with opened.sql._reader.connect() as one, opened.sql._reader.connect() as other:
        with one.begin(), other.begin():
            pass
        sessions = set()
        for _ in range(SESSIONS):
            with one.begin():
                sessions.add(one.execute(text("SELECT pg_backend_pid()")).scalar_one())

    assert len(sessions) > 1


def test_every_transaction_has_its_limits_and_no_session_keeps_them(opened: Opened) -> None:
    for _ in range(2 * SESSIONS):
        with opened.sql._writer.begin() as connection:
            writing = limits(connection)
        with opened.sql._reader.begin() as connection:
            reading = limits(connection)
            connection.exec_driver_sql("COMMIT")
            outside = limits(connection)

        assert writing == {
            "lock_timeout": str(LOCK_TIMEOUT_MS),
            "statement_timeout": str(WRITE_TIMEOUT_MS),
            "jit": "off",
        }
        assert reading == {
            "lock_timeout": str(LOCK_TIMEOUT_MS),
            "statement_timeout": str(READ_TIMEOUT_MS),
            "jit": "off",
        }
        assert outside == {"lock_timeout": "0", "statement_timeout": "0", "jit": "on"}


def test_nothing_is_prepared_here_and_elsewhere_it_is(opened: Opened, postgres_cluster: PostgresCluster) -> None:
    prepared = text("SELECT count(*) FROM pg_prepared_statements")

    def left(store: SqlStore) -> int:
        with store._reader.connect() as connection:
            for _ in range(MANY):
                with connection.begin():
                    connection.execute(text("SELECT 1"))
            with connection.begin():
                return int(connection.execute(prepared).scalar_one())

    with postgres_cluster.database() as url:
        direct = SqlStore(url, migrate=True)
        found = left(opened.sql), left(direct)
        direct.close()

    assert found[0] == 0
    assert found[1] > 0


def test_an_empty_database_is_brought_up_by_two_at_once(empty: str) -> None:
    answers = race([lambda: bring_up(empty), lambda: bring_up(empty)])

    assert sorted(map(str, answers)) == sorted(map(str, [("", newest()), (newest(), newest())]))
    assert look(empty) == newest()


def test_a_dry_run_of_migrations_leaves_nothing(empty: str) -> None:
    assert bring_up(empty, rehearse=True) == ("", newest())

    assert look(empty) == ""


def test_a_long_export_and_an_audit_are_of_one_moment_while_others_sell(shop: Shop) -> None:
    for number in range(MANY):
        shop.catalog.add_item(item_id=f"i{number}", name="Mug", price="1.00", stock=100)
    owners = [f"o{number}" for number in range(MANY)]
    for number in range(MANY):
        shop.carts.handle([AddItem(owner=owner, item_id=f"i{number}") for owner in owners])
        shop.carts.handle([RemoveItem(owner=owner, item_id=f"i{number}") for owner in owners])

    export = shop.removals.export()
    exported = [next(export)]
    seller = Thread(target=lambda: [shop.carts.add_item("late", f"i{number}") for number in range(MANY)])
    seller.start()
    shop.carts.handle([AddItem(owner="after", item_id="i0"), RemoveItem(owner="after", item_id="i0")])
    report = shop.auditor.run()
    exported += export
    seller.join()

    assert report.clean
    assert len(exported) == MANY * MANY
    assert "after" not in {removal.owner for removal in exported}
    assert shop.removals.list(None, PageRequest(limit=1)).total == MANY * MANY + 1
