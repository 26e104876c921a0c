"""Column types and expressions that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Boolean, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, TypeEngine

from shopcore.text import storable

Id = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that sorts by code point everywhere, as Python does."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Counter = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key that counts up by itself."""


class Moment(TypeDecorator[datetime]):
    """An aware UTC time to the microsecond: timestamptz on PostgreSQL, ISO 8601 text on SQLite, which sorts."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        kind = TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        return None if dialect.name == "postgresql" else _read_iso  # its sessions are in UTC, see engine.py


def _read_iso(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


class Arrayed(TypeDecorator[Sequence[Any]]):
    """Many values of a type as one array of PostgreSQL, sent as that array's text.

    The driver can do this too, value by value in Python: that took a fifth of all the time of a batch of adds.
    """

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(self.item))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        if isinstance(self.item, Moment):
            return lambda moments: _bare_array(map(_moment, moments))
        return array_text if isinstance(self.item, Text) else _bare_array


_moment = lru_cache(maxsize=8192)(str)
"""A time as text. A batch has one time for all it does, and carts bring theirs again and again."""


def _bare_array(values: Iterable[Any]) -> str:
    """An array of numbers, truths or times, which need no quotes."""
    return "{" + ",".join(map(str, values)).replace("None", "NULL") + "}"


def array_text(values: Iterable[Any]) -> str:
    r"""An array as PostgreSQL reads it: `{7,NULL,"a \"quoted\" text"}`.

    None is NULL; a number, a truth and a time are what `str` makes of them.
    """
    many = list(values)
    quoted = '"' + '","'.join(map(str, many)) + '"'
    if not many or None in many or "\\" in quoted or quoted.count('"') != 2 * len(many):
        return "{" + ",".join(["NULL" if value is None else _element(str(value)) for value in many]) + "}"
    return "{" + quoted + "}"


def _element(text: str) -> str:
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


class Texts(TypeDecorator[Iterable[str]]):
    """Many texts as one parameter: an array on PostgreSQL, a JSON list on SQLite.

    A text that no database can hold is left out: no row has it.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        as_one = array_text if dialect.name == "postgresql" else json.dumps
        return lambda texts: as_one(sorted(filter(storable, texts or ())))


class one_of(FunctionElement[bool]):  # noqa: N801 (a function of SQL)
    """Whether a column is one of many texts: `one_of(column, texts("ids"))` is one statement for any number."""

    name = "one_of"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """Stay as it is: `(… IN …) = 1`, which SQLAlchemy makes of it on SQLite, would pass every index by."""
        return self


def texts(name: str) -> BindParameter[Any]:
    """A parameter that takes any number of texts."""
    return bindparam(name, type_=Texts())


@compiles(one_of, "postgresql")
def _any_of_array(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({many})"


@compiles(one_of)
def _in_json_list(element: one_of, compiler: SQLCompiler, **options: Any) -> str:
    column, many = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({many}))"  # noqa: S608 (both are compiled, not given)
