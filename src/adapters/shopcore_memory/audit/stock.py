from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from shopcore.audit.books import HoldBook, LedgerBook, StockBook
from shopcore.carts.model import Cart, Line
from shopcore.facts import (
    HoldChanged,
    HoldCommitted,
    HoldExpired,
    HoldReleased,
    HoldTaken,
    ItemAdded,
    StockAdjusted,
    StockReceived,
    StockRestocked,
)
from shopcore.journal.model import Entry
from shopcore_memory.state import State

_TERM = {
    StockReceived.kind: "received",
    StockAdjusted.kind: "adjusted",
    StockRestocked.kind: "restocked",
    HoldCommitted.kind: "sold",
}
_COUNT = {
    HoldReleased.kind: "released",
    HoldExpired.kind: "expired",
    HoldCommitted.kind: "committed",
}
_TAKES = {ItemAdded.kind, HoldTaken.kind, HoldChanged.kind}
_ENDS = {HoldReleased.kind, HoldExpired.kind, HoldCommitted.kind}


def ledger(state: State) -> Iterator[Entry]:
    return (entry for entry in state.entries.values() if entry.on_hand or entry.held)


def held_lines(state: State) -> Iterator[tuple[Cart, Line, str]]:
    """Lines that a hold lives on, with its id."""
    for cart in state.carts.values():
        for line in cart.lines.values():
            if line.hold is not None:
                yield cart, line, line.hold.id


def stock_books(state: State) -> Iterator[StockBook]:
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    tracked = {level.item_id for level in state.levels.values()}
    for level in state.levels.values():
        sums[level.item_id].update(on_hand=level.on_hand, held=level.held)
    for _, line, _ in held_lines(state):
        sums[line.item_id].update(live=line.quantity)
    for entry in ledger(state):
        item = sums[entry.item_id or ""]
        item.update(entries=1, ledger_on_hand=entry.on_hand, ledger_held=entry.held)
        if term := _TERM.get(entry.kind):
            item[term] += -entry.on_hand if term == "sold" else entry.on_hand
        held, free = item["ledger_held"], item["ledger_on_hand"] - item["ledger_held"]
        item["least_held"] = min(item.get("least_held", held), held)
        item["least_free"] = min(item.get("least_free", free), free)
    for item_id, units in sorted(sums.items()):
        yield StockBook(item_id=item_id, tracked=item_id in tracked, **units)


def ledger_books(state: State) -> Iterator[LedgerBook]:
    times = Counter(entry.operation for entry in ledger(state))
    for entry in sorted(
        {entry.operation: entry for entry in ledger(state)}.values(), key=lambda entry: entry.operation
    ):
        yield LedgerBook(
            operation=entry.operation,
            entries=times[entry.operation],
            kind=entry.kind,
            actor=entry.actor,
            item_id=entry.item_id,
            hold_id=entry.hold_id,
            order_id=entry.order_id,
            reason=entry.data.get("reason"),
            quantity=entry.data.get("quantity"),
            line_quantity=entry.data.get("line_quantity"),
            on_hand=entry.on_hand,
            held=entry.held,
        )


def hold_books(state: State) -> Iterator[HoldBook]:
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    at: defaultdict[str, dict[str, int]] = defaultdict(dict)
    named: defaultdict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    orders: defaultdict[str, set[str]] = defaultdict(set)
    for entry in state.entries.values():
        if entry.hold_id is None:
            continue
        _read(entry, sums[entry.hold_id], at[entry.hold_id])
        named[entry.hold_id].add((entry.cart_id, entry.item_id))
        if entry.order_id:
            orders[entry.hold_id].add(entry.order_id)
    for cart, line, hold_id in held_lines(state):
        sums[hold_id].update(lines=1, idle_lines=int(cart.status != "active"), line_units=line.quantity)
        named[hold_id].add((cart.id, line.item_id))
    for order in state.orders.values():
        for sale in order.lines:
            if sale.hold_id is not None:
                sums[sale.hold_id].update(sales=1, sold=sale.quantity)
                named[sale.hold_id].add((order.cart_id, sale.item_id))
                orders[sale.hold_id].add(order.id)
    for hold_id, units in sorted(sums.items()):
        times = at[hold_id]
        yield HoldBook(
            hold_id=hold_id,
            one_line=len(named[hold_id]) == 1,
            one_order=len(orders[hold_id]) <= 1,
            first=times.get("first"),
            last=times.get("last"),
            started_at=times.get("started_at"),
            ended_at=times.get("ended_at"),
            **units,
        )


def _read(entry: Entry, units: Counter[str], at: dict[str, int]) -> None:
    """Add what one entry of a hold's history says."""
    at.setdefault("first", entry.position)
    at["last"] = entry.position
    if count := _COUNT.get(entry.kind):
        units[count] += 1
    if entry.kind == HoldTaken.kind or (entry.kind == ItemAdded.kind and entry.operation == f"{entry.hold_id}/start"):
        at["started_at"] = entry.position
        units["starts"] += 1
    if entry.kind in _ENDS:
        at["ended_at"] = entry.position
        units["ended"] -= entry.held
    elif entry.kind in _TAKES:
        units["taken"] += entry.held
