"""Statements that are made ready once, and then handed to PostgreSQL's driver as they are.

SQLAlchemy writes the SQL, and says how values go in and come out. What it does around each execution took as long as
all of the driver and the network: half of what a single command on a cart cost here (decision 54).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

log = logging.getLogger("shopcore.sql")

Values: TypeAlias = Mapping[str, Any]
Check: TypeAlias = Callable[[int], None]

PIPELINED = "shopcore_pipelined"
"""Whether a connection takes statements without waiting for answers in between."""
_CHECKS = "shopcore_checks"


class Prepared:
    """A statement to run with values for its parameters.

    On PostgreSQL it is told to the log `shopcore.sql`, as SQLAlchemy does not hear of it.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._form: _Form | None = None

    def rows(self, connection: Connection, values: Values) -> Sequence[Any]:
        """What is found, each row to be read by position."""
        if not is_postgresql(connection):
            return connection.execute(self._statement, values).all()
        form = self._ready(connection.dialect)
        with _failing_as_ever(connection, form.sql):
            rows: Sequence[Any] = form.execute(connection, values).fetchall()
            return rows

    def run(self, connection: Connection, values: Values, check: Check | None = None) -> None:
        """Change rows. `check` is told how many, inside `together` only at its end."""
        if not is_postgresql(connection):
            changed = connection.execute(self._statement, values).rowcount
            if check:
                check(changed)
            return
        form = self._ready(connection.dialect)
        with _failing_as_ever(connection, form.sql):
            cursor = form.execute(connection, values)
        if check is None:
            return
        if (later := connection.info.get(_CHECKS)) is None:
            check(cursor.rowcount)
        else:
            later.append(lambda: check(cursor.rowcount))

    def _ready(self, dialect: Dialect) -> _Form:
        if self._form is None:
            self._form = _Form(self._statement, dialect)
        return self._form


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """What is changed inside is sent without waiting for each answer; whatever went wrong is told at the end."""
    info = connection.info
    if not info.get(PIPELINED) or _CHECKS in info:
        yield
        return
    info[_CHECKS] = checks = list[Callable[[], None]]()
    try:
        with _failing_as_ever(connection, "statements sent together"), _driver(connection).pipeline():
            yield
    finally:
        del info[_CHECKS]
    for check in checks:
        check()


def tell(connection: Connection, sql: str) -> None:
    """Say something that has neither values nor an answer."""
    if not is_postgresql(connection):
        connection.exec_driver_sql(sql)
        return
    with _failing_as_ever(connection, sql):
        log.debug(sql)
        _driver(connection).cursor().execute(sql)


def is_postgresql(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


class _Form:
    """A statement as PostgreSQL's driver takes it."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self.sql, names = _numbered(str(compiled))
        writers = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()
        }
        self._parameters = [(name, compiled.params[name], writers[name]) for name in names]
        found = getattr(statement, "selected_columns", ())
        if any(column.type.dialect_impl(dialect).result_processor(dialect, None) for column in found):
            raise TypeError(f"not every column can be taken as the driver gives it: {self.sql}")

    def execute(self, connection: Connection, values: Values) -> Any:
        """A cursor with what was found or changed."""
        given = []
        for name, constant, write in self._parameters:
            value = values.get(name, constant)
            given.append(write(value) if write else value)
        log.debug(self.sql)
        return _cursor(_driver(connection)).execute(self.sql, given)


def _numbered(sql: str) -> tuple[str, list[str]]:
    """The statement with `$1` for `%(name)s`, as the server wants it, and the names: else the driver looks for them."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return re.sub(r"%\((\w+)\)s|%%", number, sql), names


def _cursor(driver: Any) -> Any:
    from psycopg import RawCursor  # noqa: PLC0415 (whoever has a connection has the driver)

    return RawCursor(driver)


@contextmanager
def _failing_as_ever(connection: Connection, sql: str) -> Iterator[None]:
    """Raise what the driver says as SQLAlchemy would, and have connections that are lost replaced."""
    dialect = connection.dialect
    driver: Any = dialect.dbapi
    try:
        yield
    except driver.Error as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        if lost:
            connection.invalidate(error)
            connection.engine.dispose()
        raise DBAPIError.instance(
            sql, None, error, driver.Error, hide_parameters=True, connection_invalidated=lost, dialect=dialect
        ) from error
