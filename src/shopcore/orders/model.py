"""An order: what was agreed, for good. Only its status moves, as appended events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopcore.money import Money

OrderStatus = Literal["placed", "cancelled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """An amount taken off, by a promo code or by an offer that applied by itself."""

    label: str
    amount: Money
    code: str | None = None
    offer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One item as it was sold: later changes of the item do not show here. `hold_id` names the stock committed."""

    item_id: str
    sku: str | None
    name: str
    unit_price: Money
    quantity: int
    line_total: Money
    discount: Money
    hold_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent:
    """The order reached `status` at a time; the newest one is the order's status."""

    status: OrderStatus
    at: datetime
    actor: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """subtotal - discount = total, exactly, in one currency."""

    id: str
    owner: str
    cart_id: str
    created_at: datetime
    currency: str
    lines: tuple[OrderLine, ...]
    subtotal: Money
    discount: Money
    total: Money
    discounts: tuple[Discount, ...] = ()
    history: tuple[OrderEvent, ...] = ()

    @property
    def status(self) -> OrderStatus:
        return self.history[-1].status if self.history else "placed"
