"""Removal records as an Excel workbook, written row by row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryDirectory
from typing import IO, Any

from shopcore.removals.export import HEADER, Cell, cells
from shopcore.removals.model import Removal

SHEET_ROWS = 1_048_576
"""Rows of a worksheet, the header among them: a spreadsheet opens no more."""


def write_xlsx(removals: Iterable[Removal], file: IO[bytes], *, sheet_rows: int = SHEET_ROWS) -> None:
    """A workbook, with a further sheet whenever one is full.

    Texts stay texts, whatever they begin with. Times are dates to the spreadsheet, in UTC and to the millisecond.
    """
    from xlsxwriter import Workbook

    sink = _Sink(file)
    with TemporaryDirectory() as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd hh:mm:ss",
            "remove_timezone": True,
            "use_zip64": True,
        }
        book = Workbook(sink, options)
        rows = iter(removals)
        while _fill(book.add_worksheet(f"removed {len(book.worksheets()) + 1}"), rows, sheet_rows):
            pass
        book.close()
    if sink.error is not None:
        raise sink.error


def _fill(sheet: Any, rows: Iterable[Removal], sheet_rows: int) -> bool:
    """Write a header and as many rows as fit; says whether the sheet is full."""
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, HEADER)
    written = 0
    for written, removal in enumerate(islice(rows, sheet_rows - 1), start=1):
        sheet.write_row(written, 0, [_cell(cell) for cell in cells(removal)])
    return written == sheet_rows - 1


def _cell(cell: Cell) -> Any:
    match cell:
        case datetime():
            return cell.astimezone(UTC)
        case Decimal():
            return float(cell)  # a spreadsheet has no other numbers; 15 digits are exact
        case _:
            return cell


class _Sink:
    """A file that can only be written to, and whose failure is kept for later.

    A zip file that met one would complain again when it is thrown away, and one that can go back would do that too.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.error is None:
            try:
                self._file.write(data)
            except OSError as error:
                self.error = error
        return len(data)

    def flush(self) -> None:
        pass
