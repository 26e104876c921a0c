"""What a command prints: data to stdout, for people or for programs, and messages to stderr."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

import typer

from shopcore_cli.cells import cell, is_number

Rows = Sequence[Mapping[str, Any]] | Mapping[str, Any]
"""What people are shown: a table with a column for each name, or what is known of one thing."""


def show(document: Mapping[str, Any], rows: Rows, *, as_json: bool) -> None:
    """Print a result: `document` for programs, `rows` for people."""
    if as_json:
        from shopcore_cli.json_text import json_text

        sys.stdout.write(json_text(document) + "\n")
    else:
        _show_rows(rows)


def show_further(*tables: Rows) -> None:
    """Print more tables for people, each set off from what stands above; empty ones not at all."""
    for rows in tables:
        if rows:
            sys.stdout.write("\n")
            _show_rows(rows)


def say(words: str) -> None:
    """A message, not data. Data that cannot be written is told instead: a message that counts it would be wrong."""
    sys.stdout.flush()
    typer.echo(words, err=True)


def _show_rows(rows: Rows) -> None:
    if isinstance(rows, Mapping):
        width = max(map(len, rows), default=0)
        sys.stdout.writelines(f"{name:<{width}}  {cell(value)}".rstrip() + "\n" for name, value in rows.items())
    elif rows:
        from shopcore_cli.tables import Table

        header = list(rows[0])
        numbers = [all(is_number(row[name]) for row in rows) for name in header]
        texts = [[cell(row[name]) for name in header] for row in rows]
        Table(header, texts, numbers).print()
