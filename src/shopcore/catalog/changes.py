"""What adding, changing and withdrawing an item means, as facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.model import Item
from shopcore.errors import InvalidInput, StockTracked
from shopcore.facts import Fact, ItemChanged, ItemListed
from shopcore.inventory.model import Level
from shopcore.inventory.rules import adjust, receive
from shopcore.turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An item as it shall be kept, the level to begin to track it at, and what happened."""

    item: Item
    facts: tuple[Fact, ...] = ()
    tracked: Level | None = None


def listed(draft: ItemDraft, turn: Turn) -> Listing:
    """A new item. Its stock is received, so that the ledger accounts for every unit."""
    item = _described(draft, created_at=turn.now, price_revision=0)
    fact = ItemListed(
        **turn.stamp(f"{item.id}/listed"),
        item_id=item.id,
        name=item.name,
        price=item.price,
    )
    if draft.stock is None:
        return Listing(item=item, facts=(fact,))
    begun = _begin(item, draft.stock, turn)
    return replace(begun, facts=(fact, *begun.facts))


def changed(item: Item, draft: ItemDraft, turn: Turn, *, keep_stock: bool) -> Listing:
    """`item` as `draft` describes it; `keep_stock` leaves its stock alone.

    A draft's stock is what can be put in a cart, as an item shows it, so that writing back what was read changes
    nothing. Raises InvalidInput for another currency, StockTracked where a ledger would be abandoned.
    """
    if draft.price.currency != item.price.currency:
        raise InvalidInput("currency", f"cannot change from {item.price.currency}: archive this item and add another")
    revision = item.price_revision + (draft.price != item.price)
    after = replace(
        _described(draft, created_at=item.created_at, price_revision=revision), status=item.status, level=item.level
    )
    differences = _differences(item, after)
    facts: tuple[Fact, ...] = ()
    if differences:
        facts = (ItemChanged(**turn.stamp(), item_id=item.id, changes=differences),)
    if keep_stock or draft.stock == item.stock:
        return Listing(item=after, facts=facts)
    if draft.stock is None:
        raise StockTracked(item.id)
    if item.level is None:
        begun = _begin(after, draft.stock, turn)
        return replace(begun, facts=(*facts, *begun.facts))
    counted = adjust(item.level, item.level.held + draft.stock, "item changed", turn)
    return Listing(item=after, facts=(*facts, counted) if counted else facts)


def says_nothing_new(draft: ItemDraft, item: Item) -> bool:
    """Whether `draft` says of `item` what it is already, stock aside."""
    described = _described(draft, created_at=item.created_at, price_revision=item.price_revision)
    return not _differences(item, described)


def _begin(item: Item, units: int, turn: Turn) -> Listing:
    level = Level(item_id=item.id, on_hand=0)
    if units == 0:
        return Listing(item=replace(item, level=level), tracked=level)
    received = receive(item.id, units, "first stock", turn)
    return Listing(item=replace(item, level=level.after(received)), facts=(received,), tracked=level)


def _described(draft: ItemDraft, *, created_at: datetime, price_revision: int) -> Item:
    return Item(
        id=draft.id,
        name=draft.name,
        price=draft.price,
        sku=draft.sku,
        max_per_customer=draft.max_per_customer,
        price_revision=price_revision,
        description=draft.description,
        category=draft.category,
        image_urls=draft.image_urls,
        attributes=draft.attributes,
        created_at=created_at,
    )


def _differences(before: Item, after: Item) -> Mapping[str, tuple[str, str]]:
    """Fields that staff can set and that are not the same, old and new as text."""
    settable = [field.name for field in fields(ItemDraft) if field.name not in ("id", "stock", "row")]
    values: list[tuple[str, Any, Any]] = [(name, getattr(before, name), getattr(after, name)) for name in settable]
    return {name: (str(old), str(new)) for name, old, new in values if old != new}
