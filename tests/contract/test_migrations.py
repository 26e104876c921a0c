"""The migrations lead to the tables that the program works with, and the database itself stands behind the rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from shopcore import Shop
from shopcore_sql.engine import make_engine, parse
from shopcore_sql.migrate import _config, newest, version, versions
from shopcore_sql.schema import metadata
from shopcore_testing.accounts import Watch
from stores import SQL, Opened, OpenStore

pytestmark = pytest.mark.parametrize("open_store", SQL, indirect=True)


@pytest.fixture
def database(open_store: OpenStore) -> Iterator[Connection]:
    """A connection that may write, to a shop that has sold something."""
    with open_store() as opened:
        fill(opened)
        engine = make_engine(parse(opened.url), pool_size=1, statement_timeout_ms=0)
        with engine.execution_options(shopcore_writes=True).connect() as connection:
            yield connection
            connection.rollback()
        engine.dispose()


def fill(opened: Opened) -> None:
    shop = Shop(opened.store, clock=Watch())
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=5)
    shop.carts.add_item("ann", mug.id, 2)
    shop.checkout.place_order("ann")
    shop.carts.add_item("ann", mug.id, 1)


def names_no_table_of_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    """What the migrations make by hand, each database in its own way: the indexes of words."""
    found = name or ""
    return not (kind == "table" and found.startswith("items_fts")) and found not in ("search_vector", "ix_items_search")


def differences(connection: Connection) -> list[Any]:
    options = {"include_object": names_no_table_of_ours, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_migrations_and_tables_agree(database: Connection) -> None:
    assert differences(database) == []


def test_every_check_of_the_tables_is_in_the_database(database: Connection) -> None:
    found = {check["name"] for table in metadata.tables for check in inspect(database).get_check_constraints(table)}

    wanted = {
        constraint.name
        for table in metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }

    assert {str(name) for name in wanted} <= {str(name) for name in found}


def test_the_files_of_the_migrations_are_named_as_they_follow_each_other(database: Connection) -> None:
    scripts = ScriptDirectory.from_config(_config(database)).walk_revisions()
    assert versions() == tuple(script.revision for script in scripts)[::-1]


def test_down_and_up_again_leads_to_the_same(database: Connection) -> None:
    with database.begin():
        command.downgrade(_config(database), "base")
        assert version(database) == ""

        command.upgrade(_config(database), "head")

        assert version(database) == newest()
        assert differences(database) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stock SET held = -1",
        "UPDATE stock SET held = on_hand + 1",
        "UPDATE cart_lines SET quantity = 0",
        "UPDATE cart_lines SET quantity = 1000",
        "INSERT INTO carts (id, owner, status, version, removals, currency, opened_at, changed_at)"
        " SELECT 'x', owner, status, version, removals, currency, opened_at, changed_at FROM carts"
        " WHERE status = 'active'",
        "INSERT INTO orders (id, owner, cart_id, created_at, currency, subtotal, discount, total, discounts)"
        " SELECT 'x', owner, cart_id, created_at, currency, subtotal, discount, total, discounts FROM orders",
        "UPDATE orders SET total = 1",
        "DELETE FROM orders",
        "UPDATE order_lines SET name = 'another'",
        "DELETE FROM order_lines",
        "UPDATE order_events SET reason = 'another'",
        "DELETE FROM order_events",
        "UPDATE journal SET actor = 'another'",
        "DELETE FROM journal",
        "INSERT INTO journal (operation, kind, at, actor, on_hand, held, data)"
        " SELECT operation, kind, at, actor, on_hand, held, data FROM journal",
    ],
)
def test_the_database_itself_refuses(database: Connection, statement: str) -> None:
    with pytest.raises(DBAPIError):
        database.execute(text(statement))
