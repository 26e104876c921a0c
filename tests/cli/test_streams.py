"""Data goes to stdout and messages to stderr, and neither is lost, garbled or half written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from shopcore.shop import Shop
from terminal import COMMAND, PATIENCE, Terminal, ended

MANY = 1500


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory, current_file: Path) -> Path:
    """A folder with a shop that has more items than fit in a pipe, and the file they came from."""
    folder = tmp_path_factory.mktemp("stock")
    shutil.copy(current_file, folder / "shop.db")
    lines = (f'{{"id": "i{number}", "name": "Item {number}", "price": 1.5}}\n' for number in range(MANY))
    (folder / "many.jsonl").write_text("".join(lines))
    database = Terminal(folder=folder, settings={"SHOPCORE_DATABASE_URL": f"sqlite:///{folder / 'shop.db'}"})
    assert database.run("items", "import", folder / "many.jsonl").code == 0
    return folder


@pytest.fixture
def stocked(nowhere: Terminal, stock: Path) -> Terminal:
    shutil.copytree(stock, nowhere.folder, dirs_exist_ok=True)
    return nowhere


def test_off_a_terminal_there_is_plain_text_on_stdout_and_nothing_else(stocked: Terminal) -> None:
    ended = stocked.process("items", "list", "--limit", "2", "--sort", "name")

    assert ended.code == 0
    assert ended.out == (
        "id  name       price  stock  sku  category\n"
        "i0  Item 0  1.50 EUR      -    -         -\n"
        "i1  Item 1  1.50 EUR      -    -         -\n"
    )
    assert ended.err == f"Page 1 of {MANY // 2}, {MANY} items in all; --page 2 for more.\n"


def test_at_a_terminal_the_table_is_drawn_and_names_do_nothing_to_it(terminal: Terminal, shop: Shop) -> None:
    shop.catalog.add_item(item_id="odd", name="Mug\x1b[2J [bold]x[/bold]", price="7.50")

    shown = terminal.at_a_terminal("items", "list", columns=90)

    assert shown.code == 0
    assert "\x1b[1m" in shown.out
    assert r"Mug\x1b[2J [bold]x[/bold]" in shown.out
    assert "\x1b[2J" not in shown.out


def test_no_color_is_honoured(terminal: Terminal, shop: Shop) -> None:
    shop.catalog.add_item(name="Mug", price="7.50")

    shown = terminal.at_a_terminal("items", "list", NO_COLOR="1")

    assert "Mug" in shown.out
    assert "\x1b[3" not in shown.out


def test_a_narrow_terminal_gets_one_line_for_each_column(terminal: Terminal, shop: Shop) -> None:
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50")

    shown = terminal.at_a_terminal("items", "list", columns=30)

    assert "id        mug\nname      Mug\nprice     7.50 EUR\n" in shown.out


def test_progress_is_shown_at_a_terminal_only(stocked: Terminal) -> None:
    at_a_terminal = stocked.at_a_terminal("items", "import", "many.jsonl")
    elsewhere = stocked.process("items", "import", "many.jsonl")

    assert "Importing" in at_a_terminal.out
    assert f"unchanged  {MANY}" in at_a_terminal.out
    assert elsewhere.err == ""


def test_who_has_read_enough_ends_the_command_quietly(stocked: Terminal) -> None:
    process = stocked.start("items", "export")
    assert process.stdout is not None
    first = process.stdout.readline()
    process.stdout.close()

    assert process.wait(timeout=PATIENCE) == 141
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert first.startswith('{"id": "i0"')


@pytest.mark.parametrize(
    "words",
    [
        ["items", "list"],
        ["items", "list", "--json"],
        ["items", "export"],
        ["items", "export", "-o", "/dev/full"],
        ["removed", "export"],
        ["removed", "export", "--format", "ndjson", "-o", "/dev/full"],
        ["settings"],
    ],
    ids=" ".join,
)
def test_a_full_disk_is_one_line_and_no_success(terminal: Terminal, shop: Shop, words: list[str]) -> None:
    shop.catalog.add_item(name="Mug", price="7.50")
    shop.carts.add_item("ann", shop.catalog.list().items[0].id)
    shop.carts.clear("ann")
    with Path("/dev/full").open("w") as full:
        process = terminal.start(*words, stdout=full.fileno())
        _, err = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert err == "Error: the output cannot be written: No space left on device; make room and try again\n"


def test_a_file_that_cannot_be_written_is_left_as_it_was(stocked: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    file = stocked.folder / "out.jsonl"
    file.write_text("what was there")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shopcore.catalog.feeds.jsonl._json", fail)
    ended = stocked.run("items", "export", "-o", file)

    assert ended.code == 1
    assert file.read_text() == "what was there"
    assert {path.name for path in stocked.folder.glob("*out*")} == {"out.jsonl"}
    assert list(stocked.folder.glob(".out*")) == []


def test_a_file_has_its_name_only_once_it_is_complete(stocked: Terminal) -> None:
    ended = stocked.run("items", "export", "-o", "out.jsonl")

    assert ended.code == 0
    assert (stocked.folder / "out.jsonl").read_text().count("\n") == MANY
    assert list(stocked.folder.glob(".*")) == []


def test_a_link_stays_a_link_and_its_file_is_replaced(stocked: Terminal) -> None:
    (stocked.folder / "real").mkdir()
    (stocked.folder / "real" / "out.jsonl").write_text("old")
    (stocked.folder / "link.jsonl").symlink_to(stocked.folder / "real" / "out.jsonl")

    stocked.run("items", "export", "-o", "link.jsonl")

    assert (stocked.folder / "link.jsonl").is_symlink()
    assert (stocked.folder / "real" / "out.jsonl").read_text().count("\n") == MANY


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_command_that_is_stopped_leaves_no_half_of_a_file(stocked: Terminal, number: int, code: int) -> None:
    pipe = stocked.folder / "pipe"
    os.mkfifo(pipe)
    process = stocked.start("items", "import", pipe)
    with pipe.open("w") as lines:
        lines.write('{"id": "new", "name": "New", "price": 1}\n' * 3)
        lines.flush()
        time.sleep(0.5)
        stopped = ended(process, number)

    assert stopped.code == code
    assert "Traceback" not in stopped.err
    assert stocked.run("items", "show", "new").code == 4


def test_json_is_one_document_whatever_is_said_beside_it(stocked: Terminal) -> None:
    done = stocked.process("items", "list", "--json")

    assert done.document["total"] == MANY
    assert done.err == ""


def test_a_closed_stdout_is_no_reason_for_a_traceback(terminal: Terminal) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *COMMAND, "settings"],
        env=terminal.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert "Traceback" not in done.stderr
