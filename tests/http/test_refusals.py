"""Every refusal has the one body, whoever made it: the shop, the router or the server's edge."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from litestar import Litestar

from shopcore.errors import StoreUnavailable
from shopcore_memory import MemoryStore
from webshop import Web, error_of, webshop


def test_an_address_that_nobody_knows_is_404(table: Web) -> None:
    for path in ("/nope", "/api", "/api/nope", "/api/items/a/b", "/schema/nope", "/schema/static/nope"):
        answer = table.get(path)
        assert (answer.status_code, error_of(answer)["code"]) == (404, "NOT_FOUND")


def test_the_front_page_leads_to_the_document(table: Web) -> None:
    answer = table.get("/")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/api/items/%00", "/%00", "/api/items/a%00b"])
def test_an_address_that_no_store_could_hold_is_404(table: Web, path: str) -> None:
    answer = table.get(path)

    assert (answer.status_code, error_of(answer)["code"]) == (404, "NOT_FOUND")


def test_a_method_that_an_address_does_not_take_is_405_and_says_which_it_takes(table: Web) -> None:
    answer = table.call("DELETE", "/api/auth/login")

    assert answer.status_code == 405
    assert error_of(answer)["code"] == "METHOD_NOT_ALLOWED"
    assert answer.headers["allow"] == "OPTIONS, POST"


def test_where_get_is_allowed_head_is_too(table: Web) -> None:
    assert table.call("POST", "/api/items/a").headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    assert table.call("OPTIONS", "/api/items/a").headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


def test_an_order_can_be_neither_changed_nor_deleted(table: Web) -> None:
    for method in ("PUT", "PATCH", "DELETE"):
        assert table.call(method, "/api/orders/some", {}, by="ann").status_code == 405


def test_no_token_is_401_with_the_scheme(table: Web) -> None:
    answer = table.get("/api/cart")

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert error_of(answer)["code"] == "TOKEN_REQUIRED"


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic YTpi", "token"])
def test_what_is_no_bearer_token_is_no_token(table: Web, header: str) -> None:
    assert table.get("/api/cart", Authorization=header).status_code == 401


@pytest.mark.parametrize("token", ["x", "a.b.c", "x" * 5000, "eyJhbGciOiJub25lIn0.e30."])
def test_a_token_that_is_none_of_ours_is_401(table: Web, token: str) -> None:
    answer = table.get("/api/cart", Authorization=f"Bearer {token}")

    assert (answer.status_code, error_of(answer)["code"]) == (401, "INVALID_TOKEN")


def test_the_scheme_may_be_written_in_any_case(table: Web) -> None:
    assert table.get("/api/cart", Authorization=f"bearer {table.token('ann')}").status_code == 200


def test_who_is_unknown_learns_nothing_of_a_body(table: Web) -> None:
    assert table.call("POST", "/api/cart/items", raw=b"nonsense").status_code == 401


def test_a_role_too_low_is_403(table: Web) -> None:
    answer = table.post("/api/items", {"name": "Mug", "price": 1}, by="ann")

    assert answer.status_code == 403
    assert error_of(answer)["details"] == {"roles": ["admin"]}


def test_facts_of_a_refusal_have_the_names_of_the_wire(web: Web) -> None:
    item = web.item(stock=2)

    answer = web.post("/api/cart/items", {"itemId": item, "quantity": 9}, by="ann")

    error = error_of(answer)
    assert (answer.status_code, error["code"]) == (409, "INSUFFICIENT_STOCK")
    assert error["details"] == {"itemId": item, "requested": 9, "available": 2}


class Defect(Exception):
    """Something that nobody thought of."""


@pytest.fixture
def broken(caplog: pytest.LogCaptureFixture) -> Iterator[Web]:
    """A shop in which every write hits a defect."""

    def fail() -> None:
        raise Defect("the password is hunter2")

    with webshop(MemoryStore()) as web:
        web.token("ann")
        web.shop.store._before_commit = fail  # type: ignore[attr-defined]
        caplog.set_level(logging.ERROR)
        yield web


def test_a_defect_of_ours_is_500_and_only_the_log_knows_more(broken: Web, caplog: pytest.LogCaptureFixture) -> None:
    answer = broken.call("DELETE", "/api/cart/items", by="ann")

    assert answer.status_code == 500
    assert error_of(answer) == {"code": "INTERNAL_SERVER_ERROR", "message": "something went wrong on our side"}
    assert "hunter2" in caplog.text


class Unreachable(MemoryStore):
    """A store that is lost once it is `gone`."""

    gone = False

    def ping(self) -> None:
        if self.gone:
            raise StoreUnavailable('connection to server at "10.0.0.7" failed')


def test_a_store_out_of_reach_is_503_with_retry_after_and_no_address(caplog: pytest.LogCaptureFixture) -> None:
    store = Unreachable()
    with webshop(store) as web:
        token = web.token("ann")
        store.gone = True

        answer = web.get("/api/cart", Authorization=f"Bearer {token}")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"
    assert error_of(answer) == {"code": "STORE_UNAVAILABLE", "message": "the shop cannot answer now; try again"}
    assert "10.0.0.7" in caplog.text


def test_what_a_handler_forgets_to_declare_lets_nobody_in() -> None:
    """The door reads each handler's declaration; without one it fails, and it fails closed."""
    with webshop(MemoryStore()) as web:
        app: Litestar = web.client.app
        undeclared = [
            (route.path, handler.handler_name)
            for route in app.routes
            for handler in getattr(route, "route_handlers", [])
            if "endpoint" not in handler.opt and "OPTIONS" not in handler.http_methods
        ]
    assert undeclared == []


def test_a_refused_transaction_answers_each_of_its_askers(web: Web) -> None:
    """Several cart commands may share a transaction; one that is refused costs the others nothing."""
    item = web.item(stock=1)
    web.fill("ann", item)

    refused = web.post("/api/cart/items", {"itemId": item, "quantity": 1}, by="bob")

    assert refused.status_code == 409
    assert web.get("/api/cart", by="ann").json()["items"][0]["quantity"] == 1
