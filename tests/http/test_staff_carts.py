"""Carts as staff see them."""

from __future__ import annotations

from webshop import Web, error_of


def test_staff_find_carts_of_a_customer(any_web: Web) -> None:
    mug = any_web.item()
    order = any_web.order("ann", mug)
    any_web.fill("bob", mug)
    ann = any_web.shop.accounts.find("ann").id

    def carts(query: str) -> list[tuple[object, object]]:
        page = any_web.get(f"/api/carts?page=1&{query}", by="sales").json()
        return [(cart["username"], cart["status"]) for cart in page["items"]]

    assert sorted(carts("username=ANN")) == sorted(carts(f"userId={ann}")) == [("ann", "active"), ("ann", "ordered")]
    assert carts(f"userId={ann}&username=bob") == carts("username=nobody") == []
    one = any_web.get(f"/api/carts/{order['cartId']}", by="sales").json()
    assert (one["userId"], one["orderId"], one["total"]) == (ann, order["id"], 7.5)
    assert error_of(any_web.get("/api/carts/nope", by="sales"))["code"] == "CART_NOT_FOUND"


def test_a_timeline_tells_everything_in_order(any_web: Web) -> None:
    mug = any_web.item()
    any_web.fill("ann", mug, quantity=2)
    cart = any_web.get("/api/cart", by="ann").json()["id"]
    any_web.call("DELETE", f"/api/cart/items/{mug}", by="ann")

    told = any_web.get(f"/api/carts/{cart}/timeline", by="sales").json()

    assert told["cartId"] == cart
    assert [entry["kind"] for entry in told["entries"]] == [
        "cart_opened",
        "item_added",
        "hold_released",
        "item_removed",
    ]
    added = told["entries"][1]
    assert (added["itemId"], added["facts"]["quantity"], added["facts"]["unitPrice"]) == (mug, 2, 7.5)
    assert (added["held"], added["onHand"]) == (2, 0)
    assert added["facts"]["until"].endswith("Z")
