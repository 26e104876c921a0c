"""What happens to a cart, to the stock that it holds, and at its checkout.

`version` is the cart's stored version once the command that caused the fact is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from shopcore.facts.base import Fact, Lapse, Reason
from shopcore.money import Money

if TYPE_CHECKING:
    from shopcore.orders.model import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class CartFact(Fact):
    cart_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CartOpened(CartFact):
    kind = "cart_opened"
    owner: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CartClosed(CartFact):
    """The cart ended: `ordered` (with the order) or `abandoned`."""

    kind = "cart_closed"
    owner: str
    status: Literal["ordered", "abandoned"]
    order_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded(CartFact):
    """`quantity` more units are in the cart, `line_quantity` in all; units whose hold had ended count anew.

    Where the item is tracked, the same fact says what it does to the line's hold: it begins with `line_quantity`
    units, as `<hold_id>/start`, or grows by `quantity`, and is good `until` then.
    """

    kind = "item_added"
    owner: str
    item_id: str
    quantity: int
    line_quantity: int
    unit_price: Money
    price_revision: int
    hold_id: str | None = None
    held: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRemoved(CartFact):
    """`quantity` fewer units are in the cart, for `reason`: the fact behind a sales' removal record.

    `line_quantity` is what the line shows then. With a `lapse` it stays whole, as a wish without a claim to stock.
    """

    kind = "item_removed"
    removal_id: str
    owner: str
    item_id: str
    sku: str | None
    item_name: str
    quantity: int
    line_quantity: int
    unit_price: Money
    reason: Reason
    added_at: datetime
    lapse: Lapse | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDropped(CartFact):
    """A line whose units were recorded as removed before (its hold had ended) left the cart."""

    kind = "line_dropped"
    item_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFact(CartFact):
    hold_id: str
    item_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTaken(HoldFact):
    """A line that held nothing takes a hold, and no unit is added to it."""

    kind = "hold_taken"
    until: datetime | None

    @property
    def held(self) -> int:
        return self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged(HoldFact):
    """The hold shrank with its line, `quantity` being negative, and its deadline was renewed.

    Journals of before decision 56 have it of holds that grew, too.
    """

    kind = "hold_changed"
    until: datetime | None

    @property
    def held(self) -> int:
        return self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReleased(HoldFact):
    """The shopper gave the units back."""

    kind = "hold_released"

    @property
    def held(self) -> int:
        return -self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldExpired(HoldFact):
    """The shop took the units back; the line stays in the cart, without a claim to stock."""

    kind = "hold_expired"

    @property
    def held(self) -> int:
        return -self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldCommitted(HoldFact):
    """The units were sold with `order_id`."""

    kind = "hold_committed"
    order_id: str

    @property
    def on_hand(self) -> int:
        return -self.quantity

    @property
    def held(self) -> int:
        return -self.quantity


HOLDING = (ItemAdded, HoldFact)
"""Facts that may change what a line holds, and so its item's level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(CartFact):
    kind = "order_placed"
    order: Order
