"""Removals as a file that is written while it is read, so that memory does not grow with it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Generator, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal, cast

import msgspec
from litestar.response import Stream

from shopcore.removals.model import Removal
from shopcore_http.counter import Counter
from shopcore_http.removal_view import RemovalOut, removal_of
from shopcore_http.reply import encode

Format = Literal["csv", "ndjson"]
MEDIA = {"csv": "text/csv", "ndjson": "application/x-ndjson"}
AT_ONCE = 500
COLUMNS = [field.encode_name for field in msgspec.structs.fields(RemovalOut)]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


async def streamed(rows: Iterator[Removal], file_format: Format, counter: Counter) -> Stream:
    """An answer that writes `rows`. What goes wrong with the first of them is an ordinary error."""
    write = _as_csv if file_format == "csv" else _as_ndjson
    head = _line(COLUMNS) if file_format == "csv" else b""
    first = await counter.do(_some, rows)

    async def parts() -> AsyncIterator[bytes]:
        some = first
        try:
            yield head
            while some:
                yield write(some)
                some = await counter.do(_some, rows)
        finally:
            counter.crew.soon(cast("Generator[Removal]", rows).close)  # its transaction ends with it

    return Stream(
        parts(),
        media_type=MEDIA[file_format],
        headers={"Content-Disposition": f'attachment; filename="removed-items.{file_format}"'},
    )


def _some(rows: Iterator[Removal]) -> list[RemovalOut]:
    return [removal_of(removal) for removal in islice(rows, AT_ONCE)]


def _as_ndjson(rows: list[RemovalOut]) -> bytes:
    return b"".join(encode(row) + b"\n" for row in rows)


def _as_csv(rows: list[RemovalOut]) -> bytes:
    return b"".join(_line([cell(value) for value in msgspec.structs.astuple(row)]) for row in rows)


def _line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue().encode()


def cell(value: Any) -> str:
    """A value as a spreadsheet may read it: a text that looks like a formula is made a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return str(value)
