"""The same request with the same key has one effect and one answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from shopcore.carts.commands import (
    AbandonCart,
    AddItem,
    CartCommand,
    ClearCart,
    PlaceOrder,
    RemoveItem,
    SetQuantity,
    ShowCart,
)
from shopcore.catalog.rules import check_item
from shopcore.errors import InvalidInput, KeyReused, SkuTaken
from shopcore.idempotency import MAX_KEY
from shopcore.journal.once import Answer
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.opened import Contents
from shopcore_testing.selling import a_key, item, level, lines, reprice, told

COMMANDS: dict[str, CartCommand] = {
    "show": ShowCart(owner="ann"),
    "add": AddItem(owner="ann", item_id="mug", quantity=2),
    "set": SetQuantity(owner="ann", item_id="cup", quantity=1),
    "set to nothing": SetQuantity(owner="ann", item_id="cup", quantity=0),
    "remove": RemoveItem(owner="ann", item_id="cup"),
    "clear": ClearCart(owner="ann"),
    "abandon": AbandonCart(owner="ann"),
    "order": PlaceOrder(owner="ann"),
    "order at a version": PlaceOrder(owner="ann", if_version=2),
}


@pytest.fixture(autouse=True)
def shelf(shop: Shop) -> None:
    item(shop)
    item(shop, "cup", price="5.00")
    shop.carts.add_item("ann", "cup", 3)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_with_a_key_has_one_effect_and_one_answer(
    shop: Shop, watch: Watch, name: str, contents: Contents
) -> None:
    command = replace(COMMANDS[name], key=a_key("~!" + name.replace(" ", "-")))
    [first] = shop.carts.handle([command])
    assert told(first) == "done"
    reprice(shop, "cup", "6.00")
    watch.on(hours=1)
    before = contents()

    again = [outcome for _ in range(3) for outcome in shop.carts.handle([command])]

    assert [(outcome.answer, outcome.replayed) for outcome in again] == [(first.answer, True)] * 3
    assert not first.replayed
    assert contents() == before


@pytest.mark.parametrize("name", COMMANDS)
def test_a_key_that_comes_with_another_request_is_refused(shop: Shop, name: str, contents: Contents) -> None:
    shop.carts.handle([replace(COMMANDS[name], key=a_key())])
    before = contents()
    [outcome] = shop.carts.handle([replace(COMMANDS[name], key=a_key(body="another"))])
    assert isinstance(outcome.answer, KeyReused)
    assert contents() == before


def test_a_refusal_is_not_kept_and_the_same_key_may_succeed_later(shop: Shop, contents: Contents) -> None:
    command = AddItem(owner="ann", item_id="mug", quantity=9, key=a_key())
    before = contents()
    assert [told(shop.carts.handle([command])[0]) for _ in range(2)] == ["INSUFFICIENT_STOCK"] * 2
    assert contents() == before
    shop.inventory.change("mug", delta=4, reason="more", actor="staff")
    assert [told(shop.carts.handle([command])[0]) for _ in range(2)] == ["done"] * 2
    assert lines(shop, "ann")["mug"] == (9, "live")


def test_a_key_belongs_to_its_caller_and_operation(shop: Shop) -> None:
    keys = [a_key(caller=caller, operation=operation) for caller in ("ann", "bob") for operation in ("cart", "order")]
    for key in keys:
        [outcome] = shop.carts.handle([AddItem(owner="ann", item_id="mug", key=key)])
        assert not outcome.replayed
    assert lines(shop, "ann")["mug"] == (4, "live")


def test_a_key_twice_in_one_batch_is_done_once(shop: Shop) -> None:
    add = AddItem(owner="ann", item_id="mug", quantity=2, key=a_key())
    other = replace(add, key=a_key(body="another"))
    order = PlaceOrder(owner="ann", key=a_key("k2", operation="order"))

    outcomes = shop.carts.handle([add, add, other, order, add, order])

    assert [outcome.replayed for outcome in outcomes] == [False, True, False, False, True, True]
    assert isinstance(outcomes[2].answer, KeyReused)
    assert outcomes[1].answer == outcomes[0].answer == outcomes[4].answer
    assert outcomes[5].answer == outcomes[3].answer
    assert level(shop) == (3, 0)


def test_a_refused_twin_in_the_batch_leaves_the_key_free(shop: Shop) -> None:
    add = AddItem(owner="ann", item_id="mug", quantity=3, key=a_key())
    outcomes = shop.carts.handle(
        [AddItem(owner="bob", item_id="mug", quantity=3), add, RemoveItem(owner="bob", item_id="mug"), add, add]
    )
    assert [told(outcome) for outcome in outcomes] == ["done", "INSUFFICIENT_STOCK", "done", "done", "done"]
    assert [outcome.replayed for outcome in outcomes[3:]] == [False, True]
    assert lines(shop, "ann")["mug"] == (3, "live")


@pytest.mark.parametrize("value", ["", "a b", "ä", "a\n", "\x7f", "x" * (MAX_KEY + 1)])
def test_a_key_is_visible_ascii(value: str) -> None:
    assert isinstance(raised(partial(a_key, value)), InvalidInput)


def test_answers_are_kept_as_long_as_the_policy_says(shop: Shop, watch: Watch) -> None:
    command = AddItem(owner="ann", item_id="mug", key=a_key())
    shop.carts.handle([command])
    watch.on(hours=24)
    assert shop.upkeep.run_once().keys == 0
    assert shop.carts.handle([command])[0].replayed
    watch.on(microseconds=1)
    assert shop.upkeep.run_once().keys == 1
    assert not shop.carts.handle([command])[0].replayed


def catalog_requests(shop: Shop) -> dict[str, Callable[[str], Answer[Any]]]:
    """Requests of staff: the same again, and one that would be refused without its key."""
    draft = check_item(item_id="pot", name="Pot", price="1", currency="EUR", sku="P", stock=4)
    return {
        "add": lambda body: shop.catalog.add(draft, actor="staff", key=a_key(body=body, operation="add")),
        "stock": lambda body: shop.inventory.change(
            "mug", delta=5, reason="in", actor="staff", key=a_key(body=body, operation="stock")
        ),
    }


@pytest.mark.parametrize("name", ["add", "stock"])
def test_staffs_requests_have_keys_too(shop: Shop, name: str, contents: Contents) -> None:
    request = catalog_requests(shop)[name]
    first = request("body")
    before = contents()
    again = request("body")
    assert (first.replayed, again.replayed) == (False, True)
    assert again.value == first.value
    assert isinstance(raised(partial(request, "other")), KeyReused)
    assert contents() == before


def test_a_key_that_comes_with_another_kind_of_command_is_refused(shop: Shop, contents: Contents) -> None:
    """However alike the caller says they are: an answer of another kind is no answer to them."""
    shop.carts.handle([AddItem(owner="ann", item_id="mug", key=a_key())])
    order = PlaceOrder(owner="ann", key=a_key("k2"))
    assert told(shop.carts.handle([order])[0]) == "done"
    before = contents()

    swapped = [replace(order, key=a_key()), AddItem(owner="ann", item_id="mug", key=a_key("k2"))]
    outcomes = shop.carts.handle(swapped)
    refusal = raised(lambda: shop.inventory.change("mug", delta=1, reason="in", actor="staff", key=a_key()))

    assert [type(outcome.answer) for outcome in outcomes] == [KeyReused, KeyReused]
    assert isinstance(refusal, KeyReused)
    assert contents() == before


def test_a_taken_sku_is_said_with_and_without_a_key(shop: Shop) -> None:
    """The database refuses the row, and the transaction goes on to look for the key."""
    item(shop, "first", sku="S")
    draft = check_item(item_id="second", name="Second", price="1", currency="EUR", sku="S")
    for key in (None, a_key(operation="add")):
        error = raised(partial(shop.catalog.add, draft, actor="staff", key=key))
        assert isinstance(error, SkuTaken)
        assert error.sku == "S"
    assert isinstance(raised(lambda: shop.catalog.get("second")), Exception)
