"""What may be said of an item."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from shopcore.catalog.attributes import RESERVED
from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.rules import check_item
from shopcore.errors import InvalidInput
from shopcore.money import LIMIT, Money


def check(**given: Any) -> ItemDraft:
    return check_item(**{"item_id": "mug", "name": "Mug", "price": "7.50", "currency": "EUR", **given})


def faults(**given: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        check(**given)
    return {fault["field"]: fault["reason"] for fault in caught.value.errors}


def test_a_name_and_a_price_are_all_that_an_item_needs() -> None:
    assert check() == ItemDraft(id="mug", name="Mug", price=Money(750, "EUR"))


def test_texts_are_trimmed_and_blank_labels_are_none() -> None:
    item = check(name="  Mug ", sku=" M-1 ", category="   ", description=" as it is ")

    assert (item.name, item.sku, item.category, item.description) == ("Mug", "M-1", None, " as it is ")


@pytest.mark.parametrize("price", ["7.50", "7.5", Decimal("7.50"), Money(750, "EUR")])
def test_prices_are_text_decimal_or_money(price: object) -> None:
    assert check(price=price).price == Money(750, "EUR")


def test_the_limits_themselves_are_within_the_limits() -> None:
    item = check(
        item_id="x" * 100,
        name="n" * 200,
        sku="s" * 100,
        category="c" * 100,
        description="d" * 20_000,
        image_urls=["u" * 2_000] * 20,
        stock=10**9,
        max_per_customer=999,
        price=Money(LIMIT, "EUR"),
        attributes={**{f"a{n}": n for n in range(49)}, "z" * 100: "x" * 15_000},
    )

    assert (item.stock, item.max_per_customer) == (10**9, 999)
    assert check(stock=0, max_per_customer=1, attributes={"deep": [[[[1]]]]}).stock == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("item_id", ""),
        ("item_id", "x" * 101),
        ("item_id", "a/b"),
        ("item_id", "a b"),
        ("item_id", "é"),
        ("item_id", None),
        ("item_id", True),
        ("name", ""),
        ("name", "   "),
        ("name", "n" * 201),
        ("name", None),
        ("name", 5),
        ("name", "a\x00b"),
        ("name", "a\ud800b"),
        ("price", None),
        ("price", ""),
        ("price", "abc"),
        ("price", "1,299.00"),
        ("price", 7.5),
        ("price", True),
        ("price", "-1"),
        ("price", "0.001"),
        ("price", "NaN"),
        ("price", "Infinity"),
        ("price", Decimal("1e999999")),
        ("price", [1]),
        ("price", Money(-1, "EUR")),
        ("currency", "euro"),
        ("currency", None),
        ("sku", "s" * 101),
        ("sku", 12),
        ("category", "c" * 101),
        ("category", ["a"]),
        ("description", "d" * 20_001),
        ("description", b"d"),
        ("image_urls", "https://x/1"),
        ("image_urls", ["u"] * 21),
        ("image_urls", [""]),
        ("image_urls", ["u" * 2_001]),
        ("image_urls", [1]),
        ("image_urls", {"a": 1}),
        ("stock", -1),
        ("stock", 10**9 + 1),
        ("stock", 1.0),
        ("stock", Decimal(1)),
        ("stock", True),
        ("stock", "1"),
        ("max_per_customer", 0),
        ("max_per_customer", 1_000),
        ("max_per_customer", False),
        ("attributes", [1]),
        ("attributes", {f"a{n}": n for n in range(51)}),
        ("attributes", {"x": "x" * 16_000, "y": "y" * 400}),
        ("attributes", {"x": "é" * 8_200}),
        ("attributes", {"": 1}),
        ("attributes", {"  ": 1}),
        ("attributes", {"n" * 101: 1}),
        ("attributes", {1: 1}),
    ],
)
def test_a_value_that_cannot_be_is_named_with_a_reason(field: str, value: object) -> None:
    (found,) = faults(**{field: value}).items()

    assert found[0] == field.removeprefix("item_")
    assert found[1].startswith(("must", "is ", "has ", "holds "))


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        2**63,
        -(2**63) - 1,
        Decimal("1e999"),
        b"x",
        {1, 2},
        {"a": {1: 2}},
        object(),
        "\x00",
        ["\ud800"],
        {"\x00": 1},
    ],
)
def test_an_attribute_must_be_a_json_value_that_every_store_can_keep(value: object) -> None:
    assert list(faults(attributes={"x": value})) == ["x"]


def test_attributes_are_copied_as_plain_json_values() -> None:
    given = {"a": (1, Decimal("0.5")), "b": {"c": [True, None, "text"]}, "d": 2**63 - 1}

    kept = check(attributes=given).attributes

    assert kept == {"a": [1, 0.5], "b": {"c": [True, None, "text"]}, "d": 2**63 - 1}
    assert kept["b"] is not given["b"]


def test_an_attribute_that_holds_itself_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert faults(attributes={"x": endless}) == {"x": "is nested too deeply"}


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_no_attribute_takes_the_name_of_a_field(name: str) -> None:
    assert faults(attributes={name: 1, "fine": 2}) == {name: "is the name of a field that cannot be set here"}


def test_all_faults_are_listed_at_once_and_the_first_one_is_the_message() -> None:
    with pytest.raises(InvalidInput) as caught:
        check(name="", price="x", stock=-1, attributes={"id": 1, "held": 2})

    assert [fault["field"] for fault in caught.value.errors] == ["name", "price", "id", "held", "stock"]
    assert str(caught.value) == "name: must have 1 to 200 characters"
