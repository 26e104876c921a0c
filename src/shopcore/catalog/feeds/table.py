"""CSV as records with the line they start on: cells by column name, whatever a file calls its columns."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shopcore.catalog.feeds.rows import BadRow
from shopcore.catalog.feeds.source import clean_lines
from shopcore.errors import InvalidInput

Names = Mapping[str, Sequence[str]]
"""What a format calls a column: our name, and the names it has in files, in lower case, best first."""


@dataclass(frozen=True, slots=True)
class Record:
    """`record["title"]` is the cell's text without surrounding blanks, empty where there is no such column."""

    row: int
    cells: Sequence[str]
    columns: Mapping[str, int]

    def __getitem__(self, name: str) -> str:
        column = self.columns.get(name)
        return "" if column is None else self.cells[column].strip()


def header_of(line: str) -> frozenset[str]:
    """The column names in a header line, in lower case."""
    try:
        return frozenset(name.strip().casefold() for cells in csv.reader([line]) for name in cells)
    except csv.Error:
        return frozenset()


def records(
    lines: Iterable[str], *, names: Names, required: Sequence[str], product_file: str
) -> Iterator[Record | BadRow]:
    """The records below the header. Blank ones are passed over; one that does not fit the header is bad.

    Raises InvalidInput where the header lacks a `required` column of the `product_file`, and where quotes are so
    broken that nobody can tell where the next record begins.
    """
    reader = csv.reader(clean_lines(lines), strict=True)
    columns: dict[str, int] | None = None
    width = 0
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _broken(error, row, reader.line_num, in_header=columns is None)
            continue
        if cells is None:
            break
        if not any(cells):
            continue
        if columns is None:
            columns, width = _columns(cells, names, required, product_file), len(cells)
        elif len(cells) < width or any(cells[width:]):
            yield BadRow(row=row, reasons=(f"has {len(cells)} cells, the header has {width}",))
        else:
            yield Record(row, cells, columns)
    if columns is None:
        raise InvalidInput("file", "is empty")


def _columns(cells: Sequence[str], names: Names, required: Sequence[str], product_file: str) -> dict[str, int]:
    columns: dict[str, int] = {}
    for index, cell in enumerate(cells):
        columns.setdefault(cell.strip().casefold(), index)
    # Looked up before any is renamed: a format's own name may be another column's name in the file.
    found = {ours: next((columns[name] for name in theirs if name in columns), None) for ours, theirs in names.items()}
    if missing := [names[ours][0] for ours in required if found[ours] is None]:
        reason = f"is not a {product_file}: its first line lacks the column {', '.join(missing)}"
        if len(cells) == 1 and any(mark in cells[0] for mark in ";\t|"):
            reason += " (columns must be separated by commas)"
        raise InvalidInput("file", reason)
    ours_too = {ours: index for ours, index in found.items() if index is not None}
    return {name: index for name, index in columns.items() if name not in names} | ours_too


def _broken(error: csv.Error, row: int, last: int, *, in_header: bool) -> BadRow:
    # Within one line the damage ends with the line. A record over several lines may have swallowed its neighbours.
    if last == row and not in_header and "limit" not in str(error) and "end of data" not in str(error):
        return BadRow(row=row, reasons=("is not well-formed: a quote inside of a cell must be doubled",))
    if "limit" in str(error):
        reason = f"has a cell of more than {csv.field_size_limit()} characters in the row that starts at line {row}"
    else:
        reason = f"has a quote that is not closed properly in the row that starts at line {row}"
    raise InvalidInput("file", f"{reason}; correct that row and try again") from None
