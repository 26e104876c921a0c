"""Our stores, for the suite that any store passes, and for tests of what only ours have inside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from postgres import PostgresCluster
from shopcore_testing.fixtures import contents, doom, elsewhere, opened, raw_store, shop, store, watch
from stores import KINDS, OpenStore, StoreKind, in_memory, migrate, on_postgresql, on_sqlite

__all__ = ["contents", "doom", "elsewhere", "opened", "raw_store", "shop", "store", "watch"]


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


@pytest.fixture
def opener(request: pytest.FixtureRequest) -> Callable[[StoreKind], OpenStore]:
    """Starts a server, or makes a template, only for who asks for that kind."""

    def opens(kind: StoreKind) -> OpenStore:
        if kind == "memory":
            return in_memory
        if kind == "sqlite":
            template: Path = request.getfixturevalue("sqlite_template")
            return lambda: on_sqlite(template, template.with_name(f"{uuid4().hex}.db"))
        cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
        current = cluster.template("current", migrate)
        return lambda: on_postgresql(cluster.database(template=current))

    return opens


@pytest.fixture(params=KINDS)
def open_store(request: pytest.FixtureRequest, opener: Callable[[StoreKind], OpenStore]) -> OpenStore:
    """Opens fresh stores of one kind, as many as the test wants."""
    return opener(request.param)


@pytest.fixture
def contract_examples(request: pytest.FixtureRequest, examples: int) -> int:
    """How many examples a long story is told with: more where a shop costs nothing, fewer where it is a server's."""
    kind: StoreKind = request.node.callspec.params["open_store"]
    return {"memory": 8 * examples, "sqlite": examples, "postgresql": max(1, examples // 2)}[kind]
