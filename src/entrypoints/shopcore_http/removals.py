"""What sales see of what was taken out of carts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar.response import Stream
from msgspec import Meta

from shopcore.facts import SHOPPERS_REASONS, SYSTEMS_REASONS, Reason
from shopcore.paging import PageRequest
from shopcore.removals.model import Outcome, RemovalFilter, RemovalState, SummaryBy
from shopcore_http.counter import Counter
from shopcore_http.door import SALES, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.export import MEDIA, Format, streamed
from shopcore_http.paging import Limit, PageNumber, PageOf, page_reply
from shopcore_http.query import Day
from shopcore_http.removal_view import RemovalOut, SummaryOut, removal_of, row_of
from shopcore_http.replica import Replica
from shopcore_http.reply import Reply
from shopcore_http.wire import ItemId, UserId

Since = Annotated[datetime, Meta(description="Removed then or later: a day or a time.", examples=["2026-01-01"])]
Until = Annotated[datetime, Meta(description="Removed before then; a day counts whole.", examples=["2026-01-31"])]
Why = Annotated[
    Reason | Literal["all"], Meta(description="Without it: what shoppers removed themselves.", examples=["removed"])
]


class RemovalsFilter(msgspec.Struct, rename="camel", kw_only=True):
    state: RemovalState = "all"
    outcome: Outcome | None = None
    reason: Why | None = None
    user_id: UserId | None = None
    item_id: ItemId | None = None
    since: Since | None = msgspec.field(default=None, name="from")
    until: Until | None = msgspec.field(default=None, name="to")

    @property
    def filter(self) -> RemovalFilter:
        return RemovalFilter(
            state=self.state,
            outcome=self.outcome,
            reasons=self._reasons,
            owner=self.user_id,
            item_id=self.item_id,
            since=self.since,
            until=self.until.end if isinstance(self.until, Day) else self.until,
        )

    @property
    def _reasons(self) -> tuple[Reason, ...]:
        if self.reason is None:
            return SHOPPERS_REASONS
        return (*SHOPPERS_REASONS, *SYSTEMS_REASONS) if self.reason == "all" else (self.reason,)


class RemovalsQuery(RemovalsFilter, rename="camel", kw_only=True):
    page: PageNumber
    limit: Limit = 20

    @property
    def request(self) -> PageRequest:
        return PageRequest(page=self.page, limit=self.limit)


class SummaryQuery(RemovalsQuery, rename="camel", kw_only=True):
    by: SummaryBy


class ExportQuery(RemovalsFilter, rename="camel", kw_only=True):
    format: Format


@endpoint("GET", "/removed-items", allow=SALES, tag="removals", summary="Removals, newest first", query=RemovalsQuery)
async def list_removals(request: Asker, asked: RemovalsQuery, replica: Replica) -> Reply[PageOf[RemovalOut]]:
    """`outcome` is `open` while the cart is a draft; its checkout makes it `recovered` or `lost`."""
    page = await replica.do(lambda shop: shop.removals.list(asked.filter, asked.request))
    return page_reply(request, page, removal_of)


@endpoint(
    "GET",
    "/removed-items/summary",
    allow=SALES,
    tag="removals",
    summary="Removals counted by item, customer, reason or day",
    query=SummaryQuery,
)
async def sum_up_removals(request: Asker, asked: SummaryQuery, replica: Replica) -> Reply[PageOf[SummaryOut]]:
    """A row for each key and currency; `customers` and `carts` are distinct, `removals` are not."""
    page = await replica.do(lambda shop: shop.removals.summary(asked.by, asked.filter, asked.request))
    return page_reply(request, page, row_of)


@endpoint(
    "GET",
    "/removed-items/export",
    allow=SALES,
    tag="removals",
    summary="All removals, oldest first, as a file",
    query=ExportQuery,
    media=list(MEDIA.values()),
)
async def export_removals(asked: ExportQuery, counter: Counter, replica: Replica) -> Stream:
    """CSV with a stable header, safe to open in a spreadsheet, or one JSON object a line. Streamed."""
    removals = await replica.do(lambda shop: shop.removals.export(asked.filter))
    return await streamed(removals, asked.format, counter)


HANDLERS = [list_removals, sum_up_removals, export_removals]
