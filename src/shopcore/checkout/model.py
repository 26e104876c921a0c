"""What stands between a cart and its order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shopcore.money import Money

ProblemCode = Literal[
    "CART_EMPTY", "INSUFFICIENT_STOCK", "HOLD_EXPIRED", "PRICE_CHANGED", "ITEM_UNAVAILABLE", "PROMO_NOT_FOUND"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reason why checkout refuses, with the facts that belong to its code.

    `old` and `new` are unit prices where the problem is a line's, and totals where it is the cart's.
    """

    code: ProblemCode
    item_id: str | None = None
    requested: int | None = None
    available: int | None = None
    old: Money | None = None
    new: Money | None = None
    promo_code: str | None = None
