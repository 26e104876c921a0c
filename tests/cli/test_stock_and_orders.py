"""Stock and orders from the command line: how it came about, and taking it back."""

from __future__ import annotations

import pytest

from shopcore.shop import Shop
from terminal import Terminal

PASSWORD = "correct horse"


@pytest.fixture
def mug(shop: Shop) -> str:
    return shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=5).id


def test_stock_is_explained_as_a_sum_with_its_holders_and_its_ledger(terminal: Terminal, shop: Shop, mug: str) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    shop.carts.add_item("bob", mug)
    shop.checkout.place_order("bob")
    cart = shop.carts.add_item(ann.id, mug, quantity=2)
    shop.inventory.change(mug, delta=-1, reason="broken", actor="clerk")

    told = terminal.document("stock", "explain", mug)
    table = terminal.run("stock", "explain", mug)

    sums = ("received", "adjusted", "restocked", "sold", "onHand", "held", "available")
    assert [told[name] for name in sums] == [5, -1, 0, 1, 3, 2, 1]
    [holder] = told["holders"]
    assert (holder["cartId"], holder["username"], holder["quantity"]) == (cart.id, "ann", 2)
    newest = told["entries"][0]
    assert (newest["kind"], newest["onHand"], newest["actor"]) == ("stock_adjusted", -1, "clerk")
    assert newest["facts"]["reason"] == "broken"
    assert "5 received + -1 adjusted + 0 restocked - 1 sold = 3\n" in table.out
    assert "3 on hand - 2 held = 1\n" in table.out


def test_stock_is_explained_as_of_any_time(terminal: Terminal, mug: str) -> None:
    told = terminal.document("stock", "explain", mug, "--at", "1h")

    assert (told["received"], told["onHand"], told["entries"], told["holders"]) == (0, 0, [], [])


@pytest.mark.parametrize(("item", "code"), [("nothing", 4), ("song", 5)])
def test_what_has_no_stock_has_nothing_to_explain(terminal: Terminal, shop: Shop, item: str, code: int) -> None:
    shop.catalog.add_item(item_id="song", name="Song", price="1")

    assert terminal.run("stock", "explain", item).code == code


def test_orders_are_listed_newest_first_for_all_or_for_one_user(terminal: Terminal, shop: Shop, mug: str) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    orders = []
    for owner in (ann.id, "bob"):
        shop.carts.add_item(owner, mug)
        orders.append(shop.checkout.place_order(owner).id)

    page = terminal.document("orders", "list")

    assert [order["id"] for order in page["items"]] == orders[::-1]
    assert [order["username"] for order in page["items"]] == [None, "ann"]
    assert [order["id"] for order in terminal.document("orders", "list", "--user", "ann")["items"]] == orders[:1]


def test_an_order_is_shown_with_its_lines_and_its_history(terminal: Terminal, shop: Shop, mug: str) -> None:
    shop.carts.add_item("ann", mug, quantity=2)
    order = shop.checkout.place_order("ann")

    shown = terminal.document("orders", "show", order.id)

    assert shown["items"] == [
        {
            "itemId": "mug",
            "sku": None,
            "name": "Mug",
            "unitPrice": 7.5,
            "quantity": 2,
            "lineTotal": 15.0,
            "discount": 0,
        }
    ]
    assert (shown["subtotal"], shown["total"], shown["status"], shown["cartId"]) == (
        15.0,
        15.0,
        "placed",
        order.cart_id,
    )
    assert [event["status"] for event in shown["history"]] == ["placed"]


def test_a_cancelled_order_gives_its_stock_back_once(terminal: Terminal, shop: Shop, mug: str) -> None:
    shop.carts.add_item("ann", mug, quantity=2)
    order = shop.checkout.place_order("ann")

    rehearsed = terminal.run("orders", "cancel", order.id, "--dry-run")
    assert (rehearsed.code, shop.catalog.get(mug).stock) == (0, 3)
    done = terminal.document("orders", "cancel", order.id, "--reason", "sent twice", "--actor", "clerk")
    again = terminal.run("orders", "cancel", order.id)

    assert "Dry run: nothing was changed." in rehearsed.err
    assert (done["status"], done["history"][-1]["actor"], done["history"][-1]["reason"]) == (
        *("cancelled", "clerk", "sent twice"),
    )
    assert (again.code, again.err) == (0, "It was cancelled before: nothing was changed.\n")
    assert shop.catalog.get(mug).stock == 5


@pytest.mark.parametrize("command", ["show", "cancel"])
def test_an_order_that_is_not_there_is_not_found(terminal: Terminal, command: str) -> None:
    ended = terminal.run("orders", command, "nothing")

    assert (ended.code, ended.out, ended.err) == (4, "", "Error: there is no order nothing\n")
