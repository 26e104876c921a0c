"""From a cart to an order."""

from __future__ import annotations

from shopcore.carts.batch import CartBatch
from shopcore.carts.commands import PlaceOrder
from shopcore.money import Money
from shopcore.orders.model import Order


class Checkout:
    def __init__(self, batch: CartBatch) -> None:
        self._batch = batch

    def place_order(
        self,
        owner: str,
        *,
        cart_id: str | None = None,
        expected_total: Money | None = None,
        promo_code: str | None = None,
        if_version: int | None = None,
        actor: str | None = None,
    ) -> Order:
        """Turn the owner's cart into an order: all lines or none, each unit sold once.

        Naming a `cart_id` that is ordered already gives its order again, so a lost answer can be asked for again.
        `expected_total`, or `if_version`, is the shopper's consent to prices that rose since he added the items.
        Raises CheckoutRefused with every problem, CartNotFound, CartClosed, StaleVersion; nothing is changed then.
        """
        command = PlaceOrder(
            owner=owner,
            cart_id=cart_id,
            expected_total=expected_total,
            promo_code=promo_code,
            if_version=if_version,
            actor=actor,
        )
        [outcome] = self._batch.run([command])
        return outcome.take(Order)
