"""Product files of real shops, counted independently."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from feed_files import items
from shopcore.catalog.feeds import ItemDraft, read_feed
from shopcore.errors import InvalidInput

FILES = {"shopify_apparel.csv": 22, "shopify_home-and-garden.csv": 21, "packt_product-data.csv": 21}
each_file = pytest.mark.parametrize("name", FILES)


def drafts(path: Path) -> list[ItemDraft]:
    with path.open("rb") as file:
        return items(read_feed(file, currency="USD", filename=path.name))


def variants(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["Variant Price"]]


@each_file
def test_every_variant_is_there_with_its_exact_price_and_quantity(real_data: Path, name: str) -> None:
    path = real_data / "catalogs" / name
    expected = variants(path)

    found = drafts(path)

    assert len(found) == len(expected) == FILES[name]
    assert [item.attributes["handle"] for item in found] == [row["Handle"] for row in expected]
    assert [item.price.major for item in found] == [Decimal(row["Variant Price"]) for row in expected]
    assert [item.stock for item in found] == [int(row["Variant Inventory Qty"]) for row in expected]


@each_file
def test_ids_are_unique_and_stay(real_data: Path, name: str) -> None:
    path = real_data / "catalogs" / name

    found = drafts(path)

    assert len({item.id for item in found}) == len(found)
    assert found == drafts(path)


@each_file
def test_rows_are_the_lines_where_the_variants_start(real_data: Path, name: str) -> None:
    path = real_data / "catalogs" / name
    lines = path.read_text(encoding="utf-8").split("\n")

    for item in drafts(path):
        assert lines[item.row - 1].startswith(f"{item.attributes['handle']},")


@each_file
def test_nothing_of_the_html_is_left_in_a_description(real_data: Path, name: str) -> None:
    for item in drafts(real_data / "catalogs" / name):
        assert item.description
        assert not set("<>") & set(item.description)


@pytest.mark.parametrize("name", ["spree_products.csv", "oscar_books.hacking.csv", "cosmetics_items.csv.gz"])
def test_other_tables_are_refused_with_a_word_on_what_can_be_read(real_data: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="none of the known formats shopify, woocommerce, jsonl"):
        drafts(real_data / "catalogs" / name)
