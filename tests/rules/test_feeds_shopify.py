"""Shopify's product CSV."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

import pytest

from feed_files import SHOPIFY, bad, items, only, read, shopify, skipped, table
from shopcore.catalog.feeds import FORMATS, BadRow, ItemDraft, SkippedRow
from shopcore.money import Money

POT: dict[str, object] = {
    "Title": "Clay Pot",
    "Body (HTML)": "<p>Fired &amp; glazed</p>",
    "Vendor": "Kiln",
    "Type": "Garden",
    "Tags": "pots, clay",
    "Option1 Name": "Title",
    "Option1 Value": "Default Title",
    "Variant Price": "9.99",
}
SIZES: dict[str, object] = {**POT, "Option1 Name": "Size", "Option1 Value": "Small"}
LARGE: dict[str, object] = {"Option1 Value": "Large", "Variant Price": "15.99"}


def test_a_product_without_options_is_one_item() -> None:
    item = only(shopify({**POT, "Variant SKU": "POT-1", "Variant Barcode": "'0401"}))

    assert item.name == "Clay Pot"
    assert item.price == Money(999, "EUR")
    assert item.sku == "POT-1"
    assert item.description == "Fired & glazed"
    assert item.category == "Garden"
    assert item.attributes == {"handle": "pot", "vendor": "Kiln", "tags": ["pots", "clay"], "barcode": "0401"}
    assert item.row == 2


def test_every_variant_is_an_item_that_inherits_what_its_product_says() -> None:
    small, large = items(shopify(SIZES, LARGE))

    assert (small.name, large.name) == ("Clay Pot - Small", "Clay Pot - Large")
    assert (small.price.amount, large.price.amount) == (999, 1599)
    assert small.description == large.description == "Fired & glazed"
    assert small.category == large.category == "Garden"
    assert large.attributes == {
        "handle": "pot",
        "vendor": "Kiln",
        "tags": ["pots", "clay"],
        "options": {"Size": "Large"},
    }
    assert (small.row, large.row) == (2, 3)


def test_several_options_are_shown_together() -> None:
    (item,) = items(shopify({**SIZES, "Option2 Name": "Color", "Option2 Value": "Blue"}))

    assert item.name == "Clay Pot - Small / Blue"
    assert item.attributes["options"] == {"Size": "Small", "Color": "Blue"}


def test_ids_are_the_same_in_every_import_and_different_for_every_variant() -> None:
    first, again = shopify(SIZES, LARGE), shopify(SIZES, {**LARGE, "Variant Price": "17.99"})

    assert [item.id for item in items(first)] == [item.id for item in items(again)]
    assert len({item.id for item in items(first)}) == 2
    assert items(first)[0].id == str(uuid5(UUID("8c1f3c5e-6a0b-5d0e-9c57-2d1f0f4b7a11"), "shopify:pot?Size=Small"))


def test_options_that_spell_alike_when_joined_are_different_items() -> None:
    one = {**SIZES, "Option1 Value": "S&Color=Blue"}
    two = {**SIZES, "Option1 Value": "S", "Option2 Name": "Color", "Option2 Value": "Blue"}

    assert only(shopify(one)).id != only(shopify(two)).id


def test_images_of_all_rows_belong_to_every_variant_in_their_order_the_variants_own_first() -> None:
    rows = shopify(
        {**SIZES, "Image Src": "https://x/2", "Image Position": "2"},
        {**LARGE, "Image Src": "https://x/10", "Image Position": "10", "Variant Image": "https://x/own"},
        {"Image Src": "https://x/1", "Image Position": "1"},
        {"Image Src": "https://x/2", "Image Position": "3"},
    )

    small, large = items(rows)
    assert small.image_urls == ("https://x/1", "https://x/2", "https://x/10")
    assert large.image_urls == ("https://x/own", "https://x/1", "https://x/2", "https://x/10")


def test_an_item_keeps_as_many_images_as_it_has_room_for() -> None:
    more = ({"Image Src": f"https://x/{n}"} for n in range(30))

    assert len(only(shopify(POT, *more)).image_urls) == 20


def test_line_feeds_inside_a_cell_do_not_shift_the_row_numbers() -> None:
    rows = shopify({**SIZES, "Body (HTML)": "<p>one</p>\n<p>two</p>\n"}, {**LARGE, "Variant Price": ""})

    assert items(rows[:1])[0].description == "one\n\ntwo"
    assert rows[1] == BadRow(row=5, reasons=("price: is missing",))


@pytest.mark.parametrize(
    ("cells", "stock"),
    [
        ({"Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "3"}, 3),
        ({"Variant Inventory Qty": "3", "Variant Inventory Policy": "deny"}, 3),
        ({"Variant Inventory Qty": "0"}, 0),
        ({"Variant Inventory Qty": "-4", "Variant Inventory Policy": "deny"}, 0),
        ({"Variant Inventory Qty": "5.0"}, 5),
        ({"Variant Inventory Qty": ""}, None),
        (
            {
                "Variant Inventory Tracker": "shopify",
                "Variant Inventory Qty": "3",
                "Variant Inventory Policy": "continue",
            },
            None,
        ),
        ({"Variant Inventory Tracker": "shopify", "Variant Inventory Policy": "deny"}, 0),
    ],
)
def test_stock_is_the_quantity_unless_more_may_be_sold(cells: dict[str, object], stock: int | None) -> None:
    assert only(shopify({**POT, **cells})).stock == stock


@pytest.mark.parametrize("quantity", ["many", "2.5", "1e3000000", "NaN", "Infinity", "1_0", "1,000"])
def test_a_quantity_that_is_no_number_of_units_is_reported(quantity: str) -> None:
    assert bad(shopify({**POT, "Variant Inventory Qty": quantity})) == [(2, ("stock: must be a whole number",))]


@pytest.mark.parametrize(
    ("price", "reason"),
    [
        ("", "price: is missing"),
        ("1,299.00", "price: must be written like 1299.00, without thousands separators"),
        ("9,99", "price: must be written like 1299.00, without thousands separators"),
        ("$9.99", "price: must be a decimal number"),
        ("9.999", "price: has more than 2 decimals, EUR has 2"),
        ("-1", "price: must not be negative"),
        ("NaN", "price: must be a finite number"),
        ("1e30", "price: is beyond the limit"),
    ],
)
def test_a_price_that_is_none_costs_only_its_own_variant(price: str, reason: str) -> None:
    rows = shopify(SIZES, {**LARGE, "Variant Price": price}, {"Option1 Value": "Huge", "Variant Price": "20"})

    assert bad(rows) == [(3, (reason,))]
    assert [row.name for row in rows if isinstance(row, ItemDraft)] == ["Clay Pot - Small", "Clay Pot - Huge"]


def test_everything_that_is_wrong_with_a_row_is_reported_at_once() -> None:
    rows = shopify({**POT, "Variant Price": "x", "Variant SKU": "s" * 101, "Variant Inventory Qty": "y"})

    assert bad(rows) == [
        (
            2,
            (
                "price: must be a decimal number",
                "sku: must have 0 to 100 characters",
                "stock: must be a whole number",
            ),
        )
    ]


def test_variants_stay_though_their_products_first_row_is_bad() -> None:
    rows = shopify({**SIZES, "Variant Price": "?"}, LARGE)

    assert bad(rows) == [(2, ("price: must be a decimal number",))]
    assert [row.name for row in rows if isinstance(row, ItemDraft)] == ["Clay Pot - Large"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Status": "draft"}, "the product's status is draft"),
        ({"Status": "Archived"}, "the product's status is archived"),
        ({"Published": "FALSE"}, "the product is not published"),
    ],
)
def test_products_that_are_not_for_sale_are_left_out_with_all_their_variants(
    cells: dict[str, object], reason: str
) -> None:
    rows = shopify({**SIZES, **cells}, LARGE, {"Image Src": "https://x/1"}, {**POT, "Handle": "other"})

    assert skipped(rows) == [(2, reason), (3, reason)]
    assert [row.name for row in rows if isinstance(row, ItemDraft)] == ["Clay Pot"]


@pytest.mark.parametrize("cells", [{"Status": "active", "Published": "true"}, {"Status": "ACTIVE"}, {}])
def test_products_for_sale_are_read(cells: dict[str, object]) -> None:
    assert only(shopify({**POT, **cells})).name == "Clay Pot"


def test_a_row_that_says_the_same_again_is_left_out() -> None:
    rows = shopify(SIZES, LARGE, LARGE)

    assert rows[2] == SkippedRow(row=4, reason="repeats row 3")


def test_a_row_that_contradicts_an_earlier_one_is_bad() -> None:
    rows = shopify(SIZES, LARGE, {**LARGE, "Variant Price": "1"})

    assert bad(rows) == [(4, ("repeats row 3 with other values",))]


def test_one_sku_for_two_items_is_reported_and_both_rows_are_named() -> None:
    rows = shopify({**SIZES, "Variant SKU": "A"}, {**LARGE, "Variant SKU": "A"}, {**POT, "Handle": "other"})

    assert bad(rows) == [(3, ("sku: A is the SKU of row 2",))]
    assert len(rows) == 3


def test_a_product_without_any_variant_is_reported_though_it_has_an_image() -> None:
    rows = shopify({"Title": "Clay Pot", "Image Src": "https://x/1"}, LARGE)

    assert bad(rows) == [(2, ("price: is missing",))]
    assert [row.image_urls for row in rows if isinstance(row, ItemDraft)] == [("https://x/1",)]


def test_rows_apart_from_their_product_are_reported() -> None:
    rows = shopify(SIZES, {**POT, "Handle": "other"}, LARGE, {"Image Src": "https://x/1"})

    reason = "title: is missing, in this row and above: the rows of a product must stand together"
    assert bad(rows) == [(4, (reason,)), (5, (reason,))]


def test_a_row_without_handle_and_one_without_content_are_reported() -> None:
    rows = shopify(POT, {}, {**POT, "Handle": ""})

    assert sorted(bad(rows)) == [(3, ("has neither a variant nor an image",)), (4, ("handle: is missing",))]


def test_the_newer_column_names_say_the_same() -> None:
    renamed = {
        "Handle": "URL handle",
        "Body (HTML)": "Description",
        "Published": "Published on online store",
        "Option1 Name": "Option1 name",
        "Option1 Value": "Option1 value",
        "Variant SKU": "SKU",
        "Variant Inventory Tracker": "Inventory tracker",
        "Variant Inventory Qty": "Inventory quantity",
        "Variant Inventory Policy": "Continue selling when out of stock",
        "Variant Price": "Price",
        "Variant Barcode": "Barcode",
        "Image Src": "Product image URL",
        "Image Position": "Image position",
        "Variant Image": "Variant image URL",
        "Product Category": "Product category",
    }
    row: dict[str, Any] = {
        **SIZES,
        "Handle": "pot",
        "Variant SKU": "P-1",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": "7",
        "Variant Inventory Policy": "DENY",
        "Variant Barcode": "123",
        "Image Src": "https://x/1",
        "Variant Image": "https://x/2",
    }
    header = ",".join(renamed.get(name, name) for name in SHOPIFY.split(","))

    newer = read("shopify", table(header, {renamed.get(name, name): value for name, value in row.items()}))

    assert newer == shopify(row)
    assert only(newer).stock == 7


def test_selling_on_when_out_of_stock_is_known_by_either_generation() -> None:
    lines = table(
        "Title,URL handle,Price,Inventory quantity,Continue selling when out of stock",
        {
            "Title": "a",
            "URL handle": "a",
            "Price": "1",
            "Inventory quantity": "1",
            "Continue selling when out of stock": "TRUE",
        },
        {
            "Title": "b",
            "URL handle": "b",
            "Price": "1",
            "Inventory quantity": "1",
            "Continue selling when out of stock": "FALSE",
        },
    )

    assert [item.stock for item in items(read("shopify", lines))] == [None, 1]


def test_the_type_is_the_category_and_else_the_end_of_the_taxonomy_that_fits() -> None:
    taxonomy = " > ".join(["Home & Garden", "x" * 60, "y" * 60, "Pots"])

    assert only(shopify({**POT, "Product Category": taxonomy})).category == "Garden"
    assert only(shopify({**POT, "Type": "", "Product Category": taxonomy})).category == "y" * 60 + " > Pots"
    assert only(shopify({**POT, "Type": ""})).category is None


def test_prices_are_in_the_currency_that_was_given() -> None:
    lines = table(SHOPIFY, {**POT, "Handle": "pot", "Variant Price": "500"})

    assert only(read("shopify", lines, currency="JPY")).price == Money(500, "JPY")


def test_products_are_given_while_the_file_is_still_being_read() -> None:
    def endless() -> Iterator[str]:
        yield "Handle,Title,Variant Price\n"
        n = 0
        while True:
            n += 1
            yield f"pot-{n},Pot {n},{n}.50\n"

    rows = islice(FORMATS["shopify"](endless(), currency="EUR"), 1_000)

    assert [item.price.amount for item in items(rows)][-1] == 100_050
