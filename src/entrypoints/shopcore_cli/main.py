"""The command `shopcore`: which commands there are, and what every one of them does when something goes wrong."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from shopcore_cli.apps import example
from shopcore_cli.edge import edge, prepare_process

COMMANDS: Final[Mapping[str, str]] = {
    "demo": "Serve a throw-away shop to play with.",
    "serve": "Serve the shop over HTTP.",
    "worker": "Take back what carts hold too long, until stopped.",
    "db": "The version of the database, and bringing it up to date.",
    "users": "Users of the shop: customers and staff.",
    "items": "What is for sale: import, export, list and count it.",
    "carts": "Carts, what happened to them, and what is in the way.",
    "removed": "What shoppers took out of their carts, to act on.",
    "stock": "How an item's stock came about, and who holds it.",
    "orders": "Orders, and taking them back.",
    "audit": "Check every rule that what is stored must keep.",
    "settings": "Print the effective settings.",
    "replay": "Put recorded events of real shoppers through the shop.",
    "prove": "Promises of the shop, put to the test on your own database.",
}
"""In the order of the help. Each stands in a module of its name, which is loaded when it is called for."""

HELP = """A shop from the command line.

The shop is the one that SHOPCORE_DATABASE_URL names (sqlite:///shopcore.db by default); `shopcore settings`
prints all settings. What is found goes to stdout, as a table or with --json as one JSON document; messages go to
stderr.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 configuration, 4 not found, 5 conflict with the state of the shop.
"""


class Loaded(dict[str, Any]):
    """Commands by name, each loaded when it is asked for, so that none waits for the libraries of the others."""

    def get(self, name: str, default: Any = None) -> Any:
        if name not in COMMANDS:
            return default
        command = typer.main.get_command(importlib.import_module(f"shopcore_cli.{name}").app)
        command.name = name
        return command


class Commands(TyperGroup):
    """The group of all commands: it knows their names and what to say of them without having loaded any."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.commands = Loaded((name, None) for name in COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: Any) -> Any:
        with edge():
            return super().invoke(ctx)


app = typer.Typer(
    cls=Commands,
    help=HELP,
    epilog=example("shopcore items import products.csv", "shopcore items list"),
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"shopcore {version('shopcore')}")
        raise typer.Exit


@app.callback()
def shopcore(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line of this process."""
    prepare_process()
    app(prog_name="shopcore")
