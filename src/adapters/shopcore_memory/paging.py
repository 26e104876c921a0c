from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from shopcore.paging import Page, PageRequest

T = TypeVar("T")


def cut(rows: Sequence[T], page: PageRequest) -> Page[T]:
    """The page of rows that are in order already."""
    items = rows[page.offset : page.offset + page.limit]
    return Page(items=items, page=page.page, limit=page.limit, total=len(rows))
