"""Every store keeps the same promises: each test here runs once for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcore.store import Store
from shopcore_memory import MemoryStore
from shopcore_sql import SqlStore


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = _open(request, tmp_path)
    yield opened
    opened.close()


def _open(request: pytest.FixtureRequest, folder: Path) -> Store:
    match request.param:
        case "memory":
            return MemoryStore()
        case "sqlite":
            return SqlStore(f"sqlite:///{folder}/shop.db")
        case _:
            return SqlStore(request.getfixturevalue("postgres_url"), migrate=True)
