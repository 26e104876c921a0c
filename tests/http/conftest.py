from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from postgres import PostgresCluster
from shopcore.store import Store
from shopcore_memory import MemoryStore
from shopcore_sql import SqlStore
from shopcore_testing.sound import must_be_sound
from stores import migrate
from webshop import Web, webshop


@pytest.fixture
def web() -> Iterator[Web]:
    """A fresh shop in memory, served."""
    store = MemoryStore()
    with webshop(store) as web:
        yield web
    must_be_sound(store)


@pytest.fixture(scope="module")
def table() -> Iterator[Web]:
    """One shop for a whole table of requests that change nothing."""
    with webshop(MemoryStore()) as web:
        yield web


@pytest.fixture(params=["memory", "sqlite"])
def any_web(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Web]:
    """A fresh shop on each kind of store that needs no server."""
    store: Store = MemoryStore() if request.param == "memory" else SqlStore(f"sqlite:///{tmp_path / 'shop.db'}")
    with webshop(store) as web:
        yield web
    must_be_sound(store)
    store.close()


@pytest.fixture
def postgres_web(postgres_cluster: PostgresCluster) -> Iterator[Web]:
    """A fresh shop on PostgreSQL."""
    with postgres_cluster.database(template=postgres_cluster.template("current", migrate)) as url:
        store = SqlStore(url)
        with webshop(store) as web:
            yield web
        must_be_sound(store)
        store.close()
