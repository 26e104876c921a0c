"""Units that leave a cart: taken out by the shopper, or taken back by the shop."""

from __future__ import annotations

from collections.abc import Iterator

from shopcore.carts.model import Cart, Line
from shopcore.catalog.model import Sellable
from shopcore.facts import CartFact, HoldExpired, HoldReleased, ItemRemoved, Lapse, LineDropped, Reason
from shopcore.turn import Turn


def take_out(cart: Cart, item: Sellable, turn: Turn, *, reason: Reason, version: int) -> Iterator[CartFact]:
    """Remove the whole line of `item`, which must be there.

    Units that the shop had taken back are recorded as removed already: such a line is only dropped.
    """
    line = cart.lines[item.id]
    if line.hold:
        yield HoldReleased(
            **turn.on(cart.id, version, f"{line.hold.id}/end"),
            hold_id=line.hold.id,
            item_id=item.id,
            quantity=line.quantity,
        )
    if line.counted:
        yield removed(cart, item, line, turn, version, reason=reason, left=0)
    else:
        yield LineDropped(
            **turn.on(cart.id, version),
            item_id=item.id,
        )


def lapse(cart: Cart, item: Sellable, turn: Turn, *, reason: Reason) -> Iterator[CartFact]:
    """The shop takes back what the line of `item` holds; the line stays in the cart as a wish."""
    line = cart.lines[item.id]
    version = cart.version + 1
    mark: Lapse = "unavailable" if reason == "unavailable" else "expired"
    if line.hold:
        yield HoldExpired(
            **turn.on(cart.id, version, f"{line.hold.id}/end"),
            hold_id=line.hold.id,
            item_id=item.id,
            quantity=line.quantity,
        )
    yield removed(cart, item, line, turn, version, reason=reason, left=line.quantity, mark=mark)


def lapsed(cart: Cart, item: Sellable, turn: Turn, *, reason: Reason) -> tuple[Cart, list[CartFact]]:
    """The cart after `lapse`, and what happened."""
    facts = list(lapse(cart, item, turn, reason=reason))
    return cart.after(*facts), facts


def removed(
    cart: Cart,
    item: Sellable,
    line: Line,
    turn: Turn,
    version: int,
    *,
    reason: Reason,
    left: int,
    mark: Lapse | None = None,
) -> ItemRemoved:
    """The record of units that left the line: all but `left`, or all of them where the line stays with a `mark`."""
    return ItemRemoved(
        **turn.on(cart.id, version),
        removal_id=turn.make_id(),
        owner=cart.owner,
        item_id=item.id,
        sku=item.sku,
        item_name=item.name,
        quantity=line.quantity if mark else line.quantity - left,
        line_quantity=left,
        unit_price=item.price,
        reason=reason,
        added_at=line.added_at,
        lapse=mark,
    )
