"""The one place where facts become what is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from shopcore.carts.model import Cart
from shopcore.carts.ports import CartChange
from shopcore.facts import (
    HOLDING,
    CartClosed,
    CartFact,
    CartOpened,
    Fact,
    ItemAdded,
    ItemRemoved,
    LineDropped,
    OrderCancelled,
    OrderPlaced,
    StockFact,
)
from shopcore.journal.model import Entry
from shopcore.orders.model import OrderEvent
from shopcore.removals.model import Removal
from shopcore.store import Transaction

F = TypeVar("F", bound=Fact)
_OF_A_LINE = (*HOLDING, ItemRemoved, LineDropped)
_OF_A_LEVEL = (*HOLDING, StockFact)


def record(tx: Transaction, facts: Sequence[Fact], carts: Mapping[str, Cart] | None = None) -> None:
    """Write everything that follows from `facts`.

    `carts` are the carts as the facts left them, by id; each cart that a fact names must be among them. The number
    of statements depends on the kinds of facts and on how many carts of one owner ended, not on how many facts there
    are. The order of the writes is the store's lock order: carts, stock, the rest.
    """
    if not facts:
        return
    with tx.together():
        if changes := _cart_changes(facts, carts or {}):
            tx.carts.save(changes)
        if deltas := _level_deltas(facts):
            tx.stock.change(deltas)
        for generation in _generations(facts):
            _record_removals(tx, generation, carts or {})
        tx.journal.append([Entry.of(fact) for fact in facts])
    for cancelled in _of(OrderCancelled, facts):
        event = OrderEvent(status="cancelled", at=cancelled.at, actor=cancelled.actor, reason=cancelled.reason)
        tx.orders.append(cancelled.order_id, event)


def _generations(facts: Sequence[Fact]) -> list[list[CartFact]]:
    """What happened to each owner's first cart of these, then to his second, and so on.

    A purchase is noted on what was removed from carts before it, and must not find what left the carts after it.
    """
    ended: Counter[str] = Counter()
    number: dict[str, int] = {}
    generations: defaultdict[int, list[CartFact]] = defaultdict(list)
    for fact in _of(CartFact, facts):
        if isinstance(fact, CartOpened):
            number[fact.cart_id] = ended[fact.owner]
        elif isinstance(fact, CartClosed):
            ended[fact.owner] += 1
        generations[number.get(fact.cart_id, 0)].append(fact)
    return [generations[key] for key in sorted(generations)]


def _record_removals(tx: Transaction, facts: Sequence[Fact], carts: Mapping[str, Cart]) -> None:
    removed, returns = _removals(facts)
    earlier = {pair: at for pair, at in returns.items() if carts[pair[0]].removals}
    if earlier:
        tx.removals.returned(earlier)
    if removed:
        tx.removals.add(removed)
    if orders := [fact.order for fact in _of(OrderPlaced, facts)]:
        tx.orders.add(orders)
        tx.removals.settle(orders)
    if abandoned := [fact.cart_id for fact in _of(CartClosed, facts) if fact.status == "abandoned"]:
        tx.removals.abandon(abandoned)


def _removals(facts: Sequence[Fact]) -> tuple[list[Removal], dict[tuple[str, str], datetime]]:
    """New records, and when items came back to their carts: an item may leave and return within one batch."""
    removals: list[Removal] = []
    out: defaultdict[tuple[str, str], list[int]] = defaultdict(list)  # where in `removals` the item has not returned
    returns: dict[tuple[str, str], datetime] = {}
    for fact in facts:
        if isinstance(fact, ItemRemoved):
            out[fact.cart_id, fact.item_id].append(len(removals))
            removals.append(Removal.of(fact))
        elif isinstance(fact, ItemAdded):
            pair = (fact.cart_id, fact.item_id)
            returns.setdefault(pair, fact.at)
            for place in out.pop(pair, ()):
                removals[place] = replace(removals[place], returned_at=fact.at)
    return removals, returns


def _cart_changes(facts: Sequence[Fact], carts: Mapping[str, Cart]) -> list[CartChange]:
    items: defaultdict[str, set[str]] = defaultdict(set)
    opened = {fact.cart_id for fact in _of(CartOpened, facts)}
    for fact in _of(CartFact, facts):
        touched = items[fact.cart_id]
        if isinstance(fact, _OF_A_LINE):
            touched.add(fact.item_id)
    return [
        CartChange(cart=carts[cart_id], items=frozenset(touched), is_new=cart_id in opened)
        for cart_id, touched in items.items()
    ]


def _level_deltas(facts: Sequence[Fact]) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = {}
    for fact in facts:
        if isinstance(fact, _OF_A_LEVEL):
            on_hand, held = sums.get(fact.item_id, (0, 0))
            sums[fact.item_id] = (on_hand + fact.on_hand, held + fact.held)
    return {item: delta for item, delta in sums.items() if delta != (0, 0)}


def _of(kind: type[F], facts: Sequence[Fact]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]
