"""The rules of a cart: `state, command, now -> facts`, or a ShopError and nothing happened.

Nothing here reads a clock, makes an id or touches a store: all of it comes in with the `Turn`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from shopcore.carts.leaving import removed
from shopcore.carts.model import MAX_QUANTITY, Cart, Line
from shopcore.catalog.model import Sellable
from shopcore.errors import CustomerLimit, InvalidInput, ItemUnavailable, OtherCurrency, OutOfStock
from shopcore.facts import (
    CartFact,
    HoldChanged,
    HoldTaken,
    ItemAdded,
)
from shopcore.inventory.model import Level
from shopcore.policy import Policy
from shopcore.turn import Turn


def put_quantity(
    cart: Cart, item: Sellable, level: Level | None, quantity: int, turn: Turn, *, asked: int, bought: int = 0
) -> Iterator[CartFact]:
    """Make the line of `item` hold `quantity` (at least 1) units, taking or giving back stock as it must.

    `asked` is what the request said, for the error; `bought` counts towards the customer's limit.
    """
    line = cart.lines.get(item.id)
    counted, held = (line.counted, line.held) if line else (0, 0)
    if quantity > counted:
        _may_grow(cart, item, quantity, asked=asked, bought=bought)
    if level is not None and quantity - held > level.available:
        raise OutOfStock(item.id, asked, level.available)
    if line is None or quantity > counted:
        yield _added(cart, item, line, level, quantity, turn)
        return
    if quantity < counted:
        yield removed(cart, item, line, turn, cart.version + 1, reason="decreased", left=quantity)
    if level is not None and not (quantity == counted and line.hold):
        yield _hold(cart, line, quantity, turn)


def next_version(cart: Cart, *touched: Sellable) -> int:
    """The stored version after a command on the lines of `touched`.

    A client's version counts price changes of the lines. Where a line is renewed or leaves, those it had seen
    are folded into the stored number, so that the client's version never goes back.
    """
    drift = sum(
        item.price_revision - line.price_revision for item in touched if (line := cart.lines.get(item.id)) is not None
    )
    return cart.version + 1 + drift


def _may_grow(cart: Cart, item: Sellable, quantity: int, *, asked: int, bought: int) -> None:
    if quantity > MAX_QUANTITY:
        raise InvalidInput("quantity", f"a line holds at most {MAX_QUANTITY} units")
    if item.status != "listed":
        raise ItemUnavailable(item.id)
    if cart.lines and item.price.currency != cart.currency:
        raise OtherCurrency(item.id, item.price.currency, cart.currency)
    if item.max_per_customer is not None and quantity + bought > item.max_per_customer:
        raise CustomerLimit(item.id, asked, item.max_per_customer, bought)


def _added(cart: Cart, item: Sellable, line: Line | None, level: Level | None, quantity: int, turn: Turn) -> ItemAdded:
    """One fact of the units and of their hold: in a sale all is adds, and each fact is a row of the journal."""
    more = quantity - (line.counted if line else 0)
    hold_id: str | None = None
    operation, held, until = None, 0, None
    if line and line.hold:
        hold_id, held, until = line.hold.id, more, _deadline(turn.policy, turn.now, line.hold.since)
    elif level is not None:
        hold_id, held, until = turn.make_id(), quantity, _deadline(turn.policy, turn.now, turn.now)
        operation = f"{hold_id}/start"
    return ItemAdded(
        **turn.on(cart.id, next_version(cart, item), operation),
        owner=cart.owner,
        item_id=item.id,
        quantity=more,
        line_quantity=quantity,
        unit_price=item.price,
        price_revision=item.price_revision,
        hold_id=hold_id,
        held=held,
        until=until,
    )


def _hold(cart: Cart, line: Line, quantity: int, turn: Turn) -> HoldTaken | HoldChanged:
    """What the line holds where no unit is added: `quantity`, out of the hold it has or a new one."""
    policy, version = turn.policy, cart.version + 1
    if line.hold:
        return HoldChanged(
            **turn.on(cart.id, version),
            hold_id=line.hold.id,
            item_id=line.item_id,
            quantity=quantity - line.quantity,
            until=_deadline(policy, turn.now, line.hold.since),
        )
    hold_id = turn.make_id()
    return HoldTaken(
        **turn.on(cart.id, version, f"{hold_id}/start"),
        hold_id=hold_id,
        item_id=line.item_id,
        quantity=quantity,
        until=_deadline(policy, turn.now, turn.now),
    )


def _deadline(policy: Policy, now: datetime, since: datetime) -> datetime | None:
    if policy.hold_time <= timedelta(0):
        return None
    return min(now + policy.hold_time, since + policy.hold_cap)
