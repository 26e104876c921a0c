"""What sales learn: an item was in a cart and was taken out before checkout, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from shopcore.facts import SHOPPERS_REASONS, ItemRemoved, Reason
from shopcore.money import Money

Outcome = Literal["open", "recovered", "lost", "abandoned"]
RemovalState = Literal["all", "draft", "checked_out"]
SummaryBy = Literal["item", "customer", "reason", "day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """`quantity` units of an item left a cart at `removed_at`.

    `outcome` is `open` while the cart is a draft, and is set once: `recovered` if the cart's order holds the item
    after all, `lost` if it does not, `abandoned` if the cart ended without an order. `returned_at`: the item was
    put back into that cart. `bought_later_order_id`: the owner bought it with a later cart.
    """

    id: str
    cart_id: str
    owner: str
    item_id: str
    sku: str | None
    item_name: str
    quantity: int
    unit_price: Money
    reason: Reason
    added_at: datetime
    removed_at: datetime
    outcome: Outcome = "open"
    order_id: str | None = None
    returned_at: datetime | None = None
    bought_later_order_id: str | None = None
    username: str | None = None
    """Of the owner's account, as of the read; None without an account, or once it was erased."""

    @property
    def is_draft(self) -> bool:
        """True until that very cart was checked out."""
        return self.order_id is None

    @classmethod
    def of(cls, fact: ItemRemoved) -> Removal:
        return cls(
            id=fact.removal_id,
            cart_id=fact.cart_id,
            owner=fact.owner,
            item_id=fact.item_id,
            sku=fact.sku,
            item_name=fact.item_name,
            quantity=fact.quantity,
            unit_price=fact.unit_price,
            reason=fact.reason,
            added_at=fact.added_at,
            removed_at=fact.at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalFilter:
    """Which removals; the shoppers' own by default. `since` and `until` bound the removal time: [since, until)."""

    state: RemovalState = "all"
    outcome: Outcome | None = None
    reasons: tuple[Reason, ...] = field(default=SHOPPERS_REASONS)
    owner: str | None = None
    item_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryRow:
    """Removals that share a key: an item, a customer, a reason or a day (UTC).

    `label` names it for people: the item's (greatest) name, the customer's username, otherwise the key.
    `value` is the sum of quantity times price, per currency, so that a key has a row for each of its currencies.
    `customers` are distinct, as are `carts` (customer, item, cart): a removal repeated in one cart counts once.
    """

    key: str
    label: str
    currency: str
    removals: int
    quantity: int
    value: Money
    customers: int
    carts: int
    lost: int
    recovered: int
    bought_later: int
