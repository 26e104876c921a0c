"""An item as somebody describes it, before the shop has it: checked, complete, and comparable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shopcore.catalog.model import Item
from shopcore.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """What an item shall be. Made by `shopcore.catalog.rules.check_item`, so that every field is acceptable.

    `stock` is in units on hand, whether carts hold them or not; None is untracked. Two drafts are equal when they
    say the same of an item, wherever they were read.
    """

    id: str
    name: str
    price: Money
    sku: str | None = None
    description: str = ""
    category: str | None = None
    image_urls: tuple[str, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    stock: int | None = None
    max_per_customer: int | None = None
    row: int = field(default=0, compare=False, repr=False)
    """The line of the file where the description starts; 0 without a file."""

    @classmethod
    def of(cls, item: Item) -> ItemDraft:
        """What `item` is now: importing it changes nothing."""
        return cls(
            id=item.id,
            name=item.name,
            price=item.price,
            sku=item.sku,
            description=item.description,
            category=item.category,
            image_urls=item.image_urls,
            attributes=item.attributes,
            stock=None if item.level is None else item.level.on_hand,
            max_per_customer=item.max_per_customer,
        )
