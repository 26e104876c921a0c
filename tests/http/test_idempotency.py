"""The same request twice has one effect and one answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx import Response

from webshop import Web, error_of, faults_of


def test_an_add_that_is_repeated_is_done_once(any_web: Web) -> None:
    mug = any_web.item()
    body = {"itemId": mug, "quantity": 2}

    first = any_web.post("/api/cart/items", body, by="ann", key="k")
    again = any_web.post("/api/cart/items", body, by="ann", key="k")

    assert again.content == first.content
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert any_web.get("/api/cart", by="ann").json()["items"][0]["quantity"] == 2


def test_a_checkout_that_is_repeated_gives_the_first_answer_again(any_web: Web) -> None:
    any_web.fill("ann", any_web.item())

    first = any_web.post("/api/cart/checkout", {}, by="ann", key="k")
    again = any_web.post("/api/cart/checkout", {}, by="ann", key="k")

    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotency-replayed"] == "true"
    assert any_web.get("/api/orders?page=1", by="ann").json()["total"] == 1


@pytest.mark.parametrize(
    ("path", "body", "by"),
    [
        ("/api/auth/signup", {"username": "eve", "password": "correct horse"}, None),
        ("/api/items", {"name": "Mug", "price": 7.5, "sku": "MUG-1"}, "admin"),
        ("/api/items/mug/stock", {"delta": 5, "reason": "delivery"}, "admin"),
        ("/api/cart/items", {"itemId": "mug", "quantity": 1}, "ann"),
    ],
)
def test_every_post_that_changes_something_honours_the_key(web: Web, path: str, body: object, by: str | None) -> None:
    web.item(item_id="mug")

    first = web.post(path, body, by=by, key="k")
    again = web.post(path, body, by=by, key="k")

    assert first.is_success
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotency-replayed"] == "true"


def test_a_key_with_another_body_is_422(web: Web) -> None:
    mug = web.item()
    web.post("/api/cart/items", {"itemId": mug, "quantity": 2}, by="ann", key="k")

    answer = web.post("/api/cart/items", {"itemId": mug, "quantity": 3}, by="ann", key="k")

    assert (answer.status_code, error_of(answer)["code"]) == (422, "IDEMPOTENCY_KEY_REUSED")


def test_a_key_with_another_address_is_422(web: Web) -> None:
    first, second = web.item(), web.item(name="Pot")
    web.post(f"/api/items/{first}/stock", {"delta": 1, "reason": "x"}, by="admin", key="k")

    answer = web.post(f"/api/items/{second}/stock", {"delta": 1, "reason": "x"}, by="admin", key="k")

    assert answer.status_code == 422


def test_how_a_body_is_spaced_and_ordered_makes_no_other_request(web: Web) -> None:
    mug = web.item()
    headers = {"Idempotency-Key": "k"}
    first = b'{"itemId": "%s", "quantity": 2}' % mug.encode()
    second = b'{ "quantity":2,\n"itemId":"%s" }' % mug.encode()

    web.call("POST", "/api/cart/items", by="ann", raw=first, headers=headers)
    again = web.call("POST", "/api/cart/items", by="ann", raw=second, headers=headers)

    assert again.headers["idempotency-replayed"] == "true"


def test_keys_of_two_callers_and_of_two_operations_do_not_meet(web: Web) -> None:
    mug = web.item()

    ann = web.post("/api/cart/items", {"itemId": mug, "quantity": 1}, by="ann", key="k")
    bob = web.post("/api/cart/items", {"itemId": mug, "quantity": 2}, by="bob", key="k")
    order = web.post("/api/cart/checkout", {}, by="ann", key="k")

    assert (ann.status_code, bob.status_code, order.status_code) == (200, 200, 201)


def test_a_refusal_is_not_kept(any_web: Web) -> None:
    mug = any_web.item(stock=1)
    any_web.fill("bob", mug)
    refused = any_web.post("/api/cart/items", {"itemId": mug, "quantity": 1}, by="ann", key="k")
    any_web.call("DELETE", f"/api/cart/items/{mug}", by="bob")

    answer = any_web.post("/api/cart/items", {"itemId": mug, "quantity": 1}, by="ann", key="k")

    assert (refused.status_code, answer.status_code) == (409, 200)
    assert "idempotency-replayed" not in answer.headers


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "a\x7f"])
def test_a_key_that_is_none_is_400(table: Web, key: str) -> None:
    headers = {"Idempotency-Key": key}

    answer = table.call("POST", "/api/cart/items", {"itemId": "a", "quantity": 1}, by="ann", headers=headers)

    assert set(faults_of(answer)) == {"Idempotency-Key"}


def test_a_key_whose_request_is_still_running_is_409(web: Web) -> None:
    mug = web.item()
    web.token("ann")
    entered, may_go_on = threading.Event(), threading.Event()
    write = web.shop.store.write

    def slow(work: Any, *, repeatable: bool = False) -> Any:
        entered.set()
        assert may_go_on.wait(10)
        return write(work, repeatable=repeatable)

    web.shop.store.write = slow  # type: ignore[method-assign]

    def add() -> Response:
        return web.post("/api/cart/items", {"itemId": mug, "quantity": 1}, by="ann", key="k")

    with ThreadPoolExecutor(1) as other:
        first = other.submit(add)
        assert entered.wait(10)
        second = add()
        may_go_on.set()

    assert (second.status_code, error_of(second)["code"]) == (409, "IN_PROGRESS")
    assert second.headers["retry-after"] == "1"
    assert first.result().status_code == 200
    assert add().headers["idempotency-replayed"] == "true"
