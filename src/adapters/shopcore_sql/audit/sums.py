"""What the auditor's statements are made of.

A book is one GROUP BY over a UNION ALL of everything that names its subject: an outer join of any number of tables,
in one pass over each, on databases that have no FULL JOIN too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    case,
    cast,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)

from shopcore_sql.schema import journal
from shopcore_sql.types import Id

Column = ColumnElement[Any]


class Arm:
    """Rows of `source` that name the subject, and the columns that they contribute."""

    def __init__(self, source: FromClause, *where: Column, **given: Any) -> None:
        self.source = source
        self.where = where
        self.given: dict[str, Column] = {
            name: value if isinstance(value, ColumnElement) else literal(value) for name, value in given.items()
        }

    def select(self, columns: dict[str, Any]) -> Select[Any]:
        """The arm with all `columns`, by name and type; NULL where it contributes nothing."""
        given = [self.given.get(name, cast(null(), kind)).label(name) for name, kind in columns.items()]
        return select(*given).select_from(self.source).where(*self.where)


def union(*arms: Arm) -> Subquery:
    """All rows of `arms`, with all their columns."""
    columns = {name: value.type for arm in reversed(arms) for name, value in arm.given.items()}
    return union_all(*(arm.select(columns) for arm in arms)).subquery()


def total(column: Column) -> Column:
    """The sum as a plain integer, 0 over nothing; PostgreSQL's own sum of 64-bit integers is a decimal."""
    return cast(func.coalesce(func.sum(column), 0), BigInteger)


def totals(rows: Subquery, *names: str) -> list[Column]:
    return [total(rows.c[name]).label(name) for name in names]


def ones(rows: Subquery, *names: str) -> list[Column]:
    """Of columns with at most one value for each subject: that value."""
    return [func.max(rows.c[name]).label(name) for name in names]


def agree(columns: Sequence[Column]) -> Column:
    """Whether each of `columns` has one value only; NULL is none."""
    agreed: Column = true()
    for column in columns:
        agreed = agreed & func.coalesce(func.min(column) == func.max(column), true())
    return agreed


def when(condition: Column, value: Any = 1) -> Column:
    """`value` where `condition` holds, else NULL."""
    return case((condition, value))


def number(*path: str) -> Column:
    """A number from the data of a journal entry."""
    return cast(_text(path), BigInteger)


def word(*path: str) -> Column:
    """A text from the data of a journal entry, sorted like an id."""
    return cast(_text(path), Id)


def _text(path: tuple[str, ...]) -> Column:
    text: Column = journal.c.data[path if len(path) > 1 else path[0]].as_string()
    return text
