from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from shopcore.audit.books import CartBook, LineBook, OwnerBook, RemovalBook
from shopcore.facts import CartClosed, CartOpened, ItemAdded, ItemRemoved
from shopcore.journal.model import Entry
from shopcore.removals.model import Removal
from shopcore_memory.state import State

Pair = tuple[str, str]


def owner_books(state: State) -> Iterator[OwnerBook]:
    active = Counter(cart.owner for cart in state.carts.values() if cart.status == "active")
    for owner, count in sorted(active.items()):
        yield OwnerBook(owner=owner, active=count)


def cart_books(state: State) -> Iterator[CartBook]:
    timelines: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in state.entries.values():
        if entry.cart_id is not None:
            timelines[entry.cart_id].append(entry)
    removals = Counter(removal.cart_id for removal in state.removals.values())
    orders = Counter(order.cart_id for order in state.orders.values())
    carts = {cart.id: cart for cart in state.carts.values()}
    for cart_id in sorted({*carts, *timelines, *removals, *orders}):
        cart = carts.get(cart_id)
        yield CartBook(
            cart_id=cart_id,
            carts=int(cart is not None),
            status=cart.status if cart else None,
            version=cart.version if cart else None,
            order_id=cart.order_id if cart else None,
            noted_removals=cart.removals if cart else 0,
            removals=removals[cart_id],
            orders=orders[cart_id],
            odd_lines=sum(line.seen_price.currency != cart.currency for line in cart.lines.values()) if cart else 0,
            **_told(timelines[cart_id]),
        )


def _told(timeline: list[Entry]) -> dict[str, Any]:
    versions: list[int] = [entry.data["version"] for entry in timeline]
    openings = [entry.data["version"] for entry in timeline if entry.kind == CartOpened.kind]
    closings = [entry.position for entry in timeline if entry.kind == CartClosed.kind]
    return {
        "openings": len(openings),
        "closings": len(closings),
        "first_version": max(openings, default=None),
        "last_version": max(versions, default=None),
        "regressions": sum(after < before for before, after in pairwise(versions)),
        "last": max((entry.position for entry in timeline), default=None),
        "closed_at": max(closings, default=None),
    }


def line_books(state: State) -> Iterator[LineBook]:
    sums: defaultdict[Pair, Counter[str]] = defaultdict(Counter)
    last: defaultdict[Pair, dict[str, int]] = defaultdict(dict)
    for entry in state.entries.values():
        pair = (entry.cart_id or "", entry.item_id or "")
        if entry.kind == ItemAdded.kind:
            sums[pair].update(added=entry.data["quantity"])
            last[pair]["added"] = entry.position
        elif entry.kind == ItemRemoved.kind:
            sums[pair].update()
            last[pair]["removed"] = entry.position
    for removal in state.removals.values():
        book = sums[removal.cart_id, removal.item_id]
        book.update(removed=removal.quantity, records=1, unreturned=int(removal.returned_at is None))
    for cart in state.carts.values():
        for line in cart.lines.values():
            sums[cart.id, line.item_id].update(lines=1, quantity=line.quantity, counted=line.counted)
    for order in state.orders.values():
        for sale in order.lines:
            sums[order.cart_id, sale.item_id].update(sales=1, sold=sale.quantity)
    carts = {cart.id: cart for cart in state.carts.values()}
    for (cart_id, item_id), units in sorted(sums.items()):
        yield LineBook(
            cart_id=cart_id,
            item_id=item_id,
            status=carts[cart_id].status if cart_id in carts else None,
            last_added=last[cart_id, item_id].get("added"),
            last_removed=last[cart_id, item_id].get("removed"),
            **units,
        )


def removal_books(state: State) -> Iterator[RemovalBook]:
    records: defaultdict[str, list[Removal]] = defaultdict(list)
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    for removal in state.removals.values():
        records[removal.id].append(removal)
    for entry in state.entries.values():
        if entry.kind == ItemRemoved.kind:
            entries[entry.data["removal_id"]].append(entry)
    for removal_id in sorted({*records, *entries}):
        kept, told = records[removal_id], entries[removal_id]
        units = {(row.cart_id, row.item_id, row.quantity) for row in kept}
        units |= {(entry.cart_id or "", entry.item_id or "", entry.data["quantity"]) for entry in told}
        story = {_recorded_story(row) for row in kept} | {_told_story(entry) for entry in told}
        yield RemovalBook(
            removal_id=removal_id,
            records=len(kept),
            entries=len(told),
            same_units=len(units) == 1,
            same_story=len(story) == 1,
            **(_fate(state, kept[0]) if kept else {}),
        )


def _fate(state: State, removal: Removal) -> dict[str, Any]:
    cart = state.carts.get(removal.cart_id)
    orders = state.orders.some(filter(None, [cart.order_id if cart else None, removal.bought_later_order_id]))
    order = orders.get(cart.order_id or "") if cart else None
    later = orders.get(removal.bought_later_order_id or "")
    return {
        "outcome": removal.outcome,
        "order_id": removal.order_id,
        "later_order_id": removal.bought_later_order_id,
        "cart_status": cart.status if cart else None,
        "cart_order_id": cart.order_id if cart else None,
        "ordered": order is not None and any(line.item_id == removal.item_id for line in order.lines),
        "bought": later is not None
        and (later.owner == removal.owner and later.cart_id != removal.cart_id)
        and any(line.item_id == removal.item_id for line in later.lines),
    }


def _recorded_story(removal: Removal) -> tuple[Any, ...]:
    price = removal.unit_price
    name = removal.item_name
    return (removal.owner, name, removal.sku, price.amount, price.currency, removal.reason, removal.removed_at)


def _told_story(entry: Entry) -> tuple[Any, ...]:
    told, price = entry.data, entry.data["unit_price"]
    name = told["item_name"]
    return (told["owner"], name, told["sku"], price["amount"], price["currency"], told["reason"], entry.at)
