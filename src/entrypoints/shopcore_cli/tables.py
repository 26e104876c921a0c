"""Tables: drawn on a terminal, in columns of plain text elsewhere."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence

NARROWEST = 12
"""Columns of text are folded to no less than this; before that becomes necessary a table is turned."""


class Table:
    """Rows of texts under a header; where `numbers` says so they stand to the right."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> None:
        self._header = header
        self._rows = rows
        self._numbers = numbers
        self._widths = [max(_width(row[place]) for row in (header, *rows)) for place in range(len(header))]

    def print(self) -> None:
        """To stdout: fitted to the terminal, or whole where there is none."""
        if not sys.stdout.isatty():
            sys.stdout.writelines(f"{line}\n" for line in self._lines())
        elif widths := self._fitted(shutil.get_terminal_size().columns):
            self._draw(widths)
        else:
            sys.stdout.writelines(f"{line}\n" for line in self._turned())

    def _lines(self) -> Iterator[str]:
        for row in (self._header, *self._rows):
            yield "  ".join(map(_padded, row, self._widths, self._numbers)).rstrip()

    def _turned(self) -> Iterator[str]:
        """Each row on its own, a line for each column: for terminals that are too narrow for anything else."""
        name_width = max(map(_width, self._header))
        for number, row in enumerate(self._rows):
            if number:
                yield ""
            for name, text in zip(self._header, row, strict=True):
                yield f"{_padded(name, name_width, right=False)}  {text}"

    def _fitted(self, columns: int) -> list[int] | None:
        """Widths with which the table fits: first words are folded, then, if they must be, ids. None if never."""
        widths = list(self._widths)
        with_blanks = [any(" " in row[place] for row in self._rows) for place in range(len(widths))]
        for folds_blanks in (True, False):
            for place in sorted(range(len(widths)), key=lambda place: -widths[place]):
                over = sum(widths) + 2 * (len(widths) - 1) - columns
                if over > 0 and not self._numbers[place] and with_blanks[place] == folds_blanks:
                    least = max(NARROWEST, _width(self._header[place]))
                    widths[place] = min(widths[place], max(least, widths[place] - over))
        return widths if sum(widths) + 2 * (len(widths) - 1) <= columns else None

    def _draw(self, widths: Sequence[int]) -> None:
        from rich.console import Console
        from rich.table import Table as Drawing
        from rich.text import Text

        drawing = Drawing(box=None, pad_edge=False, padding=(0, 2, 0, 0), collapse_padding=True, header_style="bold")
        for name, width, right in zip(self._header, widths, self._numbers, strict=True):
            drawing.add_column(Text(name), width=width, justify="right" if right else "left", overflow="fold")
        for row in self._rows:
            drawing.add_row(*map(Text, row))
        Console(file=sys.stdout, highlight=False).print(drawing)


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
