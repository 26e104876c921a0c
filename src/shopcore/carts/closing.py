"""How a cart ends without an order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shopcore.carts.model import Cart
from shopcore.carts.rules import next_version
from shopcore.carts.view import in_order
from shopcore.catalog.model import Sellable
from shopcore.checkout.rules import open_cart
from shopcore.facts import CartClosed, CartFact, HoldReleased
from shopcore.turn import Turn


def abandon(cart: Cart, items: Mapping[str, Sellable], turn: Turn) -> Iterator[CartFact]:
    """Give back all stock and close the cart. Its lines stay in it, as a record: nobody removed them."""
    version = next_version(cart, *(items[item_id] for item_id in cart.lines))
    for line in in_order(cart):
        if line.hold:
            yield HoldReleased(
                **turn.on(cart.id, version, f"{line.hold.id}/end"),
                hold_id=line.hold.id,
                item_id=line.item_id,
                quantity=line.quantity,
            )
    yield CartClosed(
        **turn.on(cart.id, version, f"{cart.id}/closed"),
        owner=cart.owner,
        status="abandoned",
    )


def leave(cart: Cart, items: Mapping[str, Sellable], turn: Turn) -> Iterator[CartFact]:
    """Abandon a cart that something was done with, and open its owner's next one."""
    if cart.lines or cart.removals:
        yield from abandon(cart, items, turn)
        version = next_version(cart, *(items[item_id] for item_id in cart.lines))
        yield open_cart(cart.owner, turn, version=version + 1)
