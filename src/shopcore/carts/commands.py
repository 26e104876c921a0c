"""What a shopper can ask of a cart. A batch of these is one use case (`shopcore.carts.batch`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shopcore.accounts.model import AccessClaims
from shopcore.idempotency import Key
from shopcore.money import Money
from shopcore.text import checked


@dataclass(frozen=True, slots=True, kw_only=True)
class CartCommand:
    """A request on the active cart of `owner`.

    `cart_id` names the cart that is meant: one that is closed by now is refused with CartClosed.
    `if_version`: refuse with StaleVersion unless the cart is at this version, as the caller saw it.
    `key`: an idempotency key; the same request with the same key has one effect and one answer.
    `login`: refuse with InvalidToken unless this login of the owner still stands, as of this very transaction.
    `at`: when it happened (UTC), for a history that is put in afterwards; without it, now.
    """

    owner: str
    actor: str | None = None
    cart_id: str | None = None
    if_version: int | None = None
    key: Key | None = None
    login: AccessClaims | None = None
    at: datetime | None = None

    def __post_init__(self) -> None:
        checked(self.owner, "owner", least=1, most=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCart(CartCommand):
    """Change nothing; open a cart for an owner who has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem(CartCommand):
    """Raise the item's line by `quantity` (1 to 999), or begin it."""

    item_id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SetQuantity(CartCommand):
    """Make the line hold exactly `quantity` (0 to 999) units; 0 removes it."""

    item_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveItem(CartCommand):
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearCart(CartCommand):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonCart(CartCommand):
    """End the cart without an order and open the next one; a cart that nothing was done with stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder(CartCommand):
    """Turn the cart into an order. A `cart_id` that is ordered already answers with its order again.

    `expected_total` is the most that the shopper agreed to pay: consent to prices that rose since.
    """

    expected_total: Money | None = None
    promo_code: str | None = None
