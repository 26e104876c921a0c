"""Shopify's product CSV, in the column names of either generation.

A product is a run of rows with one Handle: its first row tells what all variants share, every row with an option,
a price or a SKU is a variant, the others bring further images.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shopcore.catalog.feeds.cells import category, images, listed, says_no, says_yes, units
from shopcore.catalog.feeds.plain import plain_text
from shopcore.catalog.feeds.rows import BadRow, FeedRow, SkippedRow, draft_row, source_id, unique
from shopcore.catalog.feeds.table import Record, records

_NAMES = {
    "handle": ("handle", "url handle"),
    "title": ("title",),
    "body": ("body (html)", "body html", "description"),
    "vendor": ("vendor",),
    "type": ("type", "custom product type"),
    "taxonomy": ("product category", "standardized product type"),
    "tags": ("tags",),
    "published": ("published", "published on online store"),
    "status": ("status",),
    **{f"option {n}": (f"option{n} name",) for n in (1, 2, 3)},
    **{f"value {n}": (f"option{n} value",) for n in (1, 2, 3)},
    "sku": ("variant sku", "sku"),
    "barcode": ("variant barcode", "barcode"),
    "price": ("variant price", "price"),
    "tracker": ("variant inventory tracker", "inventory tracker"),
    "quantity": ("variant inventory qty", "inventory quantity"),
    "policy": ("variant inventory policy", "continue selling when out of stock"),
    "image": ("image src", "product image url"),
    "image position": ("image position",),
    "variant image": ("variant image", "variant image url"),
}
_REQUIRED = ("handle", "title", "price")


def fits(header: frozenset[str]) -> bool:
    """Whether a file with these column names, in lower case, is Shopify's."""
    return all(any(name in header for name in _NAMES[column]) for column in _REQUIRED)


def read(lines: Iterable[str], *, currency: str) -> Iterator[FeedRow]:
    """Every variant of a listed product as an item; see `Reader`. Prices are taken to be in `currency`."""
    return unique(_read(lines, currency))


def _read(lines: Iterable[str], currency: str) -> Iterator[FeedRow]:
    product: list[Record] = []
    for record in records(lines, names=_NAMES, required=_REQUIRED, product_file="Shopify product CSV"):
        if isinstance(record, BadRow):
            yield record
        elif not record["handle"]:
            yield BadRow(row=record.row, reasons=("handle: is missing",))
        else:
            if product and record["handle"] != product[0]["handle"]:
                yield from _product(product, currency)
                product = []
            product.append(record)
    if product:
        yield from _product(product, currency)


def _product(rows: Sequence[Record], currency: str) -> Iterator[FeedRow]:
    first = rows[0]
    if not first["title"]:
        reason = "title: is missing, in this row and above: the rows of a product must stand together"
        yield from (BadRow(row=row.row, reasons=(reason,)) for row in rows)
        return
    hidden = _hidden(first)
    shared = _Shared.of(rows)
    for row in rows:
        if row is not first and not _is_variant(row):
            if not row["image"]:
                yield BadRow(row=row.row, reasons=("has neither a variant nor an image",))
        elif hidden:
            yield SkippedRow(row=row.row, reason=hidden)
        else:
            yield _variant(shared, row, currency)


def _is_variant(row: Record) -> bool:
    return any(row[name] for name in ("value 1", "value 2", "value 3", "price", "sku"))


def _hidden(first: Record) -> str | None:
    status = first["status"].casefold()
    if status not in ("", "active"):
        return f"the product's status is {status}"
    return "the product is not published" if says_no(first["published"]) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shared:
    """What the variants of a product have in common."""

    handle: str
    title: str
    description: str
    category: str | None
    images: tuple[str, ...]
    options: Mapping[int, str]
    attributes: Mapping[str, Any]

    @classmethod
    def of(cls, rows: Sequence[Record]) -> _Shared:
        first = rows[0]
        attributes = {"handle": first["handle"], "vendor": first["vendor"], "tags": listed(first["tags"])}
        return cls(
            handle=first["handle"],
            title=first["title"],
            description=plain_text(first["body"]),
            category=category(first["type"]) or category(first["taxonomy"]),
            images=images(row["image"] for row in sorted(rows, key=_image_position)),
            options={n: name for n in (1, 2, 3) if (name := first[f"option {n}"])},
            attributes={name: value for name, value in attributes.items() if value},
        )


def _image_position(row: Record) -> int:
    text = row["image position"]
    return int(text) if text.isdecimal() and len(text) < 10 else 10**9


def _variant(shared: _Shared, row: Record, currency: str) -> FeedRow:
    options = _options(shared, row)
    # Shopify puts an apostrophe before codes of digits, so that spreadsheets keep them.
    barcode = row["barcode"].removeprefix("'")
    return draft_row(
        row.row,
        item_id=source_id(f"shopify:{shared.handle}", options),
        name=f"{shared.title} - {' / '.join(options.values())}" if options else shared.title,
        price=row["price"],
        currency=currency,
        sku=row["sku"].removeprefix("'"),
        description=shared.description,
        category=shared.category,
        image_urls=images([row["variant image"]], shared.images),
        stock=_stock(row),
        attributes={
            **shared.attributes,
            **({"options": options} if options else {}),
            **({"barcode": barcode} if barcode else {}),
        },
    )


def _options(shared: _Shared, row: Record) -> dict[str, str]:
    options = {shared.options.get(n, f"Option{n}"): value for n in (1, 2, 3) if (value := row[f"value {n}"])}
    return {} if list(options.values()) == ["Default Title"] else options


def _stock(row: Record) -> int | str | None:
    """Units, or None for an item that never runs out.

    Shopify counts only what has a tracker, but its own sample files, and those of many others, leave the tracker
    empty and give quantities that are meant. So a quantity counts, with or without a tracker, unless the policy is
    to sell on when it is used up. What is tracked without a quantity (stores with several locations export it
    elsewhere) is out of stock until it is counted: selling without end would be worse.
    """
    if row["policy"].casefold() == "continue" or says_yes(row["policy"]):
        return None
    if row["quantity"]:
        return units(row["quantity"])
    return 0 if row["tracker"] else None
