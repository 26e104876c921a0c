"""Stores that reach PostgreSQL through PgBouncer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pgbouncer import NoPgBouncer, PgBouncer, find_pgbouncer, running_pgbouncer
from postgres import PostgresCluster
from shopcore_testing.fixtures import contents, doom, elsewhere, opened, raw_store, shop, store, watch
from stores import OpenStore, migrate, on_postgresql

__all__ = ["contents", "doom", "elsewhere", "opened", "raw_store", "shop", "store", "watch"]


@pytest.fixture(scope="session")
def pgbouncer(request: pytest.FixtureRequest) -> Iterator[PgBouncer]:
    """In front of the tests' server. Skips where there is no such program, and says so."""
    try:
        find_pgbouncer()
    except NoPgBouncer as error:
        pytest.skip(str(error))
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    with running_pgbouncer(cluster.url) as running:
        yield running


@pytest.fixture
def open_store(pgbouncer: PgBouncer, postgres_cluster: PostgresCluster) -> OpenStore:
    """Opens fresh stores behind PgBouncer."""
    current = postgres_cluster.template("current", migrate)

    @contextmanager
    def database() -> Iterator[str]:
        with postgres_cluster.database(template=current) as url:
            yield pgbouncer.url(url)

    return lambda: on_postgresql(database())


@pytest.fixture
def contract_examples(examples: int) -> int:
    return max(1, examples // 5)
