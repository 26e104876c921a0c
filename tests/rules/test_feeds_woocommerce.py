"""WooCommerce's product CSV export."""

from __future__ import annotations

import pytest

from feed_files import bad, items, only, skipped, woocommerce
from shopcore.catalog.feeds import BadRow, ItemDraft, SkippedRow
from shopcore.money import Money

CAP: dict[str, object] = {
    "ID": "60",
    "Type": "simple",
    "SKU": "woo-cap",
    "Name": "Cap",
    "Published": "1",
    "Visibility in catalog": "visible",
    "In stock?": "1",
    "Backorders allowed?": "0",
    "Regular price": "18",
}
TEE: dict[str, object] = {
    "ID": "44",
    "Type": "variable",
    "SKU": "woo-tee",
    "Name": "V-Neck",
    "Published": "1",
    "Description": "<strong>Soft</strong>",
    "Categories": "Clothing > Tshirts",
    "Tags": "summer",
    "Images": "https://x/1.jpg, https://x/2.jpg",
    "Attribute 1 name": "Color",
    "Attribute 1 value(s)": "Blue, Red",
}
RED: dict[str, object] = {
    "ID": "76",
    "Type": "variation",
    "SKU": "woo-tee-red",
    "Name": "V-Neck - Red",
    "Published": "1",
    "In stock?": "1",
    "Regular price": "20",
    "Images": "https://x/red.jpg",
    "Parent": "woo-tee",
    "Attribute 1 name": "Color",
    "Attribute 1 value(s)": "Red",
    "Attribute 2 name": "Size",
}


def test_a_simple_product_is_an_item() -> None:
    item = only(
        woocommerce(
            {
                **CAP,
                "Description": "A cap.",
                "Short description": "Cap!",
                "Categories": "Clothing > Caps, Sale",
                "Tags": "head, sun",
                "Attribute 1 name": "Color",
                "Attribute 1 value(s)": "Yellow",
            }
        )
    )

    assert (item.name, item.sku, item.price) == ("Cap", "woo-cap", Money(1800, "EUR"))
    assert item.description == "A cap."
    assert item.category == "Clothing > Caps"
    assert item.attributes == {
        "options": {"Color": "Yellow"},
        "tags": ["head", "sun"],
        "categories": ["Clothing > Caps", "Sale"],
    }
    assert item.row == 2


@pytest.mark.parametrize("kind", ["simple", "simple, downloadable, virtual", "Simple", "virtual", ""])
def test_types_that_can_be_bought_as_they_are(kind: str) -> None:
    assert only(woocommerce({**CAP, "Type": kind})).name == "Cap"


@pytest.mark.parametrize("parent", ["woo-tee", "id:44"])
def test_a_variation_is_an_item_that_inherits_from_its_product_which_is_none(parent: str) -> None:
    item = only(woocommerce(TEE, {**RED, "Parent": parent}))

    assert (item.name, item.price.amount) == ("V-Neck - Red", 2000)
    assert item.description == "Soft"
    assert item.category == "Clothing > Tshirts"
    assert item.image_urls == ("https://x/red.jpg", "https://x/1.jpg", "https://x/2.jpg")
    assert item.attributes == {"options": {"Color": "Red"}, "tags": ["summer"], "parent": parent}


def test_a_variation_may_stand_before_its_product() -> None:
    rows = woocommerce(RED, CAP, TEE)

    assert [(item.name, item.row) for item in items(rows)] == [("Cap", 3), ("V-Neck - Red", 2)]
    assert items(rows)[1].category == "Clothing > Tshirts"


def test_a_variation_without_a_name_is_named_after_its_product_and_options() -> None:
    assert only(woocommerce(TEE, {**RED, "Name": ""})).name == "V-Neck - Red"


def test_a_variation_whose_product_is_not_in_the_file_is_reported() -> None:
    rows = woocommerce(RED, CAP, {**RED, "ID": "77", "Parent": ""})

    assert bad(rows) == [
        (2, ("parent: its product woo-tee is not in the file",)),
        (4, ("parent: is missing",)),
    ]
    assert len(rows) == 3


@pytest.mark.parametrize("kind", ["grouped", "external", "simple, subscription"])
def test_products_that_cannot_be_bought_here_are_left_out(kind: str) -> None:
    rows = woocommerce({**CAP, "Type": kind})

    assert skipped(rows) == [(2, f"products of type {kind.rpartition(', ')[2]} are no items")]


