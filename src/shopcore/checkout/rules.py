"""The rule of checkout: all lines or none, at prices the shopper has agreed to, out of stock that is his."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace

from shopcore.carts.commands import PlaceOrder
from shopcore.carts.model import Cart, Line
from shopcore.carts.rules import next_version, put_quantity
from shopcore.carts.view import CartView, in_order, view
from shopcore.catalog.model import Sellable
from shopcore.checkout.model import Problem
from shopcore.errors import CheckoutRefused, CurrencyMismatch
from shopcore.facts import CartClosed, CartFact, CartOpened, HoldCommitted, HoldTaken, ItemAdded, OrderPlaced
from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore.orders.model import Order, OrderEvent, OrderLine
from shopcore.turn import Turn


def place_order(
    cart: Cart, command: PlaceOrder, items: Mapping[str, Sellable], levels: Mapping[str, Level], turn: Turn
) -> Iterator[CartFact]:
    """Commit every hold (retaking what had lapsed), place the order, close the cart and open the next one.

    Raises CheckoutRefused with everything that stands in the way.
    """
    shown = view(cart, items, levels)
    if problems := refusals(shown, command):
        raise CheckoutRefused(tuple(problems))
    version = next_version(cart, *(items[item_id] for item_id in cart.lines))
    order_id = turn.make_id()
    hold_ids: dict[str, str] = {}
    for line in in_order(cart):
        level = levels.get(line.item_id)
        if level is not None:
            hold_ids[line.item_id] = yield from _commit(cart, line, items[line.item_id], level, order_id, turn, version)
    order = _order(order_id, cart, shown, items, hold_ids, turn)
    yield OrderPlaced(
        **turn.on(cart.id, version, f"{cart.id}/order"),
        order=order,
    )
    yield CartClosed(
        **turn.on(cart.id, version, f"{cart.id}/closed"),
        owner=cart.owner,
        status="ordered",
        order_id=order_id,
    )
    yield open_cart(cart.owner, turn, version=version + 1)


def open_cart(owner: str, turn: Turn, *, version: int = 1) -> CartOpened:
    """An empty cart. The next of an owner goes on counting, so that no version of the old one fits it."""
    cart_id = turn.make_id()
    return CartOpened(
        **turn.on(cart_id, version, f"{cart_id}/opened"),
        owner=owner,
        currency=turn.policy.currency,
    )


def refusals(shown: CartView, command: PlaceOrder) -> list[Problem]:
    """What stands in the way, given what the shopper consented to: a version he saw, or a total."""
    problems = list(shown.problems)
    if command.promo_code is not None:
        problems.append(Problem(code="PROMO_NOT_FOUND", promo_code=command.promo_code))
    expected = command.expected_total
    if expected is not None and expected.currency != shown.currency:
        raise CurrencyMismatch(expected.currency, shown.currency)
    consented = command.if_version is not None or (expected is not None and shown.total <= expected)
    if consented:
        problems = [problem for problem in problems if problem.code != "PRICE_CHANGED"]
    rose = any(problem.code == "PRICE_CHANGED" for problem in problems)
    if expected is not None and shown.total > expected and not rose:
        problems.append(Problem(code="PRICE_CHANGED", old=expected, new=shown.total))
    return problems


def _commit(
    cart: Cart, line: Line, item: Sellable, level: Level, order_id: str, turn: Turn, version: int
) -> Generator[CartFact, None, str]:
    hold_id = line.hold.id if line.hold else ""
    if not line.hold:
        for fact in put_quantity(cart, item, level, line.quantity, turn, asked=line.quantity):
            if isinstance(fact, (ItemAdded, HoldTaken)):
                hold_id = fact.hold_id or hold_id
            yield replace(fact, version=version)  # that of the checkout, of which it is a part
    yield HoldCommitted(
        **turn.on(cart.id, version, f"{hold_id}/end"),
        hold_id=hold_id,
        item_id=item.id,
        quantity=line.quantity,
        order_id=order_id,
    )
    return hold_id


def _order(
    order_id: str,
    cart: Cart,
    shown: CartView,
    items: Mapping[str, Sellable],
    hold_ids: Mapping[str, str],
    turn: Turn,
) -> Order:
    nothing = Money.zero(shown.currency)
    return Order(
        id=order_id,
        owner=cart.owner,
        cart_id=cart.id,
        created_at=turn.now,
        currency=shown.currency,
        lines=tuple(
            OrderLine(
                item_id=line.item_id,
                sku=items[line.item_id].sku,
                name=line.name,
                unit_price=line.unit_price,
                quantity=line.quantity,
                line_total=line.line_total,
                discount=nothing,
                hold_id=hold_ids.get(line.item_id),
            )
            for line in shown.lines
        ),
        subtotal=shown.subtotal,
        discount=shown.discount,
        total=shown.total,
        discounts=shown.discounts,
        history=(OrderEvent(status="placed", at=turn.now, actor=turn.actor),),
    )
