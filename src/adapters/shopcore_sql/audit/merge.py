"""Sorted streams of rows, put together by their keys as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Select

Stream = Callable[[Select[Any]], Iterator[Row[Any]]]
"""Runs a statement, and gives its rows without keeping them."""

_key = itemgetter(0)


def by_key(*streams: Iterable[Row[Any]]) -> Iterator[tuple[str, list[list[Row[Any]]]]]:
    """Each key with its rows of each stream, in order. A key is a row's first column, and sorts the streams."""
    tagged = (map(_tagger(number), stream) for number, stream in enumerate(streams))
    for key, rows in groupby(merge(*tagged, key=_key), key=_key):
        found: list[list[Row[Any]]] = [[] for _ in streams]
        for _, number, row in rows:
            found[number].append(row)
        yield key, found


def _tagger(number: int) -> Callable[[Row[Any]], tuple[str, int, Row[Any]]]:
    return lambda row: (row[0], number, row)
