"""Writing sets of rows: one statement a set, in the form that each database runs fastest.

PostgreSQL takes a column of values as an array (`unnest`), so that a set is one statement and one round trip. SQLite
runs the statement of one row for each of them without leaving the process (`executemany`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    Table,
    TableValuedAlias,
    Text,
    Update,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import JSON

from shopcore_sql.prepared import Check, Prepared, is_postgresql, tell
from shopcore_sql.types import Arrayed

Row: TypeAlias = Mapping[str, Any] | tuple[Any, ...]
"""Values by the names of columns; or in the columns' order, which is quicker."""
Given = Mapping[str, ColumnElement[Any]]
"""The values of a row that is to be written, by name."""


class InsertSet:
    """Inserts rows of `table`. With `keys`, a row that is there already gets its other columns replaced."""

    def __init__(self, table: Table, *, keys: Sequence[str] = ()) -> None:
        self._columns = [column for column in table.c if column.autoincrement is not True]
        names = [column.name for column in self._columns]
        given = unnested(self._columns)
        in_order = select(*(given.c[name] for name in names)).order_by(given.c.nth)
        from_arrays = postgresql.insert(table).from_select(names, in_order)
        self._postgresql = Prepared(_replacing(from_arrays, keys, names))
        self._one = _replacing(sqlite.insert(table), keys, names)

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        if not rows:
            return
        if is_postgresql(connection):
            self._postgresql.run(connection, arrays(self._columns, rows))
        else:
            connection.execute(self._one, _named(self._columns, rows))


class EachSet:
    """Runs what `make` makes of one row's values, for many rows; no two of them may mean the same row of the table.

    A row's values have the names and types of `columns`.
    """

    def __init__(self, columns: Sequence[Column[Any]], make: Callable[[Given], Update | Delete]) -> None:
        self._columns = columns
        one = {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in columns}
        self._postgresql = Prepared(make(dict(unnested(columns).c.items())))
        self._one = make(one)

    def run(self, connection: Connection, rows: Sequence[Row], check: Check | None = None) -> None:
        """`check` is told how many rows were changed; see Prepared.run."""
        if not rows:
            return
        if is_postgresql(connection):
            self._postgresql.run(connection, arrays(self._columns, rows), check)
            return
        changed = connection.execute(self._one, _named(self._columns, rows, "new_")).rowcount
        if check:
            check(changed)


class ChangeSet(EachSet):
    """Updates the row of each `key`: sets `values`, or adds to the columns of `amounts`, where `guard` allows it.

    `guard` gets the columns as they would be, by name.
    """

    def __init__(
        self,
        table: Table,
        key: str,
        *,
        values: Sequence[str] = (),
        amounts: Sequence[str] = (),
        guard: Callable[[Given], ColumnElement[bool]] | None = None,
    ) -> None:
        def change(given: Given) -> Update:
            amount = {name: table.c[name] + given[name] for name in amounts}
            after = {**{name: given[name] for name in values}, **amount}
            statement = update(table).where(table.c[key] == given[key]).values(after)
            return statement.where(guard(after)) if guard else statement

        super().__init__([table.c[name] for name in (key, *values, *amounts)], change)


def planned_anew(connection: Connection) -> None:
    """Have what follows in a writing transaction planned for its own values: it finds rows by a range, not by a key."""
    if is_postgresql(connection):
        tell(connection, "SET LOCAL plan_cache_mode = auto; SET LOCAL enable_seqscan = on")


def _replacing(statement: Any, keys: Sequence[str], names: Iterable[str]) -> Any:
    if not keys:
        return statement
    replaced = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=replaced)


def unnested(columns: Sequence[Column[Any]]) -> TableValuedAlias:
    """Rows out of one array parameter for each of `columns`; `nth` is their order.

    The parameters are called `new_…`: SQLAlchemy keeps the columns' own names for itself.
    """
    names = [column.name for column in columns]
    return func.unnest(*map(_array, columns)).table_valued(*names, with_ordinality="nth").render_derived("given")


def arrays(columns: Sequence[Column[Any]], rows: Sequence[Row]) -> dict[str, Sequence[Any]]:
    """The rows as the parameters of `unnested`."""
    turned = zip(*_ordered(columns, rows), strict=True) if rows else [()] * len(columns)
    return {f"new_{column.name}": values for column, values in zip(columns, turned, strict=True)}


def _ordered(columns: Sequence[Column[Any]], rows: Sequence[Row]) -> Iterable[tuple[Any, ...]]:
    names = [column.name for column in columns]
    return [row if isinstance(row, tuple) else tuple([row[name] for name in names]) for row in rows]


def _named(columns: Sequence[Column[Any]], rows: Sequence[Row], prefix: str = "") -> list[dict[str, Any]]:
    names = [prefix + column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in _ordered(columns, rows)]


def _array(column: Column[Any]) -> ColumnElement[Any]:
    """A column's values as one parameter."""
    name = f"new_{column.name}"
    if not isinstance(column.type, JSON):
        return bindparam(name, type_=Arrayed(Text() if isinstance(column.type, Text) else column.type))
    each = select(func.jsonb_array_elements(bindparam(name, type_=JSONB()))).scalar_subquery()
    return func.array(each, type_=ARRAY(JSONB()))
