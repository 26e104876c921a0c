"""Small product files made for the tests, and what was read from them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from shopcore.catalog.feeds import FORMATS, BadRow, FeedRow, ItemDraft, SkippedRow

SHOPIFY = """\
Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,\
Variant Barcode,Image Src,Image Position,Variant Image,Product Category,Status"""
WOOCOMMERCE = """\
ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description,\
Date sale price starts,Date sale price ends,In stock?,Stock,Backorders allowed?,Sale price,Regular price,\
Categories,Tags,Images,Parent,Attribute 1 name,Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)"""


def table(header: str, *rows: Mapping[str, object]) -> list[str]:
    """The physical lines of a CSV file; columns that a row leaves out are empty."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header.split(","), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines(keepends=True)


def read(format_name: str, lines: Iterable[str], *, currency: str = "EUR") -> list[FeedRow]:
    return list(FORMATS[format_name](lines, currency=currency))


def shopify(*rows: Mapping[str, object]) -> list[FeedRow]:
    """The rows of one product with the handle `pot`, unless a row names another one."""
    return read("shopify", table(SHOPIFY, *({"Handle": "pot", **row} for row in rows)))


def woocommerce(*rows: Mapping[str, object]) -> list[FeedRow]:
    return read("woocommerce", table(WOOCOMMERCE, *rows))


def items(rows: Iterable[FeedRow]) -> list[ItemDraft]:
    """What was read, where nothing may be wrong with any of it."""
    found = list(rows)
    assert [row for row in found if not isinstance(row, ItemDraft)] == []
    return [row for row in found if isinstance(row, ItemDraft)]


def only(rows: Iterable[FeedRow]) -> ItemDraft:
    (item,) = items(rows)
    return item


def bad(rows: Iterable[FeedRow]) -> list[tuple[int, tuple[str, ...]]]:
    return [(row.row, row.reasons) for row in rows if isinstance(row, BadRow)]


def skipped(rows: Iterable[FeedRow]) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in rows if isinstance(row, SkippedRow)]
