"""Carts from the command line: found, followed, and explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shopcore.carts.commands import AddItem
from shopcore.catalog.drafts import ItemDraft
from shopcore.money import Money
from shopcore.shop import Shop
from terminal import Terminal

PASSWORD = "correct horse"


@pytest.fixture
def mug(shop: Shop) -> str:
    return shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=5).id


def test_carts_are_listed_last_changed_first_with_their_owners_names(terminal: Terminal, shop: Shop, mug: str) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.carts.add_item(ann.id, mug)
    shop.carts.add_item("bob", mug, quantity=2)

    page = terminal.document("carts", "list")
    of_ann = terminal.document("carts", "list", "--user", "ann")
    of_bob = terminal.document("carts", "list", "--user", "bob")

    assert [(cart["userId"], cart["username"]) for cart in page["items"]] == [("bob", None), (ann.id, "ann")]
    assert [cart["userId"] for cart in of_ann["items"]] == [ann.id]
    assert [cart["userId"] for cart in of_bob["items"]] == ["bob"]
    assert terminal.document("carts", "list", "--user", "nobody")["total"] == 0


def test_open_carts_can_be_listed_alone(terminal: Terminal, shop: Shop, mug: str) -> None:
    shop.carts.add_item("ann", mug)
    shop.checkout.place_order("ann")

    assert terminal.document("carts", "list")["total"] == 2
    assert [cart["status"] for cart in terminal.document("carts", "list", "--active")["items"]] == ["active"]


def test_a_cart_is_shown_by_its_id_its_owner_or_his_name(terminal: Terminal, shop: Shop, mug: str) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    cart = shop.carts.add_item(ann.id, mug, quantity=2)

    shown = [terminal.document("carts", "show", name) for name in (cart.id, ann.id, "ann", "ANN")]

    assert shown == [shown[0]] * 4
    assert shown[0]["items"] == [
        {
            "itemId": "mug",
            "name": "Mug",
            "unitPrice": 7.5,
            "quantity": 2,
            "lineTotal": 15.0,
            "hold": {"state": "live", "until": _iso(cart.lines[0].until)},
        }
    ]
    assert (shown[0]["subtotal"], shown[0]["discount"], shown[0]["total"]) == (15.0, 0, 15.0)


def _iso(at: datetime | None) -> str:
    assert at is not None
    return at.isoformat().replace("+00:00", "Z")


def test_a_timeline_tells_every_fact_of_a_cart_in_order(terminal: Terminal, shop: Shop, mug: str) -> None:
    cart = shop.carts.add_item("ann", mug)
    shop.carts.remove_item("ann", mug)

    told = terminal.document("carts", "timeline", cart.id)
    table = terminal.run("carts", "timeline", "ann")

    assert told["cartId"] == cart.id
    assert [entry["kind"] for entry in told["entries"]] == [
        *("cart_opened", "item_added", "hold_released", "item_removed"),
    ]
    removed = told["entries"][-1]
    assert removed["actor"] == "ann"
    assert (removed["facts"]["unitPrice"], removed["facts"]["reason"]) == (7.5, "removed")
    assert len(table.out.splitlines()) == 5


def test_what_is_in_the_way_of_an_empty_cart_is_that_it_is_empty(terminal: Terminal, shop: Shop) -> None:
    shop.carts.get("ann")

    told = terminal.document("carts", "explain", "ann")

    assert told["canCheckOut"] is False
    assert [problem["code"] for problem in told["problems"]] == ["CART_EMPTY"]


def test_a_cart_that_nothing_is_in_the_way_of_says_so(terminal: Terminal, shop: Shop, mug: str) -> None:
    shop.carts.add_item("ann", mug)

    told = terminal.document("carts", "explain", "ann")
    table = terminal.run("carts", "explain", "ann")

    assert (told["canCheckOut"], told["problems"], told["promotion"]) == (True, [], None)
    assert told["holds"][0]["state"] == "live"
    assert "checkout   possible now\n" in table.out
    assert "promotion  none\n" in table.out


def test_every_obstacle_is_told_in_words_with_what_would_help(terminal: Terminal, shop: Shop, mug: str) -> None:
    _old_cart(shop, mug)
    _raise_price(shop, "rug", "9.00")
    shop.catalog.archive("pot", actor="clerk", mode="recall")

    told = terminal.document("carts", "explain", "ann")
    table = terminal.run("carts", "explain", "ann")

    said = {problem["code"]: (problem["why"], problem["remedy"]) for problem in told["problems"]}
    assert said == {
        "HOLD_EXPIRED": (
            "Mug: 4 units were held too long and given back, 2 can be had now",
            "the shopper takes 2, or more stock comes in",
        ),
        "ITEM_UNAVAILABLE": ("Pot is not sold any more", "the shopper takes it out"),
        "PRICE_CHANGED": (
            "Rug: the price rose from 8.00 EUR to 9.00 EUR since it was put in the cart",
            f"the shopper agrees by checking out with the new total, expectedTotal {told['total']:.2f}",
        ),
    }
    assert "checkout   refused, for 3 reasons\n" in table.out
    assert all(why in table.out and remedy in table.out for why, remedy in said.values())


def _old_cart(shop: Shop, mug: str) -> None:
    """Ann's cart of yesterday; Bob has taken what was held for her too long."""
    shop.catalog.add_item(item_id="rug", name="Rug", price="8.00")
    shop.catalog.add_item(item_id="pot", name="Pot", price="3.00", stock=1)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    shop.carts.handle(
        [AddItem(owner="ann", item_id=item, quantity=number, at=yesterday) for item, number in ((mug, 4), ("rug", 1))]
    )
    shop.carts.add_item("ann", "pot")
    shop.carts.add_item("bob", mug, quantity=3)


