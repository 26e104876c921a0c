"""Help: every command explains itself, with an example, and waits for nothing it does not need."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest
import typer

from shopcore_cli.main import COMMANDS
from terminal import Terminal

HEAVY = (
    "shopcore",
    "shopcore_settings",
    "sqlalchemy",
    "alembic",
    "litestar",
    "msgspec",
    "granian",
    "rich",
    "xlsxwriter",
)


def paths() -> list[tuple[str, ...]]:
    """Every command, groups first."""
    found: list[tuple[str, ...]] = [()]
    for name in COMMANDS:
        command = typer.main.get_command(importlib.import_module(f"shopcore_cli.{name}").app)
        found.append((name,))
        found += [(name, each) for each in getattr(command, "commands", {})]
    return found


@pytest.mark.parametrize("path", paths(), ids=" ".join)
def test_the_help_of_every_command_has_an_example_that_names_it(nowhere: Terminal, path: tuple[str, ...]) -> None:
    ended = nowhere.run(*path, "--help")

    assert ended.code == 0
    example = ended.out.partition("Example:\n")[2]
    assert f"shopcore {' '.join(path)}".strip() in example
    assert all(len(line) <= 80 for line in ended.out.splitlines() if "shopcore" not in line)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_of_itself(nowhere: Terminal, name: str) -> None:
    words = COMMANDS[name]

    assert words in " ".join(nowhere.run("--help").out.split())
    assert words.rstrip(".") in " ".join(nowhere.run(name, "--help").out.split())


def test_every_command_of_the_contract_is_there() -> None:
    there = {" ".join(path) for path in paths()}

    assert there >= {
        *("demo", "serve", "worker", "db upgrade", "db status", "audit", "settings", "replay", "stock explain"),
        "prove oversell",
        *("users create", "users list", "users set-role", "users disable", "users erase"),
        *("items import", "items export", "items list", "items show", "items set-stock"),
        *("carts list", "carts show", "carts timeline", "carts explain"),
        *("removed list", "removed summary", "removed export", "orders list", "orders show", "orders cancel"),
    }


@pytest.mark.parametrize("words", [["--help"], ["items", "import", "--help"], ["demo", "--help"], ["nonsense"]])
def test_help_loads_nothing_that_only_work_needs(nowhere: Terminal, words: list[str]) -> None:
    script = (
        "import sys\n"
        "from shopcore_cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print('loaded', *[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, *words], capture_output=True, text=True, env=nowhere.environment(), check=False
    )

    assert done.stderr.splitlines()[-1] == "loaded"


def test_no_command_at_all_shows_the_help(nowhere: Terminal) -> None:
    ended = nowhere.run()

    assert ended.code == 2
    assert "Usage: shopcore" in ended.out + ended.err


def test_a_command_that_is_mistyped_names_the_nearest(nowhere: Terminal) -> None:
    ended = nowhere.run("itms")

    assert (ended.code, ended.out) == (2, "")
    assert "Did you mean 'items'?" in ended.err


def test_the_version_is_that_of_the_installation(nowhere: Terminal) -> None:
    ended = nowhere.run("--version")

    assert ended.code == 0
    assert ended.out.startswith("shopcore ")
