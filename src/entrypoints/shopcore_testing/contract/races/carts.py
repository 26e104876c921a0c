"""Races inside one cart, one order, or under one key: one effect each, and everybody knows which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from shopcore.carts.commands import AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.carts.desk import Outcome
from shopcore.carts.view import CartView
from shopcore.catalog.rules import check_item
from shopcore.errors import CheckoutRefused, CustomerLimit, NotInCart, ShopError, StaleVersion
from shopcore.journal.once import Answer
from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.racing import granted, race
from shopcore_testing.selling import a_key, item, level, lines, orders, problems, removed, reprice


def test_adds_of_many_windows_to_one_cart_all_count(shop: Shop) -> None:
    item(shop, stock=100)
    item(shop, "cup", 100)
    answers = race([partial(shop.carts.add_item, "ann", ("mug", "cup")[number % 2]) for number in range(16)])
    assert granted(answers) == 16
    assert lines(shop, "ann") == {"mug": (8, "live"), "cup": (8, "live")}
    versions = sorted(answer.version for answer in answers if isinstance(answer, CartView))
    assert versions == list(range(2, 18))
    assert shop.carts.list(PageRequest(), owner="ann").total == 1


def test_of_those_who_saw_one_version_one_changes_it(shop: Shop) -> None:
    item(shop, stock=100)
    seen = shop.carts.add_item("ann", "mug").version
    answers = race([partial(shop.carts.add_item, "ann", "mug", if_version=seen) for _ in range(10)])
    assert granted(answers) == 1
    assert sum(isinstance(answer, StaleVersion) for answer in answers) == 9
    assert lines(shop, "ann") == {"mug": (2, "live")}


def test_a_line_is_removed_once_and_recorded_once(shop: Shop) -> None:
    item(shop, stock=100)
    shop.carts.add_item("ann", "mug", 7)
    answers = race([partial(shop.carts.remove_item, "ann", "mug") for _ in range(10)])
    assert granted(answers) == 1
    assert sum(isinstance(answer, NotInCart) for answer in answers) == 9
    assert [row.quantity for row in removed(shop)] == [7]
    assert level(shop) == (100, 0)


def test_adds_and_removals_of_one_line_add_up(shop: Shop) -> None:
    item(shop, stock=100)
    acts: list[Callable[[], CartView]] = [partial(shop.carts.add_item, "ann", "mug", 2) for _ in range(10)]
    acts += [partial(shop.carts.remove_item, "ann", "mug") for _ in range(5)]
    acts += [partial(shop.carts.clear, "ann"), partial(shop.carts.set_quantity, "ann", "mug", 1)]
    race(acts)
    left = sum(quantity for quantity, _ in lines(shop, "ann").values())
    assert left + sum(row.quantity for row in removed(shop)) == 20
    assert level(shop) == (100, left)


def test_a_ration_holds_whoever_asks_at_once(shop: Shop) -> None:
    item(shop, stock=100, max_per_customer=3)
    answers = race([partial(shop.carts.add_item, "ann", "mug") for _ in range(8)])
    assert granted(answers) == 3
    assert all(isinstance(answer, CustomerLimit) for answer in answers if isinstance(answer, ShopError))


def test_one_cart_becomes_one_order_and_the_others_find_nothing_to_buy(shop: Shop) -> None:
    item(shop, stock=100)
    shop.carts.add_item("ann", "mug", 3)
    answers = race([partial(shop.checkout.place_order, "ann") for _ in range(8)])
    refused = [answer for answer in answers if isinstance(answer, CheckoutRefused)]
    assert granted(answers) == 1
    assert [problems(error) for error in refused] == [[("CART_EMPTY", None)]] * 7
    assert level(shop) == (97, 0)


def test_those_who_name_the_cart_all_get_its_order(shop: Shop) -> None:
    item(shop, stock=100)
    cart = shop.carts.add_item("ann", "mug", 3)
    answers = race([partial(shop.checkout.place_order, "ann", cart_id=cart.id) for _ in range(8)])
    assert len({answer.id for answer in answers if isinstance(answer, Order)}) == 1
    assert granted(answers) == 8
    assert len(orders(shop)) == 1


def test_a_removal_races_a_checkout_and_just_one_of_them_has_the_units(shop: Shop) -> None:
    item(shop, stock=100)
    for number in range(6):
        owner = f"o{number}"
        cart = shop.carts.add_item(owner, "mug", 2)
        commands: list[CartCommand] = [
            RemoveItem(owner=owner, item_id="mug", cart_id=cart.id),
            PlaceOrder(owner=owner, cart_id=cart.id),
            ClearCart(owner=owner, cart_id=cart.id),
            SetQuantity(owner=owner, item_id="mug", quantity=0, cart_id=cart.id),
        ]
        race([partial(shop.carts.handle, [command]) for command in commands])
    bought = {order.owner for order in orders(shop)}
    recorded = {row.owner for row in removed(shop)}
    assert bought | recorded == {f"o{number}" for number in range(6)}
    assert not bought & recorded
    assert level(shop) == (100 - 2 * len(bought), 0)


def test_a_cancel_by_twenty_restocks_once(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 3)
    order = shop.checkout.place_order("ann")
    answers = race([partial(shop.orders.cancel, order.id, actor=f"s{number}") for number in range(20)])
    assert granted(answers) == 20
    assert len({answer.value for answer in answers if isinstance(answer, Answer)}) == 1
    assert level(shop) == (5, 0)
    assert len(shop.orders.get(order.id).history) == 2


def test_a_checkout_races_a_price_and_no_one_pays_what_he_did_not_agree_to(shop: Shop) -> None:
    item(shop, stock=100, price="10.00")
    for number in range(8):
        shop.carts.add_item(f"o{number}", "mug")
    acts: list[Callable[[], object]] = [partial(shop.checkout.place_order, f"o{number}") for number in range(8)]
    acts.insert(4, partial(reprice, shop, "mug", "12.00"))
    answers = race(acts)
    paid = Counter(answer.total for answer in answers if isinstance(answer, Order))
    refused = [answer for answer in answers if isinstance(answer, CheckoutRefused)]
    assert set(paid) <= {Money(1000, "EUR")}
    assert {error.code for error in refused} <= {"PRICE_CHANGED"}
    assert sum(paid.values()) + len(refused) == 8


# ---- one key


def one_answer(answers: list[Outcome | ShopError] | list[Answer[Any] | ShopError]) -> None:
    """All were told the same, and one of them was first."""
    assert granted(answers) == len(answers)
    assert sum(not answer.replayed for answer in answers if isinstance(answer, Outcome | Answer)) == 1
    told = [answer.answer if isinstance(answer, Outcome) else getattr(answer, "value", None) for answer in answers]
    assert told == [told[0]] * len(told)


@pytest.mark.parametrize("newcomer", [True, False])
@pytest.mark.parametrize("kind", ["add", "order"])
def test_a_command_sent_twenty_times_with_one_key_is_done_once(shop: Shop, kind: str, newcomer: bool) -> None:
    item(shop, stock=100)
    if not newcomer or kind == "order":
        shop.carts.add_item("ann", "mug", 2)
    commands: dict[str, CartCommand] = {
        "add": AddItem(owner="ann", item_id="mug", quantity=2, key=a_key()),
        "order": PlaceOrder(owner="ann", key=a_key()),
    }

    def send() -> Outcome:
        [outcome] = shop.carts.handle([commands[kind]])
        outcome.take(object)
        return outcome

    one_answer(race([send] * 20))
    if kind == "add":
        assert lines(shop, "ann") == {"mug": (2 if newcomer else 4, "live")}
    else:
        assert [order.lines[0].quantity for order in orders(shop)] == [2]


def test_a_key_that_comes_in_several_batches_at_once_is_done_once(shop: Shop) -> None:
    """Each batch holds the commands of the same three shoppers, in another order."""
    item(shop, stock=100)
    commands = [AddItem(owner=owner, item_id="mug", key=a_key(owner)) for owner in ("ann", "bob", "cid")]
    batches = [commands[number % 3 :] + commands[: number % 3] for number in range(9)]
    answers = race([partial(shop.carts.handle, batch) for batch in batches])
    outcomes = [outcome for answer in answers if isinstance(answer, list) for outcome in answer]
    assert len(outcomes) == 27
    assert sum(not outcome.replayed for outcome in outcomes) == 3
    assert level(shop) == (100, 3)


def test_staffs_requests_sent_twenty_times_with_one_key_are_done_once(shop: Shop) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug")
    order = shop.checkout.place_order("ann")
    draft = check_item(item_id="pot", name="Pot", price="1", currency="EUR", sku="P", stock=4)
    requests: dict[str, Callable[[], Answer[Any]]] = {
        "stock": partial(shop.inventory.change, "mug", delta=5, reason="in", actor="sam", key=a_key(operation="stock")),
        "cancel": partial(shop.orders.cancel, order.id, actor="sam", key=a_key(operation="cancel")),
        "add": partial(shop.catalog.add, draft, actor="sam", key=a_key(operation="add")),
    }
    for request in requests.values():
        one_answer(race([request] * 12))
    assert [level(shop), level(shop, "pot")] == [(10, 0), (4, 0)]
