"""Files of removal records in each format. All of them are written as the records come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import IO, Any

from shopcore.removals.export import HEADER, cells, csv_chunks, json_object, ndjson_chunks
from shopcore.removals.model import Removal
from shopcore_cli.workbook import write_xlsx

GROUP_ROWS = 10_000
"""Rows that a Parquet file keeps, and this program holds, together."""

Writer = Callable[[Iterable[Removal], IO[bytes]], None]


def write_csv(removals: Iterable[Removal], file: IO[bytes]) -> None:
    for chunk in csv_chunks(removals):
        file.write(chunk.encode())


def write_ndjson(removals: Iterable[Removal], file: IO[bytes]) -> None:
    for chunk in ndjson_chunks(removals):
        file.write(chunk.encode())


def write_json(removals: Iterable[Removal], file: IO[bytes]) -> None:
    """All records as one document."""
    before = b"["
    for removal in removals:
        file.write(before + b"\n  " + json_object(removal).encode())
        before = b","
    file.write((before if before == b"[" else b"\n") + b"]\n")


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
    "json": write_json,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
BINARY = ("xlsx", "parquet")


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
