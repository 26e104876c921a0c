"""Alive, ready, and measured."""

from __future__ import annotations

import re

from shopcore.errors import StoreUnavailable
from shopcore_memory import MemoryStore
from webshop import Web, error_of, webshop


def test_a_process_is_alive_and_ready(table: Web) -> None:
    assert table.get("/health/live").json() == {"status": "ok"}
    assert table.get("/health/ready").json() == {"status": "ok"}


class Lost(MemoryStore):
    def ping(self) -> None:
        raise StoreUnavailable("gone")


def test_a_process_without_its_store_is_alive_and_not_ready() -> None:
    with webshop(Lost()) as web:
        live, ready = web.get("/health/live"), web.get("/health/ready")

    assert live.status_code == 200
    assert ready.status_code == 503
    assert error_of(ready)["code"] == "STORE_UNAVAILABLE"
    assert ready.headers["retry-after"] == "1"


def counted(web: Web, method: str, route: str, status: int) -> float:
    labels = f'method="{method}",route="{route}",status="{status}"'
    found = re.search(rf"shopcore_http_request_seconds_count\{{{re.escape(labels)}\}} (\S+)", web.get("/metrics").text)
    return float(found[1]) if found else 0


def test_requests_are_counted_by_the_template_of_their_route(web: Web) -> None:
    for number in range(3):
        web.get(f"/api/items/{number}")

    assert counted(web, "GET", "/api/items/{item_id}", 404) == 3


def test_addresses_that_nobody_knows_are_one_route(web: Web) -> None:
    for number in range(3):
        web.get(f"/nope/{number}")

    assert counted(web, "GET", "unmatched", 404) == 3
    assert "/nope/" not in web.get("/metrics").text


def test_methods_that_nobody_knows_are_one_method(web: Web) -> None:
    web.call("BREW", "/health/live")

    assert counted(web, "other", "/health/live", 405) + counted(web, "other", "unmatched", 405) == 1
