"""The cart over HTTP."""

from __future__ import annotations

import pytest

from webshop import Web, error_of


def test_a_cart_shows_lines_totals_and_its_version(any_web: Web) -> None:
    mug, pot = any_web.item(price="7.50"), any_web.item(name="Pot", price="19.99", stock=None)
    any_web.fill("ann", mug, quantity=2)
    any_web.fill("ann", pot)

    answer = any_web.get("/api/cart", by="ann")

    cart = answer.json()
    assert answer.headers["etag"] == f'"{cart["version"]}"'
    assert (cart["subtotal"], cart["discount"], cart["total"]) == (34.99, 0, 34.99)
    assert (cart["status"], cart["currency"], cart["discounts"], cart["problems"]) == ("active", "EUR", [], [])
    assert cart["items"] == [
        {
            "itemId": mug,
            "name": "Mug",
            "unitPrice": 7.5,
            "quantity": 2,
            "lineTotal": 15,
            "hold": {"state": "live", "until": "2026-05-01T12:15:00Z"},
            "reservation": None,
        },
        {
            "itemId": pot,
            "name": "Pot",
            "unitPrice": 19.99,
            "quantity": 1,
            "lineTotal": 19.99,
            "hold": {"state": "none", "until": None},
            "reservation": None,
        },
    ]


def test_an_empty_cart_says_what_checkout_would(web: Web) -> None:
    assert web.get("/api/cart", by="ann").json()["problems"] == [{"code": "CART_EMPTY"}]


def test_adding_again_raises_the_one_line(web: Web) -> None:
    mug = web.item()
    web.fill("ann", mug, quantity=2)
    web.fill("ann", mug, quantity=3)

    [line] = web.get("/api/cart", by="ann").json()["items"]

    assert line["quantity"] == 5


def test_a_quantity_is_set_and_zero_removes(any_web: Web) -> None:
    mug = any_web.item()
    any_web.fill("ann", mug, quantity=5)

    lowered = any_web.call("PATCH", f"/api/cart/items/{mug}", {"quantity": 2}, by="ann")
    removed = any_web.call("PATCH", f"/api/cart/items/{mug}", {"quantity": 0}, by="ann")

    assert lowered.json()["items"][0]["quantity"] == 2
    assert removed.json()["items"] == []
    assert any_web.get("/api/removed-items?page=1", by="sales").json()["total"] == 2


def test_what_is_not_in_the_cart_cannot_be_changed_or_removed(any_web: Web) -> None:
    mug = any_web.item()

    changed = any_web.call("PATCH", f"/api/cart/items/{mug}", {"quantity": 2}, by="ann")
    removed = any_web.call("DELETE", f"/api/cart/items/{mug}", by="ann")

    assert (changed.status_code, removed.status_code) == (404, 404)
    assert error_of(removed)["code"] == "NOT_IN_CART"
    assert any_web.get("/api/removed-items?page=1", by="sales").json()["total"] == 0


def test_a_removal_gives_the_stock_back(any_web: Web) -> None:
    mug = any_web.item(stock=1)
    any_web.fill("ann", mug)

    any_web.call("DELETE", f"/api/cart/items/{mug}", by="ann")

    any_web.fill("bob", mug)


def test_clearing_empties_the_cart_at_once(web: Web) -> None:
    web.fill("ann", web.item(), web.item(name="Pot"))

    cleared = web.call("DELETE", "/api/cart/items", by="ann")

    assert cleared.json()["items"] == []
    assert {row["reason"] for row in web.get("/api/removed-items?page=1", by="sales").json()["items"]} == {"cleared"}


def test_too_little_stock_is_told_and_changes_nothing(any_web: Web) -> None:
    mug = any_web.item(stock=3)
    any_web.fill("ann", mug, quantity=2)
    before = any_web.get("/api/cart", by="ann").json()

    added = any_web.post("/api/cart/items", {"itemId": mug, "quantity": 2}, by="ann")
    patched = any_web.call("PATCH", f"/api/cart/items/{mug}", {"quantity": 9}, by="ann")

    assert (added.status_code, patched.status_code) == (409, 409)
    assert error_of(patched)["details"]["requested"] == 9
    assert any_web.get("/api/cart", by="ann").json() == before


def test_an_item_that_is_not_there_is_404(table: Web) -> None:
    answer = table.post("/api/cart/items", {"itemId": "nope", "quantity": 1}, by="ann")

    assert (answer.status_code, error_of(answer)["code"]) == (404, "ITEM_NOT_FOUND")


def if_match(web: Web, tag: str) -> int:
    web.fill("ann", mug := web.item())
    return web.call("PATCH", f"/api/cart/items/{mug}", {"quantity": 2}, by="ann", headers={"If-Match": tag}).status_code


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        ('"2"', 200),
        ("*", 200),
        ('"1"', 412),
        ('"3"', 412),
        ('W/"2"', 412),
        ('"two"', 412),
        ('"99999999999999999999999"', 412),
        ("2", 400),
        ('"2", "3"', 400),
        ("", 400),
    ],
)
def test_a_change_happens_only_to_the_version_that_was_seen(web: Web, tag: str, status: int) -> None:
    assert if_match(web, tag) == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/cart/items", {"itemId": "mug", "quantity": 1}),
        ("PATCH", "/api/cart/items/mug", {"quantity": 2}),
        ("DELETE", "/api/cart/items/mug", None),
        ("DELETE", "/api/cart/items", None),
        ("PUT", "/api/cart/promo", {"code": "SPRING10"}),
        ("DELETE", "/api/cart/promo", None),
        ("POST", "/api/cart/checkout", {}),
    ],
)
def test_every_write_of_the_cart_honours_if_match(web: Web, method: str, path: str, body: object) -> None:
    web.fill("ann", web.item(item_id="mug"))

    stale = web.call(method, path, body, by="ann", headers={"If-Match": '"1"'})

    assert (stale.status_code, error_of(stale)["details"]) == (412, {"expected": 1, "version": 2})
    assert web.get("/api/cart", by="ann").json()["items"][0]["quantity"] == 1


def test_no_promo_code_is_known_yet(web: Web) -> None:
    used = web.call("PUT", "/api/cart/promo", {"code": "SPRING10"}, by="ann")
    dropped = web.call("DELETE", "/api/cart/promo", by="ann")

    assert (used.status_code, error_of(used)["code"]) == (404, "PROMO_NOT_FOUND")
    assert dropped.json()["items"] == []


def test_a_price_that_rose_is_a_problem_until_the_shopper_agrees(web: Web) -> None:
    mug = web.item(price="7.50")
    web.fill("ann", mug)
    web.call("PUT", f"/api/items/{mug}", {"name": "Mug", "price": 8}, by="admin")

    cart = web.get("/api/cart", by="ann").json()

    assert cart["items"][0]["unitPrice"] == 8
    assert cart["problems"] == [{"code": "PRICE_CHANGED", "itemId": mug, "old": 7.5, "new": 8}]


def test_carts_of_two_shoppers_are_two_carts(web: Web) -> None:
    web.fill("ann", web.item())

    assert web.get("/api/cart", by="bob").json()["items"] == []
