"""How commands are declared: plain help that wraps nowhere it must not, and an example at its end."""

from __future__ import annotations

import typer


def single() -> typer.Typer:
    """An app of one command."""
    return typer.Typer(add_completion=False, rich_markup_mode=None)


def group(words: str, example_line: str) -> typer.Typer:
    """An app of several commands, which says what they are about."""
    return typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        no_args_is_help=True,
        help=words,
        epilog=example(example_line),
    )


def example(*lines: str) -> str:
    """The end of a help text: what can be typed as it stands."""
    return "\b\n" + "\n".join(["Example:", *(f"  {line}" for line in lines)])
