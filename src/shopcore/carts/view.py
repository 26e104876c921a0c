"""The cart as its shopper sees it: today's prices, exact totals, and whatever stands before the checkout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Literal

from shopcore.carts.model import Cart, CartStatus, Line
from shopcore.catalog.model import Sellable
from shopcore.checkout.model import Problem
from shopcore.errors import CurrencyMismatch
from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore.orders.model import Discount, Order, OrderLine

ShownHold = Literal["live", "expired", "unavailable", "committed", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """`hold` is `none` for an untracked item; `until` is the hold's deadline, None for a hold without one."""

    item_id: str
    name: str
    unit_price: Money
    quantity: int
    hold: ShownHold
    until: datetime | None

    @property
    def line_total(self) -> Money:
        return self.unit_price * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class CartView:
    """subtotal - discount = total, always, exactly."""

    id: str
    owner: str
    status: CartStatus
    version: int
    currency: str
    opened_at: datetime
    changed_at: datetime
    lines: tuple[LineView, ...]
    subtotal: Money
    discount: Money
    total: Money
    discounts: tuple[Discount, ...]
    problems: tuple[Problem, ...]
    order_id: str | None = None


def view(
    cart: Cart, items: Mapping[str, Sellable], levels: Mapping[str, Level], order: Order | None = None
) -> CartView:
    """Show `cart`, given the items of all its lines and the levels of those that are tracked.

    An active cart shows today's prices, an ordered one those of its `order`, an abandoned one the last seen.
    """
    rows = in_order(cart)
    if order is not None:
        lines = tuple([_sold(line) for line in order.lines])
    else:
        lines = tuple([_line(cart, line, items[line.item_id]) for line in rows])
    subtotal = _subtotal(lines, cart.currency)
    discount = order.discount if order else Money.zero(cart.currency)
    return CartView(
        id=cart.id,
        owner=cart.owner,
        status=cart.status,
        version=shown_version(cart, items),
        currency=cart.currency,
        opened_at=cart.opened_at,
        changed_at=cart.changed_at,
        lines=lines,
        subtotal=subtotal,
        discount=discount,
        total=subtotal - discount if order else subtotal,
        discounts=order.discounts if order else (),
        problems=tuple(obstacles(rows, items, levels)) if cart.status == "active" else (),
        order_id=cart.order_id,
    )


def in_order(cart: Cart) -> list[Line]:
    """The lines as they are shown: oldest first."""
    return sorted(cart.lines.values(), key=attrgetter("added_at", "item_id"))


def shown_version(cart: Cart, items: Mapping[str, Sellable]) -> int:
    """The version a client sees: one more for each command, and for each price change of a line in the cart."""
    if cart.status != "active":
        return cart.version
    seen = cart.lines.values()
    return cart.version + sum([items[line.item_id].price_revision - line.price_revision for line in seen])


def obstacles(lines: Sequence[Line], items: Mapping[str, Sellable], levels: Mapping[str, Level]) -> list[Problem]:
    """Everything that would make checkout refuse a cart of `lines` as it is, in their order."""
    if not lines:
        return [Problem(code="CART_EMPTY")]
    problems: list[Problem] = []
    for line in lines:
        item = items[line.item_id]
        if line.hold is None or item.status != "listed" or item.price.amount > line.seen_price.amount:
            problems += _line_obstacles(line, item, levels.get(line.item_id))
    return problems


def _subtotal(lines: Sequence[LineView], currency: str) -> Money:
    """The sum of the lines, added up as ints: a Money for each step took as long as the lines themselves."""
    total = 0
    for line in lines:
        price = line.unit_price
        if price.currency != currency:
            raise CurrencyMismatch(currency, price.currency)
        total += price.amount * line.quantity
    return Money(total, currency)


def _line_obstacles(line: Line, item: Sellable, level: Level | None) -> list[Problem]:
    problems: list[Problem] = []
    needs_stock = level is not None and line.hold is None
    if item.status == "recalled" or (item.status == "finishing" and (needs_stock or line.lapse)):
        problems.append(Problem(code="ITEM_UNAVAILABLE", item_id=line.item_id))
    elif needs_stock and level is not None and line.quantity > (most := _most(item, level)):
        problems.append(
            Problem(
                code="HOLD_EXPIRED" if line.lapse else "INSUFFICIENT_STOCK",
                item_id=line.item_id,
                requested=line.quantity,
                available=most,
            )
        )
    if item.price.amount > line.seen_price.amount:  # in one currency: an item never changes its own
        problems.append(Problem(code="PRICE_CHANGED", item_id=line.item_id, old=line.seen_price, new=item.price))
    return problems


def _most(item: Sellable, level: Level) -> int:
    limit = item.max_per_customer
    return level.available if limit is None else min(level.available, limit)


def _line(cart: Cart, line: Line, item: Sellable) -> LineView:
    price = item.price if cart.status == "active" else line.seen_price
    hold: ShownHold = "none"
    if line.lapse:
        hold = line.lapse
    elif item.status == "recalled" and cart.status == "active":
        hold = "unavailable"
    elif line.hold:
        hold = "live"
    return LineView(
        item_id=line.item_id,
        name=item.name,
        unit_price=price,
        quantity=line.quantity,
        hold=hold,
        until=line.hold.until if line.hold else None,
    )


def _sold(line: OrderLine) -> LineView:
    return LineView(
        item_id=line.item_id,
        name=line.name,
        unit_price=line.unit_price,
        quantity=line.quantity,
        hold="committed" if line.hold_id else "none",
        until=None,
    )
