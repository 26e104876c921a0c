"""Files of removal records in each format. All of them are written as the records come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from shopcore.removals.export import HEADER, Cell, cells, csv_chunks, ndjson_chunks
from shopcore.removals.model import Removal

SHEET_ROWS = 1_048_576
"""Rows of a worksheet, the header among them: a spreadsheet opens no more."""

GROUP_ROWS = 10_000
"""Rows that a Parquet file keeps, and this program holds, together."""

Writer = Callable[[Iterable[Removal], IO[bytes]], None]


def write_csv(removals: Iterable[Removal], file: IO[bytes]) -> None:
    for chunk in csv_chunks(removals):
        file.write(chunk.encode())


def write_ndjson(removals: Iterable[Removal], file: IO[bytes]) -> None:
    for chunk in ndjson_chunks(removals):
        file.write(chunk.encode())


def write_xlsx(removals: Iterable[Removal], file: IO[bytes], *, sheet_rows: int = SHEET_ROWS) -> None:
    """A workbook, with a further sheet whenever one is full.

    Texts stay texts, whatever they begin with. Times are dates to the spreadsheet, in UTC and to the millisecond.
    """
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm:ss",
        "remove_timezone": True,
    }
    rows = iter(removals)
    with Workbook(file, options) as book:
        while True:
            sheet = book.add_worksheet(f"removed {len(book.worksheets()) + 1}")
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, HEADER)
            written = 0
            for written, removal in enumerate(islice(rows, sheet_rows - 1), start=1):
                sheet.write_row(written, 0, [_xlsx_cell(cell) for cell in cells(removal)])
            if written < sheet_rows - 1:
                return


def write_parquet(removals: Iterable[Removal], file: IO[bytes]) -> None:
    """A Parquet file; prices are decimal128(18, 4), times timestamps in UTC."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, _parquet_types(pyarrow).get(name, pyarrow.string())) for name in HEADER])
    with parquet.ParquetWriter(file, schema) as writer:
        for group in _groups(removals):
            columns = zip(*(cells(removal) for removal in group), strict=True)
            arrays = [pyarrow.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


WRITERS: Mapping[str, Writer] = {
    "csv": write_csv,
    "ndjson": write_ndjson,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}


def _xlsx_cell(cell: Cell) -> Any:
    match cell:
        case datetime():
            return cell.astimezone(UTC)
        case Decimal():
            return float(cell)  # a spreadsheet has no other numbers; 15 digits are exact
        case _:
            return cell


def _parquet_types(pyarrow: Any) -> dict[str, Any]:
    time = pyarrow.timestamp("us", tz="UTC")
    return {
        "quantity": pyarrow.int32(),
        "unitPrice": pyarrow.decimal128(18, 4),
        "removedAt": time,
        "addedAt": time,
        "isDraft": pyarrow.bool_(),
        "returnedAt": time,
    }


def _groups(removals: Iterable[Removal]) -> Iterator[list[Removal]]:
    rows = iter(removals)
    while group := list(islice(rows, GROUP_ROWS)):
        yield group
