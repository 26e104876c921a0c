"""How a command ends: 0 done, 1 failed, 2 wrong usage, 3 configuration, 4 not found, 5 conflict."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path

import pytest

from shopcore.errors import (
    Conflict,
    Denied,
    Invalid,
    InvalidInput,
    ItemNotFound,
    NotFound,
    OutOfStock,
    ShopError,
    StoreBusy,
    StoreOutdated,
    Unauthenticated,
    Unavailable,
)
from shopcore.shop import Shop
from shopcore_cli.failures import EXIT_CODES, Failed, failure
from shopcore_settings import ConfigurationError
from source_tree import module_names
from terminal import Terminal

FAMILIES: dict[type[ShopError], int] = {
    Invalid: 2,
    Unauthenticated: 1,
    Denied: 1,
    NotFound: 4,
    Conflict: 5,
    Unavailable: 1,
}


def subclasses(root: type[ShopError]) -> Iterator[type[ShopError]]:
    for child in root.__subclasses__():
        yield child
        yield from subclasses(child)


def test_every_error_of_the_shop_has_the_exit_code_of_its_family_or_one_of_its_own() -> None:
    for name in module_names():
        import_module(name)
    codes = {error: _code(error) for error in subclasses(ShopError)}

    own = {error: code for error, code in EXIT_CODES.items() if error not in FAMILIES}
    for error, code in codes.items():
        family = next(family for family in FAMILIES if issubclass(error, family))
        assert code == own.get(error, FAMILIES[family]), error


def _code(error: type[ShopError]) -> int:
    return EXIT_CODES[next(ancestor for ancestor in error.__mro__ if ancestor in EXIT_CODES)]


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (ItemNotFound("mug"), 4, "Error: there is no item mug"),
        (OutOfStock("mug", 3, 1), 5, "Error: item mug: 3 requested, 1 available"),
        (
            InvalidInput("a", "x", [{"field": "a", "reason": "x"}, {"field": "b", "reason": "y"}]),
            2,
            "Error: a: x\nError: b: y",
        ),
        (ConfigurationError("one", "two"), 3, "Error: one\nError: two"),
        (StoreOutdated("1", "2", "run: x"), 3, "Error: the database is at version 1, this program needs 2: run: x"),
        (FileNotFoundError(errno.ENOENT, "No such file", "a.csv"), 4, "Error: there is no file or folder a.csv"),
        (PermissionError(errno.EACCES, "Permission denied", "a.csv"), 1, "Error: a.csv: Permission denied"),
        (Failed("no"), 1, "Error: no"),
        (Failed("no", 5), 5, "Error: no"),
    ],
)
def test_a_failure_is_told_in_a_line_for_each_fault(error: Exception, code: int, words: str) -> None:
    assert failure(error) == (words, code)


def test_a_busy_store_and_a_full_disk_say_what_to_do() -> None:
    busy = failure(StoreBusy())
    full = failure(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))

    assert busy is not None
    assert "another program is writing" in busy[0]
    assert full is not None
    assert "make room and try again" in full[0]


def test_a_bug_is_no_failure_that_could_be_foreseen() -> None:
    assert failure(ValueError("a bug")) is None
    assert failure(ModuleNotFoundError("no module named shopcore_typo", name="shopcore_typo")) is None


def test_a_library_that_is_missing_is_told_with_the_extra_that_brings_it() -> None:
    assert failure(ModuleNotFoundError("no", name="xlsxwriter")) == (
        "Error: xlsxwriter is not installed; run: pip install 'shopcore[xlsx]'",
        3,
    )


def test_an_unknown_setting_is_an_error_of_configuration(nowhere: Terminal) -> None:
    ended = nowhere.run("items", "list", HOLD_MINUTE="5")

    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "Error: SHOPCORE_HOLD_MINUTE is no setting of shopcore; did you mean SHOPCORE_HOLD_MINUTES?\n"
    assert list(nowhere.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://host/shop", 3),
        ("nonsense", 3),
        ("sqlite://", 3),
        ("sqlite:////no/such/folder/shop.db", 3),
        ("postgresql://127.0.0.1:1/shop", 1),
    ],
)
def test_a_database_that_cannot_be_one_is_told_in_one_line(nowhere: Terminal, url: str, code: int) -> None:
    ended = nowhere.run("items", "list", DATABASE_URL=url)

    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("Error: ")
    assert ended.err.count("\n") == 1


def test_a_file_that_is_no_database_is_told_and_left_alone(nowhere: Terminal) -> None:
    file = nowhere.folder / "shop.db"
    file.write_text("dear diary")

    ended = nowhere.run("items", "list")

    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "Error: the database is no shop's: file is not a database (see SHOPCORE_DATABASE_URL)\n"
    assert file.read_text() == "dear diary"


def test_another_programs_database_is_told_and_left_alone(nowhere: Terminal) -> None:
    file = nowhere.folder / "shop.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript("CREATE TABLE diary (day TEXT)")
    before = file.read_bytes()

    for words in (["audit"], ["items", "list", "--json"], ["worker", "--once"], ["prove", "oversell"]):
        ended = nowhere.run(*words)

        assert (ended.code, ended.out) == (3, "")
        assert ended.err.startswith(
            "Error: the database is no shop's: it has tables of another program (diary); to add "
        )
        assert ended.err.count("\n") == 1
    assert file.read_bytes() == before


def test_a_shop_moves_in_with_another_program_when_that_is_asked_for(nowhere: Terminal) -> None:
    with closing(sqlite3.connect(nowhere.folder / "shop.db")) as connection:
        connection.executescript("CREATE TABLE diary (day TEXT)")

    assert nowhere.run("db", "upgrade").code == 0

    assert nowhere.run("audit").code == 0


def test_a_database_of_a_newer_version_is_refused(terminal: Terminal) -> None:
    with _raw(terminal) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    ended = terminal.run("items", "list")

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("Error: the database is at version 9999, this program needs ")
    assert ended.err.endswith(": it was made by a newer shopcore: upgrade the program\n")


def test_a_locked_file_is_waited_for_and_then_told(
    terminal: Terminal, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shopcore_sql.engine.SQLITE_BUSY_SECONDS", 0.01)
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=3)
    with _raw(terminal) as connection:
        connection.execute("BEGIN IMMEDIATE")

        reading = terminal.run("items", "list")
        writing = terminal.run("items", "set-stock", mug.id, "5", "--reason", "count")

    assert reading.code == 0
    assert writing.code == 1
    assert writing.err.startswith("Error: the store is busy")
    assert shop.catalog.get(mug.id).stock == 3


def test_usage_that_makes_no_sense_is_explained_and_does_nothing(terminal: Terminal) -> None:
    for words in (["items", "list", "--page", "0"], ["items", "list", "--limit", "101"], ["users", "erase"]):
        ended = terminal.run(*words)

        assert (ended.code, ended.out) == (2, "")
        assert "Error: " in ended.err


def test_arguments_that_are_no_text_find_nothing(terminal: Terminal) -> None:
    assert terminal.process("items", "show", os.fsdecode(b"\xff")).code in (2, 4)
    assert terminal.process("carts", "list", "--user", os.fsdecode(b"\xff")).code in (0, 2)


@contextmanager
def _raw(terminal: Terminal) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(terminal.folder / "shop.db", isolation_level=None)
    try:
        yield connection
    finally:
        connection.close()


def test_a_file_that_is_not_there_is_not_found_and_makes_no_shop(nowhere: Terminal) -> None:
    ended = nowhere.run("items", "import", "none.csv")

    assert (ended.code, ended.err) == (4, "Error: there is no file or folder none.csv\n")
    assert list(nowhere.folder.iterdir()) == []


def test_looking_at_a_shop_that_is_not_there_makes_none(nowhere: Terminal) -> None:
    for words in (["items", "list"], ["audit"], ["removed", "export"], ["carts", "show", "ann"]):
        ended = nowhere.run(*words)

        assert (ended.code, ended.out) == (3, "")
        assert "`shopcore db upgrade` makes one" in ended.err
    assert list(nowhere.folder.iterdir()) == []


def test_putting_something_into_a_shop_makes_one_and_says_so(nowhere: Terminal) -> None:
    ended = nowhere.run("items", "import", "-", stdin='{"name": "Mug", "price": 7.5}')

    assert ended.code == 0
    assert "made an empty one" in ended.err
    assert nowhere.document("items", "list")["total"] == 1


def test_a_dry_run_makes_no_shop_where_there_is_none(nowhere: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "items.jsonl"
    file.write_text('{"name": "Mug", "price": 7.5}\n')

    ended = nowhere.run("items", "import", file, "--dry-run", "--json")

    assert ended.document["added"] == 1
    assert not (nowhere.folder / "shop.db").exists()
