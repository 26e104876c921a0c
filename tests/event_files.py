"""Event files for tests, an independent count of what they come to, and what a shop looks like afterwards."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shopcore.codec import to_plain
from shopcore.ids import SeededIds
from shopcore.paging import Page, PageRequest
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_cli.rees46.events import COLUMNS, Event, read_events
from shopcore_cli.rees46.replay import EventClock, Replay, known_shoppers
from shopcore_cli.rees46.survey import survey

KINDS = {"look": "view", "add": "cart", "remove": "remove_from_cart", "buy": "purchase"}


@dataclass(frozen=True, slots=True)
class Row:
    """`ann adds a mug at 10:00:00 on the first of October` as `Row("ann", "add", "mug", "2019-10-01 10:00:00")`."""

    shopper: str
    kind: str
    item: str
    time: str = "2019-10-01 10:00:00"
    price: str = "2.50"


def event_file(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([f"{row.time} UTC", KINDS[row.kind], row.item, "1487", "", "", row.price, row.shopper, "s"])
    return text.getvalue()


def replayed(store: Store, text: str, *, prefill: bool) -> tuple[Shop, Counter[str]]:
    """The shop in `store` after the events, and what the replay counted."""
    found = survey(text.splitlines(keepends=True), currency="EUR", prefill=prefill)
    clock = EventClock(min(found.began.values(), default=datetime(2019, 1, 1, tzinfo=UTC)))
    shop = Shop(store, clock=clock, make_id=SeededIds(found.digest))
    known = known_shoppers(shop, found)
    run = Replay(shop, clock, actor="test", known=known, prefills=found.prefills)
    run.run(row for row in read_events(text.splitlines(keepends=True), currency="EUR") if isinstance(row, Event))
    return shop, run.counts


def removal_counts(shop: Shop) -> tuple[int, int]:
    """Removals of carts that were not checked out, and of those that were."""
    draft, final = (shop.removals.list(RemovalFilter(state=state)).total for state in ("draft", "checked_out"))
    return draft, final


def independent_count(rows: Sequence[Row], *, prefill: bool) -> dict[str, int]:
    """What the events come to, counted with carts that are mere dicts. Rows must be in the order of their times."""
    counts: Counter[str] = Counter()
    carts: dict[str, dict[str, int]] = {}
    removed: Counter[str] = Counter()
    months: dict[str, str] = {}
    bought: dict[str, str] = {}
    acts = [row for row in rows if row.kind != "look"]
    for place, row in enumerate(acts):
        month = row.time[:7]
        if months.get(row.shopper) != month:
            months[row.shopper] = month
            counts["removedDraft"] += removed.pop(row.shopper, 0)
            carts[row.shopper] = dict.fromkeys(_evident(acts[place:], row.shopper, month), 1) if prefill else {}
            counts["prefilled"] += len(carts[row.shopper])
        cart = carts[row.shopper]
        if row.kind == "add":
            counts["raised" if row.item in cart else "added"] += 1
            cart[row.item] = cart.get(row.item, 0) + 1
        elif row.kind == "remove":
            counts["removed" if row.item in cart else "refused"] += 1
            removed[row.shopper] += row.item in cart
            cart.pop(row.item, None)
        elif bought.get(row.shopper) != row.time:
            bought[row.shopper] = row.time
            counts["orders" if cart else "ordersRefused"] += 1
            counts["orderLines"] += len(cart)
            counts["removedFinal"] += removed.pop(row.shopper, 0) if cart else 0
            cart.clear()
    counts["removedDraft"] += removed.total()
    return {name: counts[name] for name in COUNTED}


def _evident(acts: Sequence[Row], shopper: str, month: str) -> list[str]:
    """Items whose first event of the shopper in the month is no addition, in order."""
    first: dict[str, str] = {}
    for row in acts:
        if row.shopper == shopper and row.time[:7] == month:
            first.setdefault(row.item, row.kind)
    return [item for item, kind in first.items() if kind != "add"]


COUNTED = (
    *("prefilled", "added", "raised", "removed", "refused", "orders", "orderLines", "ordersRefused"),
    *("removedDraft", "removedFinal"),
)


def contents(shop: Shop) -> dict[str, Any]:
    """All that can be seen of a shop, as plain values, wherever it is kept."""
    carts = _all(shop.carts.list)
    orders = _all(shop.orders.list)
    return {
        "items": [to_plain(item) for item in shop.catalog.export()],
        "carts": [to_plain(cart) for cart in carts],
        "timelines": {cart.id: [_fact(entry) for entry in shop.carts.timeline(cart.id)] for cart in carts},
        "orders": [to_plain(shop.orders.get(order.id)) for order in orders],
        "removals": [to_plain(removal) for removal in shop.removals.export()],
    }


def _fact(entry: Any) -> Any:
    plain = to_plain(entry)
    del plain["position"]  # counts up as a store likes
    return plain


def _all(page_of: Any) -> list[Any]:
    found: list[Any] = []
    number, pages = 1, 1
    while number <= pages:
        page: Page[Any] = page_of(PageRequest(page=number, limit=100))
        found += page.items
        number, pages = number + 1, page.pages
    return found
