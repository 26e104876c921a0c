"""Every test here is about any store: it runs on each of them, and leaves nothing wrong behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from account_shop import Watch
from postgres import PostgresCluster
from shopcore.shop import Shop
from shopcore.store import Store
from stores import KINDS, Opened, OpenStore, StoreKind, in_memory, migrate, must_be_sound, on_postgresql, on_sqlite


@pytest.fixture(scope="session")
def fast_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where a commit does not wait for a disk, if there is such a place."""
    memory = Path("/dev/shm")
    parent = memory if os.access(memory, os.W_OK) else tmp_path_factory.mktemp("sqlite")
    with TemporaryDirectory(dir=parent, prefix="shopcore-sqlite-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def sqlite_template(fast_folder: Path) -> Path:
    """A SQLite file of the current version, to copy: that is faster than to migrate each time."""
    file = fast_folder / "template.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest) -> OpenStore:
    """Opens fresh stores of one kind, as many as the test wants."""
    kind: StoreKind = request.param
    if kind == "memory":
        return in_memory
    if kind == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return lambda: on_sqlite(template, template.with_name(f"{uuid4().hex}.db"))
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    current = cluster.template("current", migrate)
    return lambda: on_postgresql(cluster.database(template=current))


@pytest.fixture
def tries(request: pytest.FixtureRequest, examples: int) -> int:
    """How many examples a long story is told with: more where a shop costs nothing, fewer where it is a server's."""
    kind: StoreKind = request.node.callspec.params["open_store"]
    return {"memory": 8 * examples, "sqlite": examples, "postgresql": max(1, examples // 2)}[kind]


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
