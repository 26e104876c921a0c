"""Stock of one item: how many units there are, and how many of them are promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shopcore.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Units `on_hand` in the warehouse and `held` by carts: 0 <= held <= on_hand."""

    item_id: str
    on_hand: int
    held: int = 0

    @property
    def available(self) -> int:
        """What can still be put in a cart; never stored."""
        return self.on_hand - self.held

    def after(self, fact: Fact) -> Level:
        return Level(item_id=self.item_id, on_hand=self.on_hand + fact.on_hand, held=self.held + fact.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockEquation:
    """received + adjusted + restocked - sold = on hand, each in units since the item was first tracked."""

    received: int = 0
    adjusted: int = 0
    restocked: int = 0
    sold: int = 0

    @property
    def on_hand(self) -> int:
        return self.received + self.adjusted + self.restocked - self.sold


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUnits:
    """Who holds units of an item, and until when (None: for good)."""

    cart_id: str
    owner: str
    hold_id: str
    quantity: int
    until: datetime | None
