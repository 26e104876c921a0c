"""Facts: frozen values that say what happened. Everything that is written follows from them.

A rule decides facts, `record` (see `shopcore.record`) writes their consequences, and the journal keeps every
one. `on_hand` and `held` say what a fact does to an item's level, in units; both are 0 where it does nothing.
`operation` identifies the fact for good: a store never accepts the same operation twice, so that a hold, for
one, ends once and an order line is restocked once even if all other guards failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from shopcore.money import Money

if TYPE_CHECKING:
    from shopcore.orders.model import Order

Reason = Literal["removed", "decreased", "cleared", "expired", "unavailable", "merged", "stock_correction"]
Lapse = Literal["expired", "unavailable"]
SHOPPERS_REASONS: tuple[Reason, ...] = ("removed", "decreased", "cleared")
SYSTEMS_REASONS: tuple[Reason, ...] = ("expired", "unavailable", "merged", "stock_correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened `at` a time (UTC), caused by `actor` (an owner, a user id or a program)."""

    operation: str
    at: datetime
    actor: str

    kind: ClassVar[str] = ""
    """The fact's name in the journal."""

    @property
    def on_hand(self) -> int:
        return 0

    @property
    def held(self) -> int:
        return 0


# ---- carts: `version` is the cart's stored version once the command that caused the fact is done


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
    """`quantity` more units are in the cart, `line_quantity` in all; units whose hold had ended count anew."""

    kind = "item_added"
    owner: str
    item_id: str
    quantity: int
    line_quantity: int
    unit_price: Money
    price_revision: int


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


# ---- holds


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFact(CartFact):
    hold_id: str
    item_id: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTaken(HoldFact):
    kind = "hold_taken"
    until: datetime | None

    @property
    def held(self) -> int:
        return self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldChanged(HoldFact):
    """The hold's quantity changed by `quantity` (which may be negative), and its deadline was renewed."""

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


# ---- orders


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(CartFact):
    kind = "order_placed"
    order: Order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Fact):
    kind = "order_cancelled"
    order_id: str
    reason: str


# ---- stock


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFact(Fact):
    item_id: str
    quantity: int

    @property
    def on_hand(self) -> int:
        return self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class StockReceived(StockFact):
    """Units came in. The item is tracked from its first such fact on."""

    kind = "stock_received"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAdjusted(StockFact):
    """A count or a loss: `quantity` may be negative."""

    kind = "stock_adjusted"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRestocked(StockFact):
    """A cancelled order's units came back."""

    kind = "stock_restocked"
    order_id: str


# ---- catalog


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemListed(Fact):
    kind = "item_listed"
    item_id: str
    name: str
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChanged(Fact):
    """Fields of an item changed; `changes` maps a field to its old and new value, as text."""

    kind = "item_changed"
    item_id: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithdrawn(Fact):
    """The item is archived: `finish` lets live holds check out, `recall` takes them back."""

    kind = "item_withdrawn"
    item_id: str
    mode: Literal["finish", "recall"]
