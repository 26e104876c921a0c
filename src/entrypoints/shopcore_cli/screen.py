"""What a command prints: data to stdout, for people or for programs, and messages to stderr."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import typer

_NUMBERS = int | Decimal
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that would move the cursor, turn the text round or do worse on a terminal."""


Rows = Sequence[Mapping[str, Any]] | Mapping[str, Any]
"""What people are shown: a table with a column for each name, or what is known of one thing."""


def show(document: Mapping[str, Any], rows: Rows, *, as_json: bool) -> None:
    """Print a result: `document` for programs, `rows` for people."""
    if as_json:
        from shopcore_cli.json_text import json_text

        sys.stdout.write(json_text(document) + "\n")
    else:
        show_rows(rows)


def show_further(*tables: Rows) -> None:
    """Print more tables for people, each set off from what stands above; empty ones not at all."""
    for rows in tables:
        if rows:
            sys.stdout.write("\n")
            show_rows(rows)


def show_rows(rows: Rows) -> None:
    if isinstance(rows, Mapping):
        _show_facts(rows)
    elif rows:
        _show_table(list(rows[0]), [list(row.values()) for row in rows])


def _show_table(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table: drawn on a terminal, columns of plain text elsewhere. Numbers stand to the right."""
    numbers = [all(isinstance(row[place], _NUMBERS | None) for row in rows) for place in range(len(header))]
    texts = [[cell(value) for value in row] for row in rows]
    if sys.stdout.isatty():
        _draw(header, texts, numbers)
    else:
        sys.stdout.writelines(f"{line}\n" for line in _columns([[*header], *texts], numbers))


def _show_facts(facts: Mapping[str, Any]) -> None:
    """Names and values, one a line."""
    width = max(map(len, facts), default=0)
    sys.stdout.writelines(f"{name:<{width}}  {cell(value)}".rstrip() + "\n" for name, value in facts.items())


def say(words: str) -> None:
    """A message, not data."""
    typer.echo(words, err=True)


def cell(value: Any) -> str:
    """A value as people read it; nothing in it does anything to a terminal."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return ", ".join(map(cell, value))
        case Mapping():
            return ", ".join(f"{name}: {cell(member)}" for name, member in value.items())
        case _:
            return _UNSEEN.sub(lambda unseen: unseen[0].encode("unicode_escape", "surrogatepass").decode(), str(value))


def _columns(rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> Iterable[str]:
    widths = [max(_width(row[place]) for row in rows) for place in range(len(numbers))]
    for row in rows:
        yield "  ".join(map(_padded, row, widths, numbers)).rstrip()


def _padded(text: str, width: int, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap


def _width(text: str) -> int:
    """Columns that `text` takes on a terminal: wide East Asian characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _draw(header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, right in zip(header, numbers, strict=True):
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    Console(file=sys.stdout).print(table)
