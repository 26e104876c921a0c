"""Pages of a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, func, select

from shopcore.paging import Page, PageRequest

T = TypeVar("T")


def fetch_page(connection: Connection, query: Select[Any], page: PageRequest, read: Callable[[Row[Any]], T]) -> Page[T]:
    """The page of `query`, which is in a total order, and how many rows it has in all."""
    total = connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = connection.execute(query.limit(page.limit).offset(page.offset)) if page.offset < total else ()
    return Page(items=[read(row) for row in rows], page=page.page, limit=page.limit, total=total)
