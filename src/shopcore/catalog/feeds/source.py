"""From the bytes of a file to its lines, with a plain word about everything that is not text."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, cast

from shopcore.errors import InvalidInput

MAX_LINE = 1 << 20
"""In characters; a longer line is no line of a product file, and must not fill the memory."""

_GZIP = b"\x1f\x8b"
_NOT_TEXT = {
    b"PK\x03\x04": "is an Excel workbook or a zip archive: save it as CSV (UTF-8)",
    b"\xff\xfe": "is encoded as UTF-16: save it as CSV (UTF-8)",
    b"\xfe\xff": "is encoded as UTF-16: save it as CSV (UTF-8)",
}


def text_lines(file: IO[bytes]) -> Iterator[str]:
    """Lines of a UTF-8 file, with or without byte order mark, compressed with gzip or not; line ends are kept.

    Leaves `file` open. Raises InvalidInput where it is something else.
    """
    outer = io.BufferedReader(cast("io.RawIOBase", file))
    packed = outer.peek(len(_GZIP)).startswith(_GZIP)
    inner = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=outer))) if packed else outer
    text = io.TextIOWrapper(inner, encoding="utf-8", newline="")
    try:
        head = inner.peek(4)
        for mark, reason in _NOT_TEXT.items():
            if head.startswith(mark):
                raise InvalidInput("file", reason)
        while line := text.readline(MAX_LINE + 1):
            yield line
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidInput("file", "is damaged: its compressed data cannot be read to the end") from None
    finally:
        if not file.closed:
            text.detach()
            outer.detach()


def clean_lines(lines: Iterable[str]) -> Iterator[str]:
    """`lines` without byte order mark. Raises InvalidInput at the first that a text file could not have."""
    number = 0
    try:
        for number, line in enumerate(lines, start=1):
            if "\x00" in line:
                raise InvalidInput("file", f"line {number} holds a NUL byte: this is not a text file")
            if len(line) > MAX_LINE:
                raise InvalidInput("file", f"line {number} has more than {MAX_LINE} characters")
            yield line.removeprefix("\ufeff") if number == 1 else line
    except UnicodeDecodeError:
        reason = f"is not encoded as UTF-8, at or after line {number + 1}: save it as CSV (UTF-8)"
        raise InvalidInput("file", reason) from None
