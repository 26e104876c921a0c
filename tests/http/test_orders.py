"""Checkout and orders over HTTP."""

from __future__ import annotations

from webshop import Web, error_of, faults_of


def test_a_cart_becomes_an_order_and_the_next_cart_is_empty(any_web: Web) -> None:
    mug, pot = any_web.item(sku="MUG-1"), any_web.item(name="Pot", price="19.99")
    any_web.fill("ann", mug, quantity=2)
    any_web.fill("ann", pot)
    cart = any_web.get("/api/cart", by="ann").json()

    answer = any_web.post("/api/cart/checkout", {}, by="ann")

    order = answer.json()["order"]
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/orders/{order['id']}"
    assert (order["subtotal"], order["discount"], order["total"], order["status"]) == (34.99, 0, 34.99, "placed")
    assert order["items"][0] == {
        "itemId": mug,
        "sku": "MUG-1",
        "name": "Mug",
        "unitPrice": 7.5,
        "quantity": 2,
        "lineTotal": 15,
        "discount": 0,
    }
    assert order["history"] == [{"status": "placed", "at": "2026-05-01T12:00:00Z", "reason": ""}]
    assert order["cartId"] == cart["id"]
    after = any_web.get("/api/cart", by="ann").json()
    assert (after["items"], after["id"] != cart["id"]) == ([], True)


def test_a_checkout_needs_no_body(web: Web) -> None:
    web.fill("ann", web.item())

    assert web.call("POST", "/api/cart/checkout", by="ann").status_code == 201


def test_an_empty_cart_is_409_every_time(web: Web) -> None:
    for _ in range(2):
        answer = web.post("/api/cart/checkout", {}, by="ann")
        assert (answer.status_code, error_of(answer)["code"]) == (409, "CART_EMPTY")


def test_naming_a_cart_that_was_ordered_gives_its_order_again(any_web: Web) -> None:
    order = any_web.order("ann", any_web.item())

    again = any_web.post("/api/cart/checkout", {"cartId": order["cartId"]}, by="ann")

    assert (again.status_code, again.json()["order"]) == (200, order)
    assert any_web.post("/api/cart/checkout", {"cartId": order["cartId"]}, by="bob").status_code == 404


def test_a_refused_checkout_tells_every_problem(web: Web) -> None:
    gone, dear = web.item(stock=1), web.item(name="Pot", price="5")
    web.fill("ann", gone, dear)
    web.watch.on(minutes=16)
    web.fill("bob", gone)
    web.call("PUT", f"/api/items/{dear}", {"name": "Pot", "price": 6}, by="admin")

    answer = web.post("/api/cart/checkout", {}, by="ann")

    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (409, "HOLD_EXPIRED")
    assert error["details"]["problems"] == [
        {"code": "HOLD_EXPIRED", "itemId": gone, "requested": 1, "available": 0},
        {"code": "PRICE_CHANGED", "itemId": dear, "old": 5, "new": 6},
    ]


def test_agreeing_to_the_new_total_lets_a_dearer_cart_through(web: Web) -> None:
    mug = web.item(price="7.50")
    web.fill("ann", mug)
    web.call("PUT", f"/api/items/{mug}", {"name": "Mug", "price": 8}, by="admin")

    too_low = web.post("/api/cart/checkout", {"expectedTotal": 7.99}, by="ann")
    agreed = web.post("/api/cart/checkout", {"expectedTotal": 8}, by="ann")

    assert (too_low.status_code, error_of(too_low)["code"]) == (409, "PRICE_CHANGED")
    assert agreed.json()["order"]["total"] == 8


def test_an_expected_total_is_read_as_a_price_is(table: Web) -> None:
    assert set(faults_of(table.post("/api/cart/checkout", {"expectedTotal": 7.999}, by="ann"))) == {"expectedTotal"}
    assert set(faults_of(table.post("/api/cart/checkout", {"expectedTotal": "8"}, by="ann"))) == {"expectedTotal"}


def test_orders_are_ones_own_and_nobody_else_learns_of_them(any_web: Web) -> None:
    order = any_web.order("ann", any_web.item())

    assert any_web.get(f"/api/orders/{order['id']}", by="ann").json() == order
    assert any_web.get(f"/api/orders/{order['id']}", by="support").json() == order
    others = any_web.get(f"/api/orders/{order['id']}", by="bob")
    assert (others.status_code, others.json()) == (404, any_web.get(f"/api/orders/{order['id']}", by="sales").json())
    assert any_web.get("/api/orders?page=1", by="bob").json()["items"] == []


def test_the_list_of_orders_is_newest_first(any_web: Web) -> None:
    mug = any_web.item()
    first = any_web.order("ann", mug)
    any_web.watch.on(seconds=1)
    second = any_web.order("ann", mug)

    page = any_web.get("/api/orders?page=1", by="ann").json()

    assert [order["id"] for order in page["items"]] == [second["id"], first["id"]]
    assert page["items"][0].keys() == {"id", "createdAt", "status", "subtotal", "discount", "total", "currency"}


def test_an_order_stays_as_it_was_whatever_becomes_of_its_item(any_web: Web) -> None:
    mug = any_web.item(sku="MUG-1")
    order = any_web.order("ann", mug)
    before = any_web.get(f"/api/orders/{order['id']}", by="ann").content

    any_web.call("PUT", f"/api/items/{mug}", {"name": "Cup", "price": 99, "sku": "CUP"}, by="admin")
    any_web.call("DELETE", f"/api/items/{mug}", by="admin")

    assert any_web.get(f"/api/orders/{order['id']}", by="ann").content == before


def test_a_cancelled_order_gives_its_stock_back_once(any_web: Web) -> None:
    mug = any_web.item(stock=10)
    path = f"/api/orders/{any_web.order('ann', mug)['id']}/cancel"

    first = any_web.post(path, {"reason": "ordered twice"}, by="ann")
    again = any_web.post(path, {"reason": "really"}, by="support")

    assert first.json()["status"] == "cancelled"
    assert first.json()["history"][1]["reason"] == "ordered twice"
    assert (again.status_code, again.json()) == (200, first.json())
    assert any_web.get(f"/api/items/{mug}").json()["stock"] == 10


def test_after_a_while_only_support_can_cancel(web: Web) -> None:
    path = f"/api/orders/{web.order('ann', web.item())['id']}/cancel"
    web.watch.on(minutes=31)

    late = web.post(path, {"reason": "late"}, by="ann")
    support = web.post(path, {"reason": "goodwill"}, by="support")

    assert (late.status_code, error_of(late)["code"]) == (409, "CANCEL_WINDOW_CLOSED")
    assert support.status_code == 200
    assert web.post(path, {"reason": "not mine"}, by="bob").status_code == 404
