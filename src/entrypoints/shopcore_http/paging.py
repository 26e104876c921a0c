"""Pages on the wire: what is asked for, and the Link header that leads on (RFC 8288)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
from litestar.connection import Request
from msgspec import Meta

from shopcore.paging import MAX_PAGE, Page, PageRequest
from shopcore_http.reply import Reply, reply

T = TypeVar("T")

PageNumber = Annotated[int, Meta(ge=1, le=MAX_PAGE, description="The page, counted from 1.", examples=[1])]
Limit = Annotated[int, Meta(ge=1, description="Rows a page; above 100 counts as 100.", examples=[20])]


class Paged(msgspec.Struct, rename="camel", kw_only=True):
    """Base of every query for a page."""

    page: PageNumber
    limit: Limit = 20

    @property
    def request(self) -> PageRequest:
        return PageRequest(page=self.page, limit=self.limit)


class PageOf(msgspec.Struct, Generic[T]):
    """One page; `total` counts the rows of all pages."""

    page: Annotated[int, Meta(examples=[1])]
    limit: Annotated[int, Meta(examples=[20])]
    total: Annotated[int, Meta(examples=[1])]
    items: list[T]


def page_reply(request: Request[Any, Any, Any], page: Page[T], render: Callable[[T], Any]) -> Reply[Any]:
    """A page of what `render` makes of each row, with its Link header."""
    rows = [render(row) for row in page.items]
    content = PageOf(page=page.page, limit=page.limit, total=page.total, items=rows)
    return reply(content, headers=links(request, page))


def links(request: Request[Any, Any, Any], page: Page[Any]) -> dict[str, str]:
    """A Link header to the first, previous, next and last page, every other parameter as it was."""
    given = parse_qsl(request.scope["query_string"].decode("ascii"), keep_blank_values=True)
    kept = urlencode([(name, text) for name, text in given if name not in ("page", "limit")])
    path = f"{quote(request.scope['path'])}?{kept}{'&' if kept else ''}"
    targets = {"first": 1, "prev": min(page.page - 1, page.pages), "next": page.page + 1, "last": page.pages}
    if page.page <= 1:
        del targets["prev"]
    if page.page >= page.pages:
        del targets["next"]
    refs = [f'<{path}page={number}&limit={page.limit}>; rel="{rel}"' for rel, number in targets.items()]
    return {"Link": ", ".join(refs)}
