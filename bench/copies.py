"""A shop as large as one likes in a minute: what one shopper left behind, copied by the database.

Whatever carries the mark (ids, names, what the journal says) carries the number of the copy instead, so that the copies
are as real as what they are copies of: the audit, which believes nothing, finds nothing wrong with a million of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count

import psycopg
from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects import postgresql

from shopcore import Shop
from shopcore_sql import SqlStore
from shopcore_sql.schema import (
    cart_lines,
    carts,
    items,
    journal,
    order_events,
    order_lines,
    orders,
    removals,
    stock,
)

MARK = "x0000000"
"""What every id of an original begins with: one word to the search, and of the length of its copies' marks."""

LIVES: Sequence[Table] = (carts, cart_lines, orders, order_lines, order_events, removals, journal)
ITEMS: Sequence[Table] = (items, stock, journal)
COUNTED = {"number", "position"}
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def originals(store: SqlStore) -> Shop:
    """A shop in which all that is new is marked."""
    numbers = count(1)
    return Shop(store, make_id=lambda: f"{MARK}-{next(numbers):04}")


def copy_lives(url: str, first: int, last: int) -> None:
    """Copy all marked carts and what followed from them, and move the stock that they moved as often."""
    with _loading(url) as connection:
        for table in LIVES:
            connection.execute(_copied(table), {"first": first, "last": last})
        connection.execute(MOVED, {"times": last - first + 1, "mark": f"%{MARK}%"})


def copy_items(url: str, first: int, last: int) -> None:
    """Copy all marked items with their stock. What the catalog is listed by must be recounted afterwards."""
    with _loading(url) as connection:
        for table in ITEMS:
            connection.execute(_copied(table), {"first": first, "last": last})


MOVED = """
UPDATE stock SET on_hand = stock.on_hand + moved.on_hand * %(times)s, held = stock.held + moved.held * %(times)s
FROM (SELECT item_id, sum(on_hand) AS on_hand, sum(held) AS held FROM journal
      WHERE cart_id LIKE %(mark)s AND item_id IS NOT NULL GROUP BY item_id) AS moved
WHERE moved.item_id = stock.item_id
"""


@contextmanager
def _loading(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")  # copies need no checks, and no triggers
            connection.execute("SET LOCAL synchronous_commit = off")
            yield connection
        connection.execute("VACUUM ANALYZE")


def _copied(table: Table) -> str:
    given = [column for column in table.columns if not _numbered(table, column)]
    values = ", ".join(_copy(column) for column in given)
    marked = " OR ".join(f"{column.name}::text LIKE '%%{MARK}%%'" for column in given)
    order = "copy, position" if table is journal else "copy"  # a hold is taken before it is given back
    return (
        f"INSERT INTO {table.name} ({', '.join(column.name for column in given)}) SELECT {values} "
        f"FROM {table.name}, generate_series(%(first)s::bigint, %(last)s::bigint) AS copy WHERE {marked} "
        f"ORDER BY {order}"
    )


def _numbered(table: Table, column: Column[object]) -> bool:
    return column.name in COUNTED and column.primary_key and len(table.primary_key) == 1


def _copy(column: Column[object]) -> str:
    kind = column.type.compile(DIALECT)
    marked = f"replace({column.name}::text, '{MARK}', 'x' || lpad(copy::text, 7, '0'))"
    if isinstance(column.type, Text):
        return marked
    if column is items.c.created_at:
        return "created_at - copy * interval '1 second'"  # new things of all kinds come in all the time
    return f"{marked}::jsonb" if kind == "JSONB" else column.name
