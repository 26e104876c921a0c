"""Every test here is about any store: it runs on each of them, and leaves nothing wrong behind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from account_shop import Watch
from postgres import PostgresCluster
from shopcore.shop import Shop
from shopcore.store import Store
from stores import KINDS, Opened, OpenStore, StoreKind, in_memory, migrate, must_be_sound, on_postgresql, on_sqlite


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the current version, to copy: that is faster than to migrate each time."""
    file = tmp_path_factory.mktemp("template") / "shop.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    """Opens fresh stores of one kind, as many as the test wants."""
    kind: StoreKind = request.param
    if kind == "memory":
        return in_memory
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        numbers = count()
        return lambda: on_sqlite(template, tmp_path / f"shop{next(numbers)}.db")
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    current = cluster.template("current", migrate)
    return lambda: on_postgresql(cluster.database(template=current))


@pytest.fixture
def opened(open_store: OpenStore) -> Iterator[Opened]:
    """A fresh store with what a test may want to know of it; afterwards no connection may be left out."""
    with open_store() as opened:
        yield opened
        opened.must_hold_no_connection()


@pytest.fixture
def raw_store(opened: Opened) -> Store:
    """A store that the test writes to past the rules, so that its content makes no sense to the auditor."""
    return opened.store


@pytest.fixture
def store(opened: Opened) -> Iterator[Store]:
    """A store that holds a sound shop, before and after the test."""
    yield opened.store
    must_be_sound(opened.store)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def shop(store: Store, watch: Watch) -> Shop:
    return Shop(store, clock=watch)
