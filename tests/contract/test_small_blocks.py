"""Pages of the catalog where SQL stores count in blocks so small that these are cut and emptied all the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product

import pytest

from shopcore_testing import promises
from sql_shelves import make_blocks_small
from stores import SQL, Opened, OpenStore, StoreKind

catalog = promises("catalog")


@pytest.fixture(params=product(SQL, [1, 3]), ids=lambda param: "{}-{}".format(*param))
def open_store(request: pytest.FixtureRequest, opener: Callable[[StoreKind], OpenStore]) -> OpenStore:
    kind, size = request.param
    return partial(with_small_blocks, opener(kind), size)


@contextmanager
def with_small_blocks(open_store: OpenStore, size: int) -> Iterator[Opened]:
    with open_store() as opened:
        make_blocks_small(opened.sql, size)
        yield opened
