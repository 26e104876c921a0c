"""The express lane says what Litestar's own way would say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from litestar.testing import TestClient

from shopcore.errors import InvalidInput
from shopcore_http.app import ShopApp
from shopcore_http.cart import NewLine, NewQuantity
from shopcore_http.decode import read, read_json
from shopcore_http.express import Stop
from shopcore_http.strict_json import parse
from shopcore_memory import MemoryStore
from webshop import Web, webshop

MUG = "the-mug"
PATHS = ("", "/", f"/{MUG}", f"/{MUG}/", "/nothing", "//", "/a/b", "/%2F", "/search?q=mug&page=1", "?page=1", "?page=0")
ASKED = [
    *[("GET", f"/api/items{path}", None) for path in PATHS],
    *[
        ("GET", path, None)
        for path in ("/api/cart", "/api/cart/", "/api/orders?page=1", "/api/carts?page=1", "/health/live")
    ],
    *[("HEAD", path, None) for path in ("/api/cart", f"/api/items/{MUG}")],
    *[("OPTIONS", "/api/cart/items", None), ("POST", "/api/cart", {}), ("GET", "/api/cart/items", None)],
    ("POST", "/api/cart/items", {"itemId": MUG, "quantity": 2}),
    ("POST", "/api/cart/items", {"itemId": MUG, "quantity": 999}),
    ("POST", "/api/cart/items", {"itemId": "nothing", "quantity": 1}),
    ("POST", "/api/cart/items", {"itemId": MUG}),
    ("POST", "/api/cart/items", None),
    ("PATCH", f"/api/cart/items/{MUG}", {"quantity": 1}),
    ("DELETE", f"/api/cart/items/{MUG}", None),
    ("DELETE", f"/api/cart/items/{MUG}", None),
    ("POST", "/api/cart/checkout", {}),
    ("PUT", "/api/cart/promo", {"code": "SPRING"}),
    ("POST", "/api/items", {"name": "Cup", "price": 1.5}),
    ("POST", "/api/auth/signup", {"username": "newcomer", "password": "correct horse"}),
]


class NoLane:
    """An express lane that leads nowhere."""

    def stop(self, scope: Any) -> Stop | None:
        return None


@pytest.fixture
def lanes() -> Iterator[list[Web]]:
    """Two shops of the same kind; in the second one Litestar serves everything."""
    with webshop(MemoryStore()) as with_lane, webshop(MemoryStore()) as without:
        app: Any = without.client.app
        app.express = NoLane()
        yield [with_lane, without]


def told(web: Web, verb: str, path: str, body: Any, by: str | None) -> tuple[Any, ...]:
    answer = web.call(verb, path, body, by=by)
    kept = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
    return answer.status_code, kept, answer.text


@pytest.mark.parametrize("by", ["ann", "admin", None])
def test_the_lane_answers_as_litestar_does(lanes: list[Web], by: str | None) -> None:
    for web in lanes:
        web.item(item_id=MUG, stock=5)

    for verb, path, body in ASKED:
        lane, litestar = (told(web, verb, path, body, by) for web in lanes)

        assert _without_ids(lane) == _without_ids(litestar), (verb, path)


def _without_ids(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """Ids of two shops differ; so may lengths of a body with times in it, and the order of headers."""
    status, headers, text = answer
    shown = {name: value for name, value in headers.items() if name not in ("location", "content-length")}
    return status, shown, len(text) if "-" in text else text


def test_each_json_endpoint_with_at_most_one_name_at_its_end_is_on_the_lane() -> None:
    with webshop(MemoryStore()) as web:
        client: TestClient[ShopApp] = web.client
        on_it = {(verb, stop.template) for (verb, _), stop in client.app.express._stops.items()}

    assert {("POST", "/api/cart/items"), ("DELETE", "/api/cart/items/{item_id}"), ("GET", "/api/items")} <= on_it
    assert not {path for _, path in on_it if path in ("/", "/metrics", "/schema", "/api/removed-items/export")}


def test_a_token_whose_session_has_ended_is_refused_with_the_command_and_nothing_happens(web: Web) -> None:
    mug = web.item(stock=5)
    token = web.token("ann")
    web.fill("ann", mug)
    web.post("/api/auth/logout", by="ann")

    for verb, path in (
        ("POST", "/api/cart/items"),
        ("DELETE", f"/api/cart/items/{mug}"),
        ("DELETE", "/api/cart/items"),
    ):
        answer = web.call(verb, path, {"itemId": mug, "quantity": 1} if verb == "POST" else None, by="ann")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")

    assert web.tokens["ann"] == token
    assert web.shop.inventory.explain(mug).level.held == 1


TEXTS = st.text(st.characters(codec="utf-8"), max_size=6) | st.sampled_from(["a:b", "\\u0061", "a\\", "é", "\x7f"])
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
BODIES = st.dictionaries(st.sampled_from(["itemId", "quantity", "x", "item_id"]) | TEXTS, VALUES, max_size=4)


def outcome(read_it: Any) -> Any:
    try:
        return read_it()
    except InvalidInput as error:
        return error.field, error.reason, error.errors


@given(BODIES | st.lists(VALUES), st.sampled_from([NewLine, NewQuantity]), st.binary(max_size=3))
@example({"itemId": 9223372036854775808, "quantity": 1}, NewLine, b"")
@example({"itemId": "a", "quantity": 1}, NewLine, b"")
def test_a_body_that_is_read_at_once_is_read_as_the_thorough_way_reads_it(
    body: Any, kind: type[Any], tail: bytes
) -> None:
    raw = msgspec.json.encode(body) + tail

    assert outcome(lambda: read_json(kind, raw)) == outcome(lambda: read(kind, parse(raw)))
