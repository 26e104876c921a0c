"""The rules of a cart: `state, command, now -> facts`, or a ShopError and nothing happened.

Nothing here reads a clock, makes an id or touches a store: all of it comes in with the `Turn`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shopcore.carts.model import MAX_QUANTITY, Cart, Line
from shopcore.catalog.model import Sellable
from shopcore.clock import MakeId
from shopcore.errors import CustomerLimit, InvalidInput, ItemUnavailable, OtherCurrency, OutOfStock
from shopcore.facts import (
    CartFact,
    HoldChanged,
    HoldExpired,
    HoldReleased,
    HoldTaken,
    ItemAdded,
    ItemRemoved,
    Lapse,
    LineDropped,
    Reason,
)
from shopcore.inventory.model import Level
from shopcore.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The circumstances of one command: when, on whose behalf, under which policy, with which source of ids."""

    now: datetime
    actor: str
    policy: Policy
    make_id: MakeId


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
    if line is not None and quantity == line.counted and (level is None or line.hold):
        return
    version = next_version(cart, item) if quantity > counted else cart.version + 1
    if quantity > counted:
        yield ItemAdded(
            operation=turn.make_id(),
            at=turn.now,
            actor=turn.actor,
            cart_id=cart.id,
            version=version,
            owner=cart.owner,
            item_id=item.id,
            quantity=quantity - counted,
            line_quantity=quantity,
            unit_price=item.price,
            price_revision=item.price_revision,
        )
    elif line is not None and quantity < counted:
        yield _removed(cart, item, line, turn, version, reason="decreased", left=quantity)
    if level is not None:
        yield _hold(cart, line, item.id, quantity, turn, version)


def take_out(cart: Cart, item: Sellable, turn: Turn, *, reason: Reason, version: int) -> Iterator[CartFact]:
    """Remove the whole line of `item`, which must be there.

    Units that the shop had taken back are recorded as removed already: such a line is only dropped.
    """
    line = cart.lines[item.id]
    if line.hold:
        yield HoldReleased(
            operation=f"{line.hold.id}/end",
            at=turn.now,
            actor=turn.actor,
            cart_id=cart.id,
            version=version,
            hold_id=line.hold.id,
            item_id=item.id,
            quantity=line.quantity,
        )
    if line.counted:
        yield _removed(cart, item, line, turn, version, reason=reason, left=0)
    else:
        yield LineDropped(
            operation=turn.make_id(),
            at=turn.now,
            actor=turn.actor,
            cart_id=cart.id,
            version=version,
            item_id=item.id,
        )


def lapse(cart: Cart, item: Sellable, turn: Turn, *, reason: Reason) -> Iterator[CartFact]:
    """The shop takes back what the line of `item` holds; the line stays in the cart as a wish."""
    line = cart.lines[item.id]
    version = cart.version + 1
    mark: Lapse = "unavailable" if reason == "unavailable" else "expired"
    if line.hold:
        yield HoldExpired(
            operation=f"{line.hold.id}/end",
            at=turn.now,
            actor=turn.actor,
            cart_id=cart.id,
            version=version,
            hold_id=line.hold.id,
            item_id=item.id,
            quantity=line.quantity,
        )
    yield _removed(cart, item, line, turn, version, reason=reason, left=line.quantity, mark=mark)


def lapsed(cart: Cart, item: Sellable, turn: Turn, *, reason: Reason) -> tuple[Cart, list[CartFact]]:
    """The cart after `lapse`, and what happened."""
    facts = list(lapse(cart, item, turn, reason=reason))
    for fact in facts:
        cart = cart.after(fact)
    return cart, facts


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


def _hold(
    cart: Cart, line: Line | None, item_id: str, quantity: int, turn: Turn, version: int
) -> HoldTaken | HoldChanged:
    policy = turn.policy
    if line is not None and line.hold:
        return HoldChanged(
            operation=turn.make_id(),
            at=turn.now,
            actor=turn.actor,
            cart_id=cart.id,
            version=version,
            hold_id=line.hold.id,
            item_id=item_id,
            quantity=quantity - line.quantity,
            until=_deadline(policy, turn.now, line.hold.since),
        )
    hold_id = turn.make_id()
    return HoldTaken(
        operation=f"{hold_id}/start",
        at=turn.now,
        actor=turn.actor,
        cart_id=cart.id,
        version=version,
        hold_id=hold_id,
        item_id=item_id,
        quantity=quantity,
        until=_deadline(policy, turn.now, turn.now),
    )


def _deadline(policy: Policy, now: datetime, since: datetime) -> datetime | None:
    if policy.hold_time <= timedelta(0):
        return None
    return min(now + policy.hold_time, since + policy.hold_cap)


def _removed(
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
    return ItemRemoved(
        operation=turn.make_id(),
        at=turn.now,
        actor=turn.actor,
        cart_id=cart.id,
        version=version,
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
