"""Pages, as documents and as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from shopcore_cli.screen import say, show

if TYPE_CHECKING:
    from shopcore.paging import Page

T = TypeVar("T")


def show_page(
    page: Page[T],
    document: Callable[[T], Mapping[str, Any]],
    row: Callable[[T], Mapping[str, Any]],
    thing: str,
    *,
    as_json: bool,
) -> None:
    """Print one page, and say how many `thing`s there are on all of them."""
    items = [] if not as_json else [document(item) for item in page.items]
    whole = {"page": page.page, "limit": page.limit, "total": page.total, "items": items}
    show(whole, [] if as_json else [row(item) for item in page.items], as_json=as_json)
    if not as_json:
        say(_count(page, thing))


def _count(page: Page[T], thing: str) -> str:
    number = f"{page.total} {thing}" + ("" if page.total == 1 else "s")
    if page.pages == 1 and page.page == 1:
        return f"{number}." if page.total else f"No {thing}s."
    more = f"; --page {page.page + 1} for more" if page.page < page.pages else ""
    return f"Page {page.page} of {page.pages}, {number} in all{more}."
