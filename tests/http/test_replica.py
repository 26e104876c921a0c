"""Which endpoints may be answered from a replica: these, and not one more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from httpx import Response
from litestar.routes import HTTPRoute

from shopcore.errors import StoreBusy
from shopcore.store import Transaction
from shopcore_http import create_app
from shopcore_http.endpoint import Endpoint
from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from shopcore_testing.accounts import PASSWORD
from webshop import Web, webshop

MAY_LAG = {
    "list_items",
    "search_items",
    "show_item",
    "list_carts",
    "list_removals",
    "sum_up_removals",
    "export_removals",
}

"""The rest decides something, or shows somebody what he has just done, or is looked at before something is decided."""

REQUESTS: dict[str, tuple[str, str, object]] = {
    "live": ("", "/health/live", None),
    "ready": ("", "/health/ready", None),
    "metrics": ("", "/metrics", None),
    "front": ("", "/", None),
    "openapi": ("", "/schema/openapi.json", None),
    "page": ("", "/schema", None),
    "static": ("", "/schema/static/page.js", None),
    "sign_up": ("", "/api/auth/signup", {"username": "bob", "password": PASSWORD}),
    "log_in": ("", "/api/auth/login", {"username": "ann", "password": PASSWORD}),
    "refresh": ("", "/api/auth/refresh", {"refreshToken": "{refresh}"}),
    "me": ("ann", "/api/auth/me", None),
    "change_profile": ("ann", "/api/users/me", {"profile": {"displayName": "Ann"}}),
    "list_items": ("", "/api/items?page=1", None),
    "search_items": ("", "/api/items/search?page=1&q=mug", None),
    "show_item": ("", "/api/items/{mug}", None),
    "add_item": ("admin", "/api/items", {"name": "Cup", "price": 2}),
    "change_item": ("admin", "/api/items/{mug}", {"name": "Mug", "price": 3}),
    "show_stock": ("sales", "/api/items/{mug}/stock", None),
    "change_stock": ("support", "/api/items/{mug}/stock", {"delta": 5, "reason": "delivery"}),
    "show_cart": ("ann", "/api/cart", None),
    "put_in_cart": ("ann", "/api/cart/items", {"itemId": "{mug}", "quantity": 1}),
    "change_quantity": ("ann", "/api/cart/items/{mug}", {"quantity": 2}),
    "take_out_of_cart": ("ann", "/api/cart/items/{mug}", None),
    "clear_cart": ("ann", "/api/cart/items", None),
    "use_promo": ("ann", "/api/cart/promo", {"code": "SPRING10"}),
    "drop_promo": ("ann", "/api/cart/promo", None),
    "check_out": ("ann", "/api/cart/checkout", {"expectedTotal": 100}),
    "list_orders": ("ann", "/api/orders?page=1", None),
    "show_order": ("ann", "/api/orders/{order}", None),
    "cancel_order": ("ann", "/api/orders/{order}/cancel", {"reason": "twice"}),
    "list_removals": ("sales", "/api/removed-items?page=1", None),
    "sum_up_removals": ("sales", "/api/removed-items/summary?page=1&by=item", None),
    "export_removals": ("sales", "/api/removed-items/export?format=csv", None),
    "list_carts": ("sales", "/api/carts?page=1&username=ann", None),
    "see_cart": ("sales", "/api/carts/{cart}", None),
    "see_timeline": ("sales", "/api/carts/{cart}/timeline", None),
    "change_password": ("ann", "/api/users/me/change-password", {"currentPassword": PASSWORD, "newPassword": PASSWORD}),
    "archive_item": ("admin", "/api/items/{mug}", None),
    "log_out": ("ann", "/api/auth/logout", None),
}
"""Who asks what; a request for each endpoint there is."""


class Primary(MemoryStore):
    """Knows how often it was read."""

    reads = 0

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        self.reads += 1
        with super().read(once=once) as tx:
            yield tx


class Replica(Primary):
    """Shows what the primary holds, and breaks a reader off if `breaks` is set."""

    breaks = False

    def __init__(self, primary: Primary) -> None:
        super().__init__()
        self._primary = primary

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        self.reads += 1
        if self.breaks:
            raise StoreBusy
        with MemoryStore.read(self._primary, once=once) as tx:
            yield tx


@dataclass
class Both:
    web: Web
    primary: Primary
    replica: Replica
    names: dict[str, str]

    def request(self, verb: str, name: str) -> Response:
        """Ask, with counters at 0."""
        who, path, body = REQUESTS[name]
        by = who or None
        if by:
            self.web.token(by)
        self.primary.reads = self.replica.reads = 0
        return self.web.call(
            verb, self._filled(path), raw=self._filled(json.dumps(body)).encode() if body else None, by=by
        )

    def _filled(self, text: str) -> str:
        for name, value in self.names.items():
            text = text.replace("{" + name + "}", value)
        return text


@pytest.fixture
def both() -> Iterator[Both]:
    """A shop with a little of everything in it."""
    primary = Primary()
    replica = Replica(primary)
    with webshop(primary, replica=replica) as web:
        web.token("ann")
        mug = web.item()
        order = web.order("ann", mug)
        web.fill("ann", mug, quantity=2)
        web.call("PATCH", f"/api/cart/items/{mug}", {"quantity": 1}, by="ann")
        refresh = web.shop.accounts.log_in("ann", PASSWORD).tokens.refresh_token
        cart = web.get("/api/cart", by="ann").json()["id"]
        yield Both(web, primary, replica, {"mug": mug, "order": order["id"], "refresh": refresh, "cart": cart})


def declared() -> dict[str, tuple[str, Endpoint]]:
    with webshop(MemoryStore()) as web:
        app = create_app(web.shop, Settings())
    handlers = [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]
    found = [handler for handler in handlers if "endpoint" in handler.opt]
    return {each.opt["endpoint"].name: (str(*each.http_methods), each.opt["endpoint"]) for each in found}


ENDPOINTS = declared()


def test_only_these_may_be_answered_from_a_replica() -> None:
    assert {name for name, (_, each) in ENDPOINTS.items() if each.may_lag} == MAY_LAG
    assert ENDPOINTS.keys() == REQUESTS.keys()


@pytest.mark.parametrize("name", REQUESTS)
def test_an_endpoint_reads_where_it_declares_that_it_does(both: Both, name: str) -> None:
    verb, endpoint = ENDPOINTS[name]
    door = 1 if endpoint.allow else 0

    answer = both.request(verb, name)

    assert answer.status_code < 400 or name == "use_promo", answer.text
    if endpoint.may_lag:
        assert both.replica.reads > 0
        assert both.primary.reads == door
    else:
        assert both.replica.reads == 0


@pytest.mark.parametrize("name", sorted(MAY_LAG - {"export_removals"}))
def test_what_a_replica_breaks_off_is_answered_from_the_primary(both: Both, name: str) -> None:
    verb, endpoint = ENDPOINTS[name]
    both.replica.breaks = True

    answer = both.request(verb, name)

    assert answer.status_code == 200, answer.text
    assert both.replica.reads == 1
    assert both.primary.reads > (1 if endpoint.allow else 0)


def test_who_may_come_in_is_never_asked_of_a_replica(both: Both) -> None:
    """A session that has ended at the primary only is over."""
    both.web.post("/api/auth/logout", by="ann")
    both.replica.reads = 0

    assert both.web.get("/api/auth/me", by="ann").status_code == 401
    assert both.replica.reads == 0