def _raise_price(shop: Shop, item_id: str, price: str) -> None:
    draft = ItemDraft.of(shop.catalog.get(item_id))
    shop.catalog.change(replace(draft, price=Money.parse(price, "EUR")), actor="clerk")


def test_a_hold_past_its_deadline_is_shown_as_overdue(terminal: Terminal, shop: Shop, mug: str) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    shop.carts.handle([AddItem(owner="ann", item_id=mug, at=yesterday)])

    assert "overdue" in terminal.run("carts", "explain", "ann").out


def test_carts_that_are_over_are_explained_too(terminal: Terminal, shop: Shop, mug: str) -> None:
    cart = shop.carts.add_item("ann", mug)
    order = shop.checkout.place_order("ann")
    left = shop.carts.add_item("ann", mug)
    shop.carts.abandon("ann")

    assert f"done, as order {order.id}" in terminal.run("carts", "explain", cart.id).out
    assert "the cart was abandoned" in terminal.run("carts", "explain", left.id).out


@pytest.mark.parametrize("command", ["show", "timeline", "explain"])
def test_a_cart_that_is_not_there_is_not_found(terminal: Terminal, command: str) -> None:
    ended = terminal.run("carts", command, "nothing")

    assert (ended.code, ended.out, ended.err) == (4, "", "Error: there is no cart nothing\n")


@pytest.mark.parametrize("words", [("carts", "list"), ("orders", "list"), ("removed", "list"), ("removed", "export")])
def test_a_user_who_is_nobody_here_is_told(terminal: Terminal, shop: Shop, words: tuple[str, ...]) -> None:
    shop.accounts.create("ann", "correct horse", role="customer", actor="test")
    shop.carts.get("a guest")

    nobody = terminal.run(*words, "--user", "anne")
    somebody = [terminal.run(*words, "--user", user) for user in ("ann", "a guest")]

    assert nobody.code == 0
    assert nobody.err.startswith("There is no user anne, and nobody of that name ever had a cart.\n")
    assert [("There is no user" in ended.err, ended.code) for ended in somebody] == [(False, 0)] * 2
