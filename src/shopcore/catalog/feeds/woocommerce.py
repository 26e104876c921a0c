"""WooCommerce's product CSV export.

Simple products and variations are items. A `variable` product is none: its variations inherit from it, wherever in
the file it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from shopcore.catalog.feeds.cells import category, images, listed, says_yes, units
from shopcore.catalog.feeds.plain import plain_text
from shopcore.catalog.feeds.rows import BadRow, FeedRow, SkippedRow, draft_row, source_id, unique
from shopcore.catalog.feeds.table import Record, records
from shopcore.catalog.feeds.woocommerce_cells import amount, cell, description, options, web_images

_NAMES = {
    "type": ("type",),
    "name": ("name",),
    "regular price": ("regular price",),
    "barcode": ("gtin, upc, ean, or isbn",),
}
_REQUIRED = ("type", "name", "regular price")
_SOLD = frozenset(("simple", "variation", "variable", "virtual", "downloadable"))


def fits(header: frozenset[str]) -> bool:
    """Whether a file with these column names, in lower case, is WooCommerce's."""
    return header.issuperset(_REQUIRED)


def read(lines: Iterable[str], *, currency: str) -> Iterator[FeedRow]:
    """Every product that can be bought as an item; see `Reader`. Prices are taken to be in `currency`.

    Remembers the variable products, and the variations that come before theirs.
    """
    return unique(_read(lines, currency))


def _read(lines: Iterable[str], currency: str) -> Iterator[FeedRow]:
    parents: dict[str, Record] = {}
    early: list[Record] = []
    for record in records(lines, names=_NAMES, required=_REQUIRED, product_file="WooCommerce product CSV"):
        if isinstance(record, BadRow):
            yield record
            continue
        types = {kind.casefold() for kind in listed(record["type"])}
        if unsold := types - _SOLD:
            yield SkippedRow(row=record.row, reason=f"products of type {', '.join(sorted(unsold))} are no items")
        elif "variable" in types:
            parents.update(dict.fromkeys(_references(record), record))
        elif "variation" not in types:
            yield _item(record, None, currency)
        elif cell(record, "parent") in parents:
            yield _item(record, parents[cell(record, "parent")], currency)
        else:
            early.append(record)
    for record in early:
        parent = parents.get(cell(record, "parent"))
        yield _item(record, parent, currency) if parent else _orphan(record)


def _references(record: Record) -> list[str]:
    """How variations refer to their product."""
    number, sku = record["id"], cell(record, "sku")
    return [name for name in (f"id:{number}" if number else "", sku) if name]


def _orphan(record: Record) -> BadRow:
    parent = cell(record, "parent")
    reason = f"its product {parent} is not in the file" if parent else "is missing"
    return BadRow(row=record.row, reasons=(f"parent: {reason}",))


def _item(record: Record, parent: Record | None, currency: str) -> FeedRow:
    if record["published"] not in ("", "1") or (parent and parent["published"] not in ("", "1")):
        return SkippedRow(row=record.row, reason="the product is not published")
    if parent and _shares_stock(record, parent):
        reason = "stock: is that of the whole product: give each variation a number of its own"
        return BadRow(row=record.row, reasons=(reason,))
    choice = options(record)
    categories = listed(cell(record, "categories") or (cell(parent, "categories") if parent else ""))
    return draft_row(
        record.row,
        item_id=_id(record, choice),
        name=cell(record, "name") or _variation_name(parent, choice),
        price=_price(record),
        currency=currency,
        sku=cell(record, "sku"),
        description=plain_text(description(record, parent), keep_lines=True),
        category=category(categories[0]) if categories else None,
        image_urls=images(web_images(record), web_images(parent) if parent else ()),
        stock=_stock(record, parent),
        attributes=_attributes(record, parent, choice, categories),
    )


def _id(record: Record, choice: dict[str, str]) -> str:
    if record["id"]:
        return source_id(f"woocommerce:id:{record['id']}")
    if sku := cell(record, "sku"):
        return source_id(f"woocommerce:sku:{sku}")
    return source_id(f"woocommerce:name:{cell(record, 'parent')}/{cell(record, 'name')}", choice)


def _variation_name(parent: Record | None, choice: dict[str, str]) -> str:
    return f"{cell(parent, 'name')} - {', '.join(choice.values())}" if parent else ""


def _price(record: Record) -> str:
    """The sale price, unless it is meant for some days only: nobody would raise it again."""
    regular, sale = amount(record, "regular price"), amount(record, "sale price")
    return sale if sale and not (regular and _sale_days(record)) else regular


def _sale_days(record: Record) -> bool:
    return bool(record["date sale price starts"] or record["date sale price ends"])


def _stock(record: Record, parent: Record | None) -> int | str | None:
    """Units, or None for what never runs out: no stock management, or orders taken beyond the stock."""
    if record["in stock?"].casefold() == "backorder" or _takes_backorders(record):
        return None
    text = cell(record, "stock")
    if parent and (text.casefold() == "parent" or not text) and _takes_backorders(parent):
        return None
    if text:
        return units(text)
    return 0 if record["in stock?"] == "0" else None


def _takes_backorders(record: Record) -> bool:
    return record["backorders allowed?"].casefold() == "notify" or says_yes(record["backorders allowed?"])


def _shares_stock(record: Record, parent: Record) -> bool:
    """Whether the variation is sold out of its product's stock: several items cannot share one here."""
    if _takes_backorders(record) or _takes_backorders(parent):
        return False
    return record["stock"].casefold() == "parent" or (not record["stock"] and bool(parent["stock"]))


def _attributes(record: Record, parent: Record | None, choice: dict[str, str], categories: list[str]) -> dict[str, Any]:
    tags = cell(record, "tags") or (cell(parent, "tags") if parent else "")
    seen = record["visibility in catalog"]
    found: dict[str, Any] = {
        "options": choice,
        "tags": listed(tags),
        "categories": categories if len(categories) > 1 else [],
        "parent": cell(record, "parent"),
        "barcode": cell(record, "barcode"),
        "visibility": "" if seen == "visible" else seen,
    }
    if record["sale price"] and _sale_days(record):
        sale = {
            "price": amount(record, "sale price"),
            "from": record["date sale price starts"],
            "until": record["date sale price ends"],
        }
        found["sale"] = {name: value for name, value in sale.items() if value}
    return {name: value for name, value in found.items() if value}
