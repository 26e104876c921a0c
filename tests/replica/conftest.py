"""A real streaming replica of the tests' server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from postgres import PostgresCluster
from postgres_server import follow
from shopcore.shop import Shop
from shopcore_sql import SqlReplica, SqlStore
from stores import migrate
from streaming import Follower, OpenShop

WEEK = timedelta(days=7)


@pytest.fixture(scope="session")
def streaming(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The URL of a replica."""
    if postgres_cluster.programs is None:
        pytest.skip("a replica is made of a private server only, not of the one in SHOPCORE_TEST_DATABASE_URL")
    with ExitStack() as cleanup:
        yield follow(postgres_cluster.url, postgres_cluster.programs, cleanup)


@pytest.fixture
def empty(postgres_cluster: PostgresCluster, streaming: str) -> Iterator[Follower]:
    """An empty database and its replica."""
    with postgres_cluster.database() as url:
        follower = Follower(postgres_cluster.url, streaming, url)
        try:
            yield follower
        finally:
            follower.resume()


@pytest.fixture
def follower(empty: Follower) -> Follower:
    """A database of the current version and its replica, which has it too."""
    migrate(empty.primary)
    empty.catch_up()
    return empty


@pytest.fixture
def open_shop() -> Iterator[OpenShop]:
    """Opens a shop whose replica is looked at before each read, and may be a week behind."""
    with ExitStack() as stack:

        def opens(primary: str, replica: str, *, most_behind: timedelta = WEEK, look_seconds: float = 0) -> Shop:
            store = SqlStore(primary)
            copy = SqlReplica(store, replica, most_behind=most_behind, look_seconds=look_seconds)
            shop = Shop(store, replica=copy)
            stack.callback(shop.close)
            return shop

        yield opens
