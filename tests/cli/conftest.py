from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from shopcore.shop import Shop
from shopcore_settings import load, open_shop
from shopcore_testing.sound import must_be_sound
from stores import migrate
from terminal import Terminal


@pytest.fixture(scope="session")
def current_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the current version, to copy."""
    file = tmp_path_factory.mktemp("current") / "shop.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in an empty folder; its shop is not there yet."""
    monkeypatch.chdir(tmp_path)
    return Terminal(folder=tmp_path, settings={"SHOPCORE_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}"})


@pytest.fixture
def terminal(nowhere: Terminal, current_file: Path) -> Terminal:
    """A terminal in a folder with an empty shop."""
    shutil.copy(current_file, nowhere.folder / "shop.db")
    return nowhere


@pytest.fixture
def shop(terminal: Terminal) -> Iterator[Shop]:
    """The shop that the terminal works on; it must be sound in the end."""
    shop = open_shop(load(terminal.settings), logins=False)
    yield shop
    must_be_sound(shop.store)
    shop.close()
