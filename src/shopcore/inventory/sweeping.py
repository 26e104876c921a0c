"""Taking back what carts hold too long, or may not hold any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shopcore.carts.leaving import lapsed
from shopcore.carts.model import Cart
from shopcore.catalog.model import Sellable
from shopcore.facts import CartFact
from shopcore.record import record
from shopcore.store import Transaction
from shopcore.turn import Turn

SWEEP_BATCH = 200
"""Carts in one transaction."""


def sweep(tx: Transaction, turn: Turn, *, items: Sequence[str] | None = None, limit: int = SWEEP_BATCH) -> int:
    """Sweep at most `limit` carts and give how many there were; see Inventory.sweep."""
    carts = tx.carts.lock_lapsed(turn.now, items=items, limit=limit)
    wanted = {item_id for cart in carts for item_id in cart.lines}
    if not wanted:
        return 0
    tx.stock.lock(wanted)
    sellables = tx.items.sellables(wanted)
    swept = [_swept(cart, sellables, turn) for cart in carts]
    facts = [fact for _, happened in swept for fact in happened]
    record(tx, facts, {cart.id: cart for cart, _ in swept})
    return len(carts)


def _swept(cart: Cart, items: Mapping[str, Sellable], turn: Turn) -> tuple[Cart, list[CartFact]]:
    """The cart without what it held too long or may not hold any more, and what happened to it."""
    happened: list[CartFact] = []
    for item_id, line in cart.lines.items():
        item = items[item_id]
        recalled = item.status == "recalled" and not line.lapse
        if recalled or cart.overdue(item_id, turn.now):
            cart, facts = lapsed(cart, item, turn, reason="unavailable" if recalled else "expired")
            happened += facts
    return cart, happened
