"""A whole visit, from the first look to what sales learn of it."""

from __future__ import annotations

from shopcore_testing.accounts import PASSWORD
from webshop import Web


def visit(web: Web) -> None:
    """Sign up, browse, hold, change one's mind, check out, cancel; then look at it from the other side."""
    mug = web.post("/api/items", {"name": "Café mug", "price": 7.5, "stock": 3, "sku": "MUG"}, by="admin").json()["id"]
    pot = web.post("/api/items", {"name": "Pot", "price": 19.99, "stock": 1}, by="admin").json()["id"]
    credentials = {"username": "ann", "password": PASSWORD}
    assert web.post("/api/auth/signup", credentials, key="s").status_code == 201
    web.tokens["ann"] = web.post("/api/auth/login", credentials).json()["accessToken"]

    found = web.get("/api/items/search?q=cafe&page=1").json()
    assert [item["id"] for item in found["items"]] == [mug]
    web.fill("ann", mug, quantity=2)
    web.fill("ann", pot)
    assert web.post("/api/cart/items", {"itemId": pot, "quantity": 1}, by="bob").status_code == 409
    assert web.call("DELETE", f"/api/cart/items/{pot}", by="ann").status_code == 200
    web.fill("bob", pot)
    cart = web.get("/api/cart", by="ann")
    assert (cart.json()["total"], cart.headers["etag"]) == (15, '"4"')

    placed = web.post("/api/cart/checkout", {"cartId": cart.json()["id"]}, by="ann", key="c")
    again = web.post("/api/cart/checkout", {"cartId": cart.json()["id"]}, by="ann", key="c")
    assert (placed.status_code, again.json()) == (201, placed.json())
    order = placed.json()["order"]
    assert web.get(f"/api/orders/{order['id']}", by="bob").status_code == 404
    assert web.get(f"/api/items/{mug}").json()["stock"] == 1

    [removal] = web.get("/api/removed-items?page=1&state=checked_out", by="sales").json()["items"]
    assert (removal["itemId"], removal["outcome"], removal["orderId"]) == (pot, "lost", order["id"])
    [row] = web.get("/api/removed-items/summary?by=customer&page=1", by="sales").json()["items"]
    assert (row["label"], row["value"]) == ("ann", 19.99)
    export = web.get("/api/removed-items/export?format=csv", by="sales").text.splitlines()
    assert len(export) == 2

    assert web.post(f"/api/orders/{order['id']}/cancel", {"reason": "too many"}, by="ann").status_code == 200
    stock = web.get(f"/api/items/{mug}/stock", by="support").json()
    assert (stock["onHand"], stock["equation"]["sold"], stock["equation"]["restocked"]) == (3, 2, 2)
    assert web.post("/api/auth/logout", by="ann").status_code == 200
    assert web.get("/api/cart", by="ann").status_code == 401


def test_a_whole_visit(any_web: Web) -> None:
    visit(any_web)


def test_a_whole_visit_on_postgresql(postgres_web: Web) -> None:
    visit(postgres_web)


def test_texts_that_postgresql_cannot_keep_never_reach_it(postgres_web: Web) -> None:
    web = postgres_web
    for path in ("/api/items/%00", "/api/items?page=1&category=%00", "/api/items/search?page=1&q=%00"):
        assert web.get(path).status_code in (400, 404)
    for raw in (b'{"itemId": "\\u0000", "quantity": 1}', b'{"itemId": "\\udfff", "quantity": 1}'):
        assert web.call("POST", "/api/cart/items", by="ann", raw=raw).status_code == 400
    assert web.get("/api/carts?page=1&username=%00", by="sales").status_code == 400
    assert web.get("/api/items?page=1&maxPrice=9999999999999").status_code == 200
    assert web.get("/api/items?page=999999999&limit=100").status_code == 200
