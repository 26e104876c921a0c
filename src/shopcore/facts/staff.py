"""What staff do: to orders, to stock, to the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from shopcore.facts.base import Fact
from shopcore.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Fact):
    kind = "order_cancelled"
    order_id: str
    reason: str


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
