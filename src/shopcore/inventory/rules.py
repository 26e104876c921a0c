"""What staff do to stock: receive, count, and take units back from carts where there are too few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shopcore.carts.leaving import lapsed
from shopcore.carts.model import Cart
from shopcore.catalog.model import Sellable
from shopcore.errors import InvalidInput, StockHeld
from shopcore.facts import CartFact, Fact, StockAdjusted, StockReceived
from shopcore.inventory.model import Level
from shopcore.turn import Turn

MAX_STOCK = 10**9


def receive(item_id: str, quantity: int, reason: str, turn: Turn) -> StockReceived:
    """Units came in."""
    _within(quantity, "stock")
    return StockReceived(
        **turn.stamp(),
        item_id=item_id,
        quantity=quantity,
        reason=reason,
    )


def correct(level: Level, delta: int, reason: str, turn: Turn) -> Fact | None:
    """Change what is on hand by `delta`: units that came in are received, fewer are an adjustment.

    Raises StockHeld where carts hold more than would be left.
    """
    if delta == 0:
        return None
    if delta > 0:
        _within(level.on_hand + delta, "delta")
        return receive(level.item_id, delta, reason, turn)
    return adjust(level, level.on_hand + delta, reason, turn)


def adjust(level: Level, on_hand: int, reason: str, turn: Turn) -> Fact | None:
    """`on_hand` units were counted. Raises StockHeld where carts hold more."""
    _within(on_hand, "onHand")
    if on_hand < level.held:
        raise StockHeld(level.item_id, level.held, level.held - on_hand)
    if on_hand == level.on_hand:
        return None
    return StockAdjusted(
        **turn.stamp(),
        item_id=level.item_id,
        quantity=on_hand - level.on_hand,
        reason=reason,
    )


def release(carts: Iterable[Cart], item: Sellable, units: int, turn: Turn) -> Iterator[tuple[Cart, list[CartFact]]]:
    """Take back at least `units` units of `item`, whole holds, from `carts` in the order given."""
    for cart in carts:
        held = cart.lines[item.id].held if item.id in cart.lines else 0
        if units > 0 and held:
            yield lapsed(cart, item, turn, reason="stock_correction")
            units -= held


def _within(units: int, field: str) -> None:
    if type(units) is not int or not 0 <= units <= MAX_STOCK:
        raise InvalidInput(field, f"must be a whole number from 0 to {MAX_STOCK}")
