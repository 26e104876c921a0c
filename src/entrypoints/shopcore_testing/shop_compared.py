"""What can be seen of a shop, and what its model expects there."""

from __future__ import annotations

from collections.abc import Sequence

from shopcore.carts.desk import Outcome
from shopcore.carts.view import CartView
from shopcore.errors import CheckoutRefused, OutOfStock, ShopError
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.selling import ALL
from shopcore_testing.shop_model import Model, Refusal

Levels = dict[str, tuple[int, int] | None]
NAMES = ("cup", "few", "mug", "song")


def answer_of(outcome: Outcome | ShopError | None) -> Refusal:
    """A refusal as the model says it."""
    error = outcome.answer if isinstance(outcome, Outcome) else outcome
    if isinstance(error, CheckoutRefused):
        return tuple((problem.code, problem.item_id) for problem in error.problems)
    if isinstance(error, OutOfStock):
        return (error.code, error.requested, error.available)
    return (error.code,) if isinstance(error, ShopError) else ()


def levels(shop: Shop) -> Levels:
    with shop.store.read() as tx:
        items, found = tx.items.sellables(NAMES), tx.stock.levels(NAMES)
    known = {name: found.get(name) for name in items}
    return {name: None if level is None else (level.on_hand, level.held) for name, level in known.items()}


def expected_levels(model: Model) -> Levels:
    return {
        name: None if thing.on_hand is None else (thing.on_hand, model.held(name))
        for name, thing in model.things.items()
    }


def carts(shop: Shop) -> dict[str, object]:
    found = shop.carts.list(PageRequest(limit=100), active_only=True)
    return {cart.owner: _seen(cart) for cart in found}


def _seen(cart: CartView) -> object:
    lines = [(line.item_id, line.quantity, line.hold, line.until, line.unit_price.amount) for line in cart.lines]
    obstacles = [(problem.code, problem.item_id) for problem in cart.problems]
    return cart.version, lines, cart.total.amount, obstacles


def expected_carts(model: Model) -> dict[str, object]:
    return {owner: _expected_cart(model, owner) for owner in model.carts}


def _expected_cart(model: Model, owner: str) -> object:
    lines = []
    for name, line in model.in_order(owner):
        recalled = model.things[name].status == "recalled"
        hold = line.lapse or ("unavailable" if recalled else "live" if line.since else "none")
        lines.append((name, line.quantity, hold, line.until, model.things[name].price))
    return model.versions[owner], lines, model.total(owner), model.problems(owner)


def removals(shop: Shop, order_ids: Sequence[str]) -> list[str]:
    """Orders are named by their numbers, and records come in an order that does not depend on ids."""
    numbers = {order_id: number for number, order_id in enumerate(order_ids)}
    return sorted(
        repr(
            (
                *(row.owner, row.item_id, row.quantity, row.unit_price.amount, row.reason, row.removed_at),
                *(row.outcome, row.is_draft, row.returned_at, numbers.get(row.bought_later_order_id or "")),
            )
        )
        for row in shop.removals.export(ALL)
    )


def expected_removals(model: Model) -> list[str]:
    return sorted(
        repr(
            (
                *(row.owner, row.item, row.quantity, row.price, row.reason, row.at),
                *(row.outcome, row.outcome in ("open", "abandoned"), row.returned, row.later),
            )
        )
        for row in model.records
    )


def orders(shop: Shop, order_ids: Sequence[str]) -> list[object]:
    with shop.store.read() as tx:
        found = tx.orders.get(order_ids)
    return [
        (
            found[order_id].owner,
            {line.item_id: (line.quantity, line.unit_price.amount) for line in found[order_id].lines},
            found[order_id].status == "cancelled",
        )
        for order_id in order_ids
    ]


def expected_orders(model: Model) -> list[object]:
    return [(sale.owner, sale.lines, sale.cancelled) for sale in model.sales]
