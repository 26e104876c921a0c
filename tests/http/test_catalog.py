"""The catalog over HTTP, for shoppers and for staff."""

from __future__ import annotations

import pytest

from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from webshop import Web, error_of, faults_of, webshop

MUG = {"name": "Mug", "price": 7.5}


def test_an_item_is_answered_as_it_was_sent_with_its_own_keys_at_the_top_level(any_web: Web) -> None:
    body = {
        **MUG,
        "sku": "MUG-1",
        "description": "Holds a third of a litre.",
        "category": "kitchen",
        "imageUrls": ["https://shop.example/mug.jpg"],
        "stock": 10,
        "colour": "red",
        "sizes": {"height": 9.5, "tags": ["a", None, True]},
    }

    added = any_web.post("/api/items", body, by="admin")

    item = added.json()
    assert added.status_code == 201
    assert added.headers["location"] == f"/api/items/{item['id']}"
    assert item.pop("createdAt") == "2026-05-01T12:00:00Z"
    assert item == {**body, "id": item["id"], "currency": "EUR"}
    assert any_web.get(f"/api/items/{item['id']}").json() == added.json()


def test_an_item_without_stock_is_untracked(web: Web) -> None:
    assert web.post("/api/items", MUG, by="admin").json()["stock"] is None


def test_a_field_of_the_shops_own_is_no_attribute(table: Web) -> None:
    body = {**MUG, "id": "x", "createdAt": "now", "held": 3}

    assert set(faults_of(table.post("/api/items", body, by="admin"))) == {"id", "createdAt", "held"}


def test_a_bad_attribute_is_told_by_the_name_it_was_given(table: Web) -> None:
    answer = table.post("/api/items", {**MUG, "wash_at": "x" * 20_000}, by="admin")

    assert set(faults_of(answer)) == {"wash_at"}


def test_reservation_by_others_is_not_there_yet(table: Web) -> None:
    answer = table.post("/api/items", {**MUG, "reservation": "external"}, by="admin")

    assert "not supported by this version" in faults_of(answer)["reservation"]


def test_a_change_without_stock_leaves_the_stock_alone(any_web: Web) -> None:
    item = any_web.item(stock=10, sku="MUG-1", attributes={"colour": "red"})
    any_web.fill("ann", item, quantity=3)

    changed = any_web.call("PUT", f"/api/items/{item}", {"name": "Big mug", "price": 9}, by="admin").json()

    assert (changed["name"], changed["price"], changed["stock"], changed["sku"]) == ("Big mug", 9, 7, None)
    assert "colour" not in changed


@pytest.mark.parametrize("stock", [10, None])
def test_an_item_that_is_sent_back_as_it_was_answered_stays_as_it_is(any_web: Web, stock: int | None) -> None:
    fields = {"sku": "MUG-1", "category": "kitchen", "image_urls": ["https://shop.example/mug.jpg"]}
    item = any_web.item(stock=stock, max_per_customer=5, attributes={"colour": "red"}, **fields)
    any_web.fill("ann", item, quantity=3)
    path = f"/api/items/{item}"
    before = any_web.get(path).json()

    sent_back = any_web.call("PUT", path, before, by="admin")
    renamed = any_web.call("PUT", path, {**before, "name": "Big mug"}, by="admin")

    assert (sent_back.status_code, sent_back.json()) == (200, before)
    assert renamed.json() == any_web.get(path).json() == {**before, "name": "Big mug"}


def test_an_id_that_is_a_number_may_be_sent_back_as_one(table: Web) -> None:
    item = table.item(item_id="42")

    assert table.call("PUT", f"/api/items/{item}", {**MUG, "id": 42}, by="admin").status_code == 200


def test_what_nobody_can_change_is_not_changed_in_silence(table: Web) -> None:
    path = f"/api/items/{table.item()}"
    before = table.get(path).json()

    other = table.call("PUT", path, {**MUG, "id": "x", "createdAt": "2020-01-01T00:00:00Z"}, by="admin")
    nonsense = table.call("PUT", path, {**MUG, "id": None, "createdAt": "now", "held": 3}, by="admin")

    assert (other.status_code, set(faults_of(other))) == (400, {"id", "createdAt"})
    assert (nonsense.status_code, set(faults_of(nonsense))) == (400, {"id", "createdAt", "held"})
    assert table.get(path).json() == before


def test_a_change_with_stock_makes_that_much_available(any_web: Web) -> None:
    item = any_web.item(stock=10)
    any_web.fill("ann", item, quantity=3)

    changed = any_web.call("PUT", f"/api/items/{item}", {**MUG, "stock": 5}, by="admin").json()

    assert changed["stock"] == 5
    assert any_web.get(f"/api/items/{item}/stock", by="sales").json()["onHand"] == 8


def test_a_tracked_item_cannot_become_untracked(web: Web) -> None:
    answer = web.call("PUT", f"/api/items/{web.item()}", {**MUG, "stock": None}, by="admin")

    assert (answer.status_code, error_of(answer)["code"]) == (409, "STOCK_TRACKED")


def test_a_change_without_a_currency_keeps_the_items_own(web: Web) -> None:
    item = web.item(price="1500", currency="JPY")

    changed = web.call("PUT", f"/api/items/{item}", {"name": "Mug", "price": 1600}, by="admin")

    assert (changed.json()["price"], changed.json()["currency"]) == (1600, "JPY")


