"""Removals as a file that is sent while it is read, so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator
from typing import Literal, cast

from litestar.response import Stream

from shopcore.removals.export import csv_chunks, ndjson_chunks
from shopcore.removals.model import Removal
from shopcore_http.counter import Counter

Format = Literal["csv", "ndjson"]
MEDIA = {"csv": "text/csv", "ndjson": "application/x-ndjson"}


async def streamed(removals: Iterator[Removal], file_format: Format, counter: Counter) -> Stream:
    """An answer that writes `removals`. What goes wrong with the first of them is still an ordinary error.

    Raises StoreBusy while too many others are being sent.
    """
    reading = cast("Generator[Removal]", removals)
    counter.begin_export(reading)
    chunks = csv_chunks(removals) if file_format == "csv" else ndjson_chunks(removals)
    begun = await counter.do(lambda: [next(chunks, ""), next(chunks, "")])

    async def parts() -> AsyncIterator[str]:
        try:
            for chunk in begun:
                yield chunk
            while chunk := await counter.do(next, chunks, ""):
                yield chunk
        finally:
            counter.crew.soon(reading.close)  # its transaction ends with it

    return Stream(
        parts(),
        media_type=MEDIA[file_format],
        headers={"Content-Disposition": f'attachment; filename="removed-items.{file_format}"'},
    )
