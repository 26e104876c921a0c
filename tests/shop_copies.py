"""What is stored of a shop, in tables that refuse nothing: for tests that plant what no store would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import URL, Column, Connection, Engine, MetaData, NullPool, Table, create_engine

from shopcore.accounts.model import RefreshToken, Session, User
from shopcore.carts.model import Cart, Hold, Line
from shopcore.catalog.model import Item
from shopcore.codec import from_plain
from shopcore.idempotency import Answered
from shopcore.inventory.model import Level
from shopcore.journal.model import Entry
from shopcore.money import Money
from shopcore.orders.model import Discount, Order, OrderEvent, OrderLine
from shopcore.removals.model import Removal
from shopcore_memory import MemoryStore
from shopcore_sql.schema import metadata

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]
"""The rows of each table."""

LOOSE = MetaData()
for _table in metadata.sorted_tables:
    Table(_table.name, LOOSE, *(Column(column.name, column.type) for column in _table.c))


@cache
def _engine(url: URL) -> Engine:
    """Cached for the statements that it has compiled; it keeps no connection."""
    return create_engine(url, poolclass=NullPool)


@contextmanager
def connected(url: URL) -> Iterator[Connection]:
    with _engine(url).begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
        yield connection


def read_rows(url: URL) -> Rows:
    """All rows of the database, in the order of their first columns."""
    with connected(url) as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(table.select().order_by(*table.c[:1]))]
            for table in LOOSE.sorted_tables
        }


def write_rows(url: URL, rows: Rows) -> None:
    """Make an empty database, or one that was written so before, hold just `rows`, in tables without any constraint."""
    with connected(url) as connection:
        LOOSE.create_all(connection)
        for table in LOOSE.sorted_tables:
            connection.execute(table.delete())
            if rows[table.name]:
                connection.execute(table.insert(), rows[table.name])


def in_memory(rows: Rows) -> MemoryStore:
    """A store in memory that holds `rows`; where keys are not unique, it holds all of them but finds only one."""
    store = MemoryStore()
    state = store._state
    for user in rows["users"]:
        state.users.put(user["id"], User(**user))
    for session in rows["sessions"]:
        state.sessions.put(session["id"], Session(**session))
    for token in rows["refresh_tokens"]:
        state.tokens.put(token["token_hash"], RefreshToken(**token))
    for item in rows["items"]:
        price = Money(item["price"], item["currency"])
        state.items.put(item["id"], Item(id=item["id"], name=item["name"], price=price, created_at=item["created_at"]))
    for level in rows["stock"]:
        state.levels.put(level["item_id"], Level(**level))
    for cart in _carts(rows):
        state.carts.put(cart.id, cart)
    for order in _orders(rows):
        state.orders.put(order.id, order)
    for number, removal in enumerate(rows["removals"]):
        state.removals.put(str(number), _removal(removal))
    for entry in rows["journal"]:
        state.entries.put(str(entry["position"]), Entry(**entry))
    for number, answer in enumerate(rows["idempotency_keys"]):
        state.keys.put(("", "", str(number)), Answered(value=answer["key"], **_less(answer, "key")))
    state.undo.clear()
    return store


def _carts(rows: Rows) -> Iterator[Cart]:
    lines: defaultdict[str, dict[str, Line]] = defaultdict(dict)
    for row in rows["cart_lines"]:
        until = row["hold_until"]
        lines[row["cart_id"]][row["item_id"]] = Line(
            **{name: row[name] for name in ("item_id", "quantity", "price_revision", "added_at", "lapse")},
            seen_price=Money(row["seen_price"], row["currency"]),
            hold=Hold(id=row["hold_id"], since=row["hold_since"], until=until) if row["hold_id"] else None,
        )
    for row in rows["carts"]:
        yield Cart(**row, lines=lines[row["id"]])


def _orders(rows: Rows) -> Iterator[Order]:
    currencies = {row["id"]: row["currency"] for row in rows["orders"]}
    lines: defaultdict[str, list[tuple[int, OrderLine]]] = defaultdict(list)
    events: defaultdict[str, list[tuple[int, OrderEvent]]] = defaultdict(list)
    amounts = ("unit_price", "line_total", "discount")
    for row in rows["order_lines"]:
        money: Row = {name: Money(row[name], currencies[row["order_id"]]) for name in amounts}
        line = OrderLine(**_less(row, "order_id", "position", *amounts), **money)
        lines[row["order_id"]].append((row["position"], line))
    for row in rows["order_events"]:
        events[row["order_id"]].append((row["position"], OrderEvent(**_less(row, "order_id", "position"))))
    for row in rows["orders"]:
        sums: Row = {name: Money(row[name], row["currency"]) for name in ("subtotal", "discount", "total")}
        yield Order(
            **{**row, **sums, "discounts": tuple(from_plain(Discount, discount) for discount in row["discounts"])},
            lines=tuple(line for _, line in sorted(lines[row["id"]], key=lambda pair: pair[0])),
            history=tuple(event for _, event in sorted(events[row["id"]], key=lambda pair: pair[0])),
        )


def _removal(row: Row) -> Removal:
    return Removal(**_less(row, "unit_price", "currency"), unit_price=Money(row["unit_price"], row["currency"]))


def _less(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}
