"""JSON lines, in and out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed_files import bad, items, only, read
from shopcore.catalog.attributes import RESERVED
from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.feeds import SkippedRow, write_jsonl
from shopcore.catalog.model import Item
from shopcore.catalog.rules import check_item
from shopcore.errors import InvalidInput
from shopcore.inventory.model import Level
from shopcore.money import LIMIT, Money

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
MUG = Item(
    id="mug-1",
    name="Mug",
    price=Money(750, "EUR"),
    sku="M-1",
    description="A mug.\nBlue.",
    category="Kitchen",
    image_urls=("https://x/1",),
    attributes={"color": "blue", "weight": 0.35, "sizes": [1, 2], "hot": True, "note": None},
    max_per_customer=3,
    level=Level(item_id="mug-1", on_hand=10, held=4),
    created_at=NOON,
)


def jsonl(*objects: dict[str, Any]) -> list[str]:
    return [json.dumps(each) + "\n" for each in objects]


def test_an_export_is_one_item_a_line_as_the_api_writes_it() -> None:
    (line,) = write_jsonl([MUG])

    assert line == (
        '{"id": "mug-1", "name": "Mug", "price": 7.50, "currency": "EUR", "sku": "M-1", '
        '"description": "A mug.\\nBlue.", "category": "Kitchen", "imageUrls": ["https://x/1"], "stock": 10, '
        '"maxPerCustomer": 3, "color": "blue", "weight": 0.35, "sizes": [1, 2], "hot": true, "note": null}\n'
    )


def test_what_was_exported_is_imported_as_the_same() -> None:
    bare = Item(id="2", name="Cup", price=Money(0, "JPY"), created_at=NOON)

    assert items(read("jsonl", write_jsonl([MUG, bare]))) == [ItemDraft.of(MUG), ItemDraft.of(bare)]


def test_units_that_carts_hold_are_exported_too_as_they_are_still_there() -> None:
    assert MUG.stock == 6
    assert only(read("jsonl", write_jsonl([MUG]))).stock == 10


def test_a_name_and_a_price_are_enough() -> None:
    item = only(read("jsonl", jsonl({"name": "Mug", "price": 7.5}), currency="CHF"))

    assert item == ItemDraft(id=item.id, name="Mug", price=Money(750, "CHF"))


def test_an_id_may_be_a_number_and_is_otherwise_made_of_the_sku_or_the_name() -> None:
    def id_of(**members: object) -> str:
        return only(read("jsonl", jsonl({"name": "Mug", "price": 1, **members}))).id

    assert id_of(id=1_234_567_890_123_456_789) == "1234567890123456789"
    assert id_of(sku="A") == id_of(sku="A", name="Cup") != id_of()
    assert id_of() == id_of(price=2) != id_of(name="Cup")


def test_prices_are_exact() -> None:
    lines = ['{"name": "a", "price": 9007199254.10}\n', '{"name": "b", "price": 0.29}\n']

    assert [item.price.amount for item in items(read("jsonl", lines))] == [900_719_925_410, 29]


def test_what_the_api_answers_can_be_imported_though_it_says_when_an_item_was_added() -> None:
    assert only(read("jsonl", jsonl({"name": "Mug", "price": 1, "createdAt": "2026-05-01T12:00:00Z"}))).attributes == {}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"name": "a", "price": "1"}', "price: must be a number without quotes"),
        ('{"name": "a", "price": true}', "price: must be a decimal number, as text, Decimal or int"),
        ('{"name": "a", "price": 1.005}', "price: has more than 2 decimals, EUR has 2"),
        ('{"name": "a", "price": NaN}', "is not JSON that can be kept: NaN is no number"),
        ('{"name": "a"}', "price: is missing"),
        ('{"name": "a", "price": 1, "stock": 1e2}', "stock: must be a whole number"),
        ('{"name": "a", "price": 1, "stock": "1"}', "stock: must be a whole number"),
        ('{"name": "a", "price": 1, "stock": true}', "stock: must be a whole number"),
        ('{"name": "a", "price": 1, "stock": -1}', "stock: must be between 0 and 1000000000"),
        ('{"name": "a", "price": 1, "name": "b"}', "is not JSON that can be kept: a name is there twice"),
        ('{"name": "a", "price": 1, "x": {"y": 1, "y": 1}}', "is not JSON that can be kept: a name is there twice"),
        ('{"name": "a", "price": 1, "held": 2}', "held: is the name of a field that cannot be set here"),
        ('{"name": "a", "price": 1, "x": 1e999}', "x: must be a finite number"),
        ('{"name": "a", "price": 1, "x": 99999999999999999999}', "x: must be an integer of 64 bits"),
        (
            '{"name": "a", "price": 1, "x": ' + "9" * 30 + "}",
            "is not JSON that can be kept: an integer has more than 64 bits",
        ),
        ('{"name": "\\ud800", "price": 1}', "name: holds a character that cannot be stored"),
        ('{"name": "a\\u0000", "price": 1}', "name: holds a character that cannot be stored"),
        ('{"name": "a", "price": 1, "\\ud800": 1}', "attributes: holds a character that cannot be stored"),
        (
            '{"name": "a", "price": 1, "id": "a/b"}',
            "id: must have 1 to 100 characters out of letters, digits and ._~:-",
        ),
        ('{"name": "a", "price": 1', "is not JSON: Expecting ',' delimiter at character 25"),
        ("[1]", "is not an object like {...}"),
        ('{"x": ' * 100_000, "is nested too deeply"),
        ('{"name": "a", "price": 1, "x": ' + "[" * 20 + "]" * 20 + "}", "x: is nested too deeply"),
    ],
)
def test_a_line_that_is_wrong_costs_only_itself(line: str, reason: str) -> None:
    lines = ['{"name": "first", "price": 1}\n', line + "\n", "\n", '{"name": "last", "price": 1}\n']

    rows = read("jsonl", lines)

    assert bad(rows) == [(2, (reason,))]
    assert [row.row for row in rows] == [1, 2, 4]


def test_the_same_item_twice_is_left_out_and_another_one_of_its_id_is_bad() -> None:
    rows = read("jsonl", jsonl(*({"id": "a", "name": name, "price": 1} for name in ("Mug", "Mug", "Cup"))))

    assert rows[1] == SkippedRow(row=2, reason="repeats row 1")
    assert bad(rows) == [(3, ("repeats row 1 with other values",))]


@pytest.mark.parametrize("text", ["[\n", "hello\n", "\ufeff<html>\n"])
def test_a_file_of_something_else_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(InvalidInput, match="is not JSON lines"):
        read("jsonl", [text])


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
drafts = st.builds(
    check_item,
    item_id=st.from_regex(r"[A-Za-z0-9._~:-]{1,30}", fullmatch=True),
    name=texts.filter(str.strip),
    price=st.builds(Money, st.integers(0, LIMIT), st.sampled_from(["EUR", "JPY", "KWD"])),
    currency=st.just("EUR"),
    sku=st.none() | texts,
    description=texts,
    category=st.none() | texts,
    image_urls=st.lists(texts.filter(bool), max_size=3),
    attributes=st.dictionaries(
        texts.filter(lambda name: bool(name.strip()) and name not in RESERVED), json_values, max_size=4
    ),
    stock=st.none() | st.integers(0, 10**9),
    max_per_customer=st.none() | st.integers(1, 999),
)


def listed(draft: ItemDraft) -> Item:
    level = None if draft.stock is None else Level(item_id=draft.id, on_hand=draft.stock)
    return Item(
        id=draft.id,
        name=draft.name,
        price=draft.price,
        sku=draft.sku,
        description=draft.description,
        category=draft.category,
        image_urls=draft.image_urls,
        attributes=draft.attributes,
        max_per_customer=draft.max_per_customer,
        level=level,
        created_at=NOON,
    )


@settings(max_examples=150)
@given(draft=drafts)
def test_every_item_survives_export_and_import(draft: ItemDraft) -> None:
    assert read("jsonl", write_jsonl([listed(draft)]), currency="SEK") == [draft]
