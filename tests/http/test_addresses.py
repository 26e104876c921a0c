"""Who a stranger is, behind proxies of ours and of others: what he writes himself must not make him somebody else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.connection import ASGIConnection

from shopcore_http.addresses import Addresses
from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from webshop import webshop

PROXIES = ("10.0.0.0/8", "2001:db8:1::/48")


def seen(client: str | None, *forwarded: str, trusted: tuple[str, ...] = PROXIES) -> str:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    scope: Any = {"type": "http", "headers": headers, "client": (client, 4711) if client else None}
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    return Addresses(trusted).of(connection).removeprefix("address:")


@pytest.mark.parametrize(
    ("client", "forwarded", "stranger"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("10.1.1.1", [], "10.1.1.1"),
        ("10.1.1.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["192.0.2.1, 10.2.2.2"], "192.0.2.1"),
        ("10.1.1.1", ["192.0.2.1", "10.2.2.2"], "192.0.2.1"),
        ("10.1.1.1", ["10.3.3.3,10.2.2.2"], "10.3.3.3"),
        ("2001:db8:1::9", ["192.0.2.1"], "192.0.2.1"),
        ("::ffff:10.1.1.1", ["192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["::ffff:192.0.2.1"], "192.0.2.1"),
        ("10.1.1.1", ["192.0.2.1:50123"], "192.0.2.1"),
        ("10.1.1.1", ["[2001:db8:2::1]:50123"], "2001:db8:2::/64"),
        ("10.1.1.1", ["2001:db8:2::1"], "2001:db8:2::/64"),
        ("fe80::1%eth0", [], "fe80::/64"),
        (None, ["192.0.2.1"], "unknown"),
        ("somebody", ["192.0.2.1"], "somebody"),
    ],
)
def test_a_stranger_is_the_first_address_from_the_right_that_is_no_proxy_of_ours(
    client: str | None, forwarded: list[str], stranger: str
) -> None:
    assert seen(client, *forwarded) == stranger


@pytest.mark.parametrize("told", ["192.0.2.9", "10.1.1.1", "192.0.2.9, 10.1.1.1", "127.0.0.1"])
def test_who_comes_without_a_proxy_of_ours_is_believed_nothing(told: str) -> None:
    assert seen("192.0.2.1", told) == "192.0.2.1"
    assert seen("10.1.1.1", told, trusted=()) == "10.1.1.1"


@pytest.mark.parametrize(
    "told",
    [
        "203.0.113.7",
        "10.9.9.9",
        "10.9.9.9, 203.0.113.7",
        "unknown",
        "",
        ",,,",
        "a" * 5000,
        "\xff",
        "203.0.113.7, 10.9.9.9",
    ],
)
def test_what_a_stranger_writes_himself_stands_left_of_what_our_proxy_saw(told: str) -> None:
    assert seen("10.1.1.1", f"{told}, 192.0.2.1") == "192.0.2.1"
    assert seen("10.1.1.1", told, "192.0.2.1") == "192.0.2.1"


@pytest.mark.parametrize("hop", ["unknown", "", "_hidden", "192.0.2.1.5", "[2001:db8::1", "for=192.0.2.1"])
def test_where_a_proxy_of_ours_names_nobody_the_stranger_is_that_proxy(hop: str) -> None:
    assert seen("10.1.1.1", f"192.0.2.1, {hop}") in ("10.1.1.1", "2001:db8::/64")


@given(st.lists(st.text(alphabet="0123456789abcdef.:,[] %x", max_size=40), max_size=4))
def test_no_header_is_too_odd(lines: list[str]) -> None:
    assert seen("10.1.1.1", *lines)


@given(st.lists(st.ip_addresses().map(str), max_size=5))
def test_no_list_of_addresses_makes_a_stranger_somebody_else(told: list[str]) -> None:
    assert seen("10.1.1.1", ", ".join([*told, "192.0.2.1", "10.2.2.2"])) == "192.0.2.1"


def test_over_http_strangers_behind_one_proxy_have_a_limit_each() -> None:
    with webshop(MemoryStore(), settings=Settings(rate_limit=3, trusted_proxies=("192.0.2.0/24",))) as web:
        app: Any = web.client.app
        edge = app.edge

        async def from_the_proxy(scope: Any, receive: Any, send: Any) -> None:
            await edge({**scope, "client": ("192.0.2.80", 4711)}, receive, send)

        app.edge = from_the_proxy

        def ask(stranger: str) -> list[int]:
            return [
                web.get("/api/items?page=1", **{"X-Forwarded-For": f"198.51.100.{n}, {stranger}"}).status_code
                for n in range(4)
            ]

        assert ask("203.0.113.1") == [200, 200, 200, 429]
        assert ask("203.0.113.2") == [200, 200, 200, 429]
