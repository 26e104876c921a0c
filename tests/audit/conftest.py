"""Stores to be audited: as they are made, and a shop as its database holds it, in tables that refuse nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from busy_shop import busy_shop
from postgres import PostgresCluster
from shop_copies import Rows, read_rows
from shopcore_sql import SqlStore
from stores import KINDS, Opened, in_memory, migrate, on_postgresql, on_sqlite


@pytest.fixture(params=KINDS)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    with ExitStack() as stack:
        if request.param == "memory":
            yield stack.enter_context(in_memory())
        elif request.param == "sqlite":
            migrate(f"sqlite:///{tmp_path}/template.db")
            yield stack.enter_context(on_sqlite(tmp_path / "template.db", tmp_path / "shop.db"))
        else:
            cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
            yield stack.enter_context(on_postgresql(cluster.database(template=cluster.template("current", migrate))))


@pytest.fixture(scope="session")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """All that is stored of a busy shop."""
    with closing(SqlStore(f"sqlite:///{tmp_path_factory.mktemp('busy')}/shop.db")) as store:
        busy_shop(store)
        return read_rows(store.url)


@pytest.fixture(scope="session")
def loose_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """One database for all tests: each makes it hold what it needs."""
    with closing(SqlStore(f"sqlite:///{tmp_path_factory.mktemp('loose')}/shop.db", migrate=False)) as store:
        yield store


@pytest.fixture(scope="session")
def loose_postgresql(postgres_cluster: PostgresCluster) -> Iterator[SqlStore]:
    """One database for all tests: each makes it hold what it needs."""
    with postgres_cluster.database() as url, closing(SqlStore(url)) as store:
        yield store
