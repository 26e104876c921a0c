"""Items as rows of their tables: what is read of them for shoppers and staff."""

from __future__ import annotations

from typing import Any

from shopcore.catalog.model import Item
from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore_sql.schema import items, stock

LEVEL = (stock.c.on_hand, stock.c.held)
ITEM = (
    items.c.id,
    items.c.name,
    items.c.price,
    items.c.currency,
    items.c.sku,
    items.c.status,
    items.c.max_per_customer,
    items.c.price_revision,
    items.c.description,
    items.c.category,
    items.c.image_urls,
    items.c.attributes,
    items.c.created_at,
    *LEVEL,
)
"""What `read_item` takes, in its order."""


def read_item(row: Any) -> Item:
    # By position: to look up fifteen names in each of fifty rows took longer than to fetch them.
    item_id, name, price, currency, sku, status, most, revision, description, category, images, more, at, *level = row
    on_hand, held = level
    return Item(
        id=item_id,
        name=name,
        price=Money(price, currency),
        sku=sku,
        status=status,
        max_per_customer=most,
        price_revision=revision,
        level=read_level(item_id, on_hand, held),
        description=description,
        category=category,
        image_urls=tuple(images),
        attributes=more,
        created_at=at,
    )


def read_level(item_id: str, on_hand: int | None, held: int) -> Level | None:
    return None if on_hand is None else Level(item_id=item_id, on_hand=on_hand, held=held)