def test_a_withdrawn_item_is_gone_from_the_shelves_and_stays_in_history(any_web: Web) -> None:
    item = any_web.item()
    order = any_web.order("ann", item)

    assert any_web.call("DELETE", f"/api/items/{item}", by="admin").json() == {"ok": True}

    assert any_web.get(f"/api/items/{item}").status_code == 404
    assert any_web.get("/api/items?page=1").json()["total"] == 0
    assert any_web.get(f"/api/orders/{order['id']}", by="ann").json()["items"][0]["itemId"] == item
    assert any_web.call("DELETE", f"/api/items/{item}", by="admin").status_code == 200
    assert any_web.call("PUT", f"/api/items/{item}", MUG, by="admin").status_code == 404


def test_a_recall_takes_the_item_back_from_every_cart(web: Web) -> None:
    item = web.item()
    web.fill("ann", item)

    web.call("DELETE", f"/api/items/{item}?mode=recall", by="admin")

    cart = web.get("/api/cart", by="ann").json()
    assert cart["items"][0]["hold"]["state"] == "unavailable"
    assert cart["problems"] == [{"code": "ITEM_UNAVAILABLE", "itemId": item}]


def test_browsing_filters_and_sorts(any_web: Web) -> None:
    cheap = any_web.item(name="Spoon", price="2", category="kitchen", stock=0)
    dear = any_web.item(name="Pot", price="40", category="kitchen")
    any_web.item(name="Chair", price="90", category="garden")

    def ids(query: str) -> list[str]:
        return [item["id"] for item in any_web.get(f"/api/items?page=1&{query}").json()["items"]]

    assert ids("category=kitchen&sort=price&order=desc") == [dear, cheap]
    assert ids("category=kitchen&inStock=true") == [dear]
    assert ids("inStock=false") == [cheap]
    assert ids("minPrice=2.01&maxPrice=40") == [dear]
    assert ids("sort=name")[1:] == [dear, cheap]


def test_words_find_items_by_their_beginnings(any_web: Web) -> None:
    item = any_web.item(name="Café-Crème mug")
    any_web.item(name="Pot")

    found = any_web.get("/api/items/search?q=CAFE%20mu&page=1")

    assert [each["id"] for each in found.json()["items"]] == [item]


def test_stock_is_changed_by_a_difference_or_by_a_count(any_web: Web) -> None:
    path = f"/api/items/{any_web.item(stock=10)}/stock"

    delivered = any_web.post(path, {"delta": 5, "reason": "delivery"}, by="support", key="k")
    repeated = any_web.post(path, {"delta": 5, "reason": "delivery"}, by="support", key="k")
    counted = any_web.post(path, {"onHand": 12, "reason": "stocktaking"}, by="admin")

    assert delivered.json() == repeated.json() == {"onHand": 15, "held": 0, "available": 15}
    assert repeated.headers["idempotency-replayed"] == "true"
    assert counted.json()["onHand"] == 12
    shown = any_web.get(path, by="sales").json()
    assert shown["equation"] == {"received": 15, "adjusted": -3, "restocked": 0, "sold": 0}
    assert [(entry["onHand"], entry["reason"]) for entry in shown["entries"]][:2] == [
        (-3, "stocktaking"),
        (5, "delivery"),
    ]


def test_stock_cannot_fall_below_what_is_held(web: Web) -> None:
    item = web.item(stock=10)
    web.fill("ann", item, quantity=4)

    answer = web.post(f"/api/items/{item}/stock", {"onHand": 3, "reason": "count"}, by="support")

    assert (answer.status_code, error_of(answer)["code"]) == (409, "STOCK_HELD")
    assert error_of(answer)["details"] == {"itemId": item, "held": 4, "shortfall": 1}


def test_units_that_are_not_there_are_taken_back_from_the_newest_carts_where_staff_say_so(any_web: Web) -> None:
    item = any_web.item(stock=5)
    any_web.fill("ann", item, quantity=3)
    any_web.watch.on(minutes=1)
    any_web.fill("bob", item, quantity=2)
    count = {"onHand": 3, "reason": "count", "release": "newest-first"}

    answer = any_web.post(f"/api/items/{item}/stock", count, by="support")

    assert (answer.status_code, answer.json()) == (200, {"onHand": 3, "held": 3, "available": 0})
    holds = [any_web.get("/api/cart", by=name).json()["items"][0]["hold"]["state"] for name in ("ann", "bob")]
    assert holds == ["live", "expired"]
    recorded = any_web.get("/api/removed-items?page=1&reason=stock_correction", by="sales").json()["items"]
    assert [(each["username"], each["quantity"]) for each in recorded] == [("bob", 2)]
    bad = any_web.post(f"/api/items/{item}/stock", {**count, "release": "oldest"}, by="support")
    assert "release" in faults_of(bad)


def test_a_change_of_stock_is_one_of_the_two(table: Web) -> None:
    path = f"/api/items/{table.item()}/stock"

    assert faults_of(table.post(path, {"reason": "x"}, by="support"))
    assert faults_of(table.post(path, {"reason": "x", "delta": 1, "onHand": 1}, by="support"))
    assert set(faults_of(table.post(path, {"delta": 1}, by="support"))) == {"reason"}


def test_the_catalog_is_called_what_the_settings_say() -> None:
    with webshop(MemoryStore(), settings=Settings(items_path="tickets")) as web:
        added = web.post("/api/tickets", MUG, by="admin")

        assert added.headers["location"] == f"/api/tickets/{added.json()['id']}"
        assert web.get("/api/tickets?page=1").json()["total"] == 1
        assert web.get("/api/items?page=1").status_code == 404
        assert "/api/tickets/{itemId}/stock" in web.get("/schema/openapi.json").json()["paths"]