@pytest.mark.parametrize("published", ["0", "-1"])
def test_products_that_are_not_published_are_left_out_with_their_variations(published: str) -> None:
    rows = woocommerce({**CAP, "Published": published}, {**TEE, "Published": published}, RED)

    assert [row.row for row in rows if isinstance(row, SkippedRow)] == [2, 4]
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("cells", "price"),
    [
        ({"Sale price": "16", "Regular price": "18"}, 1600),
        ({"Sale price": "", "Regular price": "18.50"}, 1850),
        ({"Sale price": "16", "Regular price": ""}, 1600),
        ({"Sale price": "0", "Regular price": "18"}, 0),
        ({"Regular price": "19,90"}, 1990),
        ({"Sale price": "16", "Regular price": "18", "Date sale price ends": "2026-12-24"}, 1800),
        ({"Sale price": "16", "Regular price": "18", "Date sale price starts": "2026-12-24"}, 1800),
    ],
)
def test_the_price_is_the_sale_price_unless_it_is_for_some_days_only(cells: dict[str, object], price: int) -> None:
    assert only(woocommerce({**CAP, **cells})).price.amount == price


def test_a_sale_of_some_days_is_kept_as_an_attribute() -> None:
    item = only(woocommerce({**CAP, "Sale price": "16", "Date sale price ends": "2026-12-24"}))

    assert item.attributes["sale"] == {"price": "16", "until": "2026-12-24"}


@pytest.mark.parametrize("price", ["", "1,299", "1.299,00", "€ 5"])
def test_a_price_that_is_none_is_reported(price: str) -> None:
    (row,) = woocommerce({**CAP, "Regular price": price})

    assert isinstance(row, BadRow)
    assert row.reasons[0].startswith("price: ")


@pytest.mark.parametrize(
    ("cells", "stock"),
    [
        ({"Stock": "7"}, 7),
        ({"Stock": "7.0000"}, 7),
        ({"Stock": "'-3"}, 0),
        ({"Stock": ""}, None),
        ({"Stock": "7", "Backorders allowed?": "1"}, None),
        ({"Stock": "7", "Backorders allowed?": "notify"}, None),
        ({"Stock": "", "In stock?": "0"}, 0),
        ({"Stock": "", "In stock?": "backorder"}, None),
    ],
)
def test_stock_is_what_is_managed_unless_orders_are_taken_beyond_it(
    cells: dict[str, object], stock: int | None
) -> None:
    assert only(woocommerce({**CAP, **cells})).stock == stock


@pytest.mark.parametrize("stock", ["parent", ""])
def test_variations_that_share_one_stock_are_reported_as_each_would_sell_all_of_it(stock: str) -> None:
    rows = woocommerce({**TEE, "Stock": "20"}, {**RED, "Stock": stock})

    reason = "stock: is that of the whole product: give each variation a number of its own"
    assert bad(rows) == [(3, (reason,))]


def test_variations_of_a_product_that_never_runs_out_never_do_either() -> None:
    rows = woocommerce({**TEE, "Stock": "20", "Backorders allowed?": "1"}, {**RED, "Stock": "parent"})

    assert only(rows).stock is None


def test_cells_are_read_as_woocommerce_writes_them() -> None:
    item = only(
        woocommerce(
            {
                **CAP,
                "Name": "'-50% Cap",
                "Description": r"<b>One</b>\nTwo\n\nC:\\new",
                "Tags": r"red\, white, blue",
                "Images": "https://x/a.jpg, only-here.jpg",
            }
        )
    )

    assert item.name == "-50% Cap"
    assert item.description == "One\nTwo\n\nC:\\new"
    assert item.attributes["tags"] == ["red, white", "blue"]
    assert item.image_urls == ("https://x/a.jpg",)


def test_the_id_comes_from_the_number_or_else_the_sku_or_else_the_name() -> None:
    def id_of(**cells: str) -> str:
        return only(woocommerce({**CAP, **cells})).id

    assert id_of() == id_of(SKU="other", Name="Other")
    assert id_of(ID="") == id_of(ID="", Name="Other") != id_of()
    assert id_of(ID="", SKU="") == id_of(ID="", SKU="", Published="") != id_of(ID="")
    assert id_of(ID="", SKU="") != id_of(ID="", SKU="", Name="Other")


def test_a_hidden_product_can_be_bought_and_says_that_it_is_hidden() -> None:
    assert only(woocommerce({**CAP, "Visibility in catalog": "hidden"})).attributes == {"visibility": "hidden"}


def test_a_repeat_is_left_out_and_a_contradiction_is_bad() -> None:
    rows = woocommerce(CAP, CAP, {**CAP, "Regular price": "1"}, {**CAP, "ID": "61"})

    assert isinstance(rows[0], ItemDraft)
    assert rows[1] == SkippedRow(row=3, reason="repeats row 2")
    assert bad(rows) == [(4, ("repeats row 2 with other values",)), (5, ("sku: woo-cap is the SKU of row 2",))]
