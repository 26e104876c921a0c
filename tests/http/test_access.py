"""Who may do what, for every endpoint there is."""

from __future__ import annotations

import re

import pytest
from litestar.routes import HTTPRoute

from shopcore_http import create_app
from shopcore_http.endpoint import Endpoint
from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from webshop import Web, error_of, webshop

STAFF = {"sales", "support", "admin"}
PUBLIC = {
    "live",
    "ready",
    "metrics",
    "front",
    "openapi",
    "page",
    "static",
    "sign_up",
    "log_in",
    "refresh",
    "list_items",
    "search_items",
    "show_item",
}
ROLES = {
    "add_item": {"admin"},
    "change_item": {"admin"},
    "archive_item": {"admin"},
    "change_stock": {"admin", "support"},
    "show_stock": STAFF,
    "list_removals": STAFF,
    "sum_up_removals": STAFF,
    "export_removals": STAFF,
    "list_carts": STAFF,
    "see_cart": STAFF,
    "see_timeline": STAFF,
}
"""Endpoints that need a role; all others need a token of anybody."""


def declared() -> list[tuple[str, str, Endpoint]]:
    with webshop(MemoryStore()) as web:
        app = create_app(web.shop, Settings())
    return [
        (str(verb), re.sub(r"\{[^}]+\}", "x", route.path_format), handler.opt["endpoint"])
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "endpoint" in handler.opt
        for verb in handler.http_methods
    ]


ENDPOINTS = declared()
each_guarded = pytest.mark.parametrize(
    ("verb", "path", "name"),
    [(verb, path, each.name) for verb, path, each in ENDPOINTS if each.name not in PUBLIC],
)


def test_only_these_are_for_anybody() -> None:
    assert {each.name for _, _, each in ENDPOINTS if each.allow is None} == PUBLIC


@each_guarded
def test_nobody_gets_in_without_a_token(table: Web, verb: str, path: str, name: str) -> None:
    answer = table.call(verb, path)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@each_guarded
@pytest.mark.parametrize("role", ["ann", "sales", "support", "admin"])
def test_a_role_opens_what_is_meant_for_it_and_nothing_else(
    table: Web, verb: str, path: str, name: str, role: str
) -> None:
    allowed = role in ROLES.get(name, {role})

    answer = table.call(verb, path, by=role)

    if name == "log_out":
        table.log_in(role)
    assert (answer.status_code == 403) == (not allowed)
    if not allowed:
        error = error_of(answer)
        assert error["code"] == "ROLE_REQUIRED"
        assert error["message"] == f"this needs the role {' or '.join(error['details']['roles'])}"
