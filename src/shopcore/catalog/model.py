"""What is for sale, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore.text import fold

ItemStatus = Literal["listed", "finishing", "recalled"]
"""`finishing` and `recalled` are the two ways of being archived: no new holds, and with `recalled` no old ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sellable:
    """What a cart must know of an item, but for its level."""

    id: str
    name: str
    price: Money
    sku: str | None = None
    status: ItemStatus = "listed"
    max_per_customer: int | None = None
    price_revision: int = 0
    """Grows by one with each change of the price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Sellable):
    """An item with all that a catalog page shows. `attributes` are the shop's own, as JSON values.

    `level` is None for an untracked item: there is always enough.
    """

    level: Level | None = None
    description: str = ""
    category: str | None = None
    image_urls: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime

    @property
    def stock(self) -> int | None:
        """What can still be put in a cart now; None is unlimited."""
        return None if self.level is None else self.level.available

    @property
    def search_text(self) -> str:
        """The folded words by which the item is found."""
        return fold(" ".join((self.name, self.sku or "", self.category or "", self.description)))


Sort = Literal["name", "price", "createdAt"]
SortOrder = Literal["asc", "desc"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter:
    """Which items to list, and in which order; ties are broken by id. Archived items are never listed.

    `words` is a folded query (`shopcore.text.fold`): every word must begin some word of the item.
    Prices are in major units of whatever currency an item has.
    """

    words: str = ""
    category: str | None = None
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool | None = None
    sort: Sort = "createdAt"
    order: SortOrder = "asc"
