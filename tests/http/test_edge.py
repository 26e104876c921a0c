"""What happens to every request: an id, headers, a log line, a deadline."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from shopcore_http.edge import Edge
from shopcore_http.metrics import Metrics
from shopcore_memory import MemoryStore
from shopcore_settings.logs import JsonLines, TextLines, configure, request_id
from webshop import Web, webshop


def test_a_good_request_id_is_taken_and_answered(table: Web) -> None:
    answer = table.get("/health/live", **{"X-Request-Id": "abc-123_x.y"})

    assert answer.headers["x-request-id"] == "abc-123_x.y"


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, "a\tb", "<script>", "ä"])
def test_any_other_request_id_is_replaced(table: Web, given: str) -> None:
    answer = table.client.get("/health/live", headers={b"X-Request-Id": given.encode()})

    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


def test_refusals_of_the_router_have_a_request_id_too(table: Web) -> None:
    assert table.get("/nope", **{"X-Request-Id": "mine"}).headers["x-request-id"] == "mine"


def test_head_is_answered_as_get_without_its_body(table: Web) -> None:
    got, head = table.get("/api/items?page=1"), table.call("HEAD", "/api/items?page=1")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))


def test_head_of_an_address_without_get_is_405(table: Web) -> None:
    assert table.call("HEAD", "/api/auth/login").status_code == 405


def test_no_answer_may_be_sniffed_and_no_private_one_kept(table: Web) -> None:
    public, private = table.get("/api/items?page=1"), table.get("/api/cart", by="ann")
    login = table.post("/api/auth/login", {"username": "nobody", "password": "whatever it is"})

    assert {answer.headers["x-content-type-options"] for answer in (public, private, login)} == {"nosniff"}
    assert private.headers["cache-control"] == login.headers["cache-control"] == "no-store"
    assert "cache-control" not in public.headers


def test_other_sites_are_not_let_in_by_default(table: Web) -> None:
    answer = table.get("/api/items?page=1", Origin="https://elsewhere.example")

    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_each_request_is_one_log_line_without_secrets(table: Web, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "shopcore.access")
    token = table.token("ann")

    table.get("/api/cart?token=hunter2", by="ann", **{"X-Request-Id": "seen"})

    [record] = caplog.records
    facts = record.__dict__["facts"]
    assert (facts["method"], facts["path"], facts["status"]) == ("GET", "/api/cart", 200)
    assert "hunter2" not in str(record.__dict__)
    assert token not in str(record.__dict__)


def test_a_log_line_stays_one_line_whatever_was_asked_for(table: Web, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "shopcore.access")

    table.get("/a%0AINFO forged")

    assert "\n" not in TextLines().format(caplog.records[0])


def logged(formatter: logging.Formatter) -> str:
    record = logging.LogRecord("shopcore.test", logging.INFO, "file", 1, "added %s", ("mug",), None)
    record.facts = {"status": 200}
    before = request_id.set("r1")
    try:
        return formatter.format(record)
    finally:
        request_id.reset(before)


def test_a_json_line_has_the_request_id_and_the_facts() -> None:
    line = json.loads(logged(JsonLines()))

    assert (line["message"], line["request_id"], line["status"], line["level"]) == ("added mug", "r1", 200, "info")
    assert line["time"].endswith("Z")


def test_a_text_line_has_the_request_id_and_the_facts() -> None:
    assert logged(TextLines()).endswith("INFO shopcore.test [r1] added mug status=200")


def test_logging_is_configured_for_the_whole_process(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure("info", "json")
        logging.getLogger("shopcore.http").info("ready")
        configure("info", "text")
        logging.getLogger("shopcore.http").debug("not shown")
    finally:
        root.handlers[:], root.level = handlers, level

    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "ready"


def test_the_id_of_a_request_reaches_the_threads_of_the_shop(web: Web) -> None:
    seen: list[str] = []
    ping = web.shop.store.ping
    web.shop.store.ping = lambda: (seen.append(request_id.get()), ping())[1]  # type: ignore[method-assign, func-returns-value]

    web.get("/health/ready", **{"X-Request-Id": "mine"})

    assert seen == ["mine"]


# ---- bodies that come slowly, or not at all


async def called(app: Any, receive: Any, *, body_seconds: float, size: int | None = None) -> list[dict[str, Any]]:
    """What the app behind an edge sends to a POST whose body comes from `receive`."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/api/auth/login",
        "raw_path": b"/api/auth/login",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), *_length(size)],
        "client": ("127.0.0.1", 5),
        "server": ("test", 80),
        "scheme": "http",
        "http_version": "1.1",
        "root_path": "",
        "state": {},
        "extensions": {},
    }
    await Edge(app, Metrics(), methods_of={}, body_seconds=body_seconds)(scope, receive, send)  # type: ignore[arg-type]
    return sent


def _length(size: int | None) -> list[tuple[bytes, bytes]]:
    return [] if size is None else [(b"content-length", str(size).encode())]


def test_a_body_that_does_not_come_in_time_is_408() -> None:
    async def half() -> dict[str, Any]:
        if not begun:
            begun.append(True)
            return {"type": "http.request", "body": b'{"username"', "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    begun: list[bool] = []
    with webshop(MemoryStore()) as web:
        start, body = asyncio.run(called(web.client.app.inner, half, body_seconds=0.01))

    assert start["status"] == 408
    assert (b"connection", b"close") in start["headers"]
    assert json.loads(body["body"])["error"]["code"] == "REQUEST_TIMEOUT"


def test_a_client_that_goes_away_is_no_error_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with webshop(MemoryStore()) as web:
        start, _ = asyncio.run(called(web.client.app.inner, gone, body_seconds=1))

    assert start["status"] == 400
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_the_deadline_is_for_the_body_and_not_for_the_answer() -> None:
    async def slow(_scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["body"] == b"{}"
        await asyncio.sleep(0.05)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def whole() -> dict[str, Any]:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    start, _ = asyncio.run(called(slow, whole, body_seconds=0.02))

    assert start["status"] == 200


async def refuse_unread(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 401, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.mark.parametrize(("parts", "kept"), [(3, True), (1000, False)])
def test_a_small_body_that_nobody_wants_is_taken_in_and_a_large_one_ends_the_connection(parts: int, kept: bool) -> None:
    taken: list[int] = []

    async def part() -> dict[str, Any]:
        taken.append(1)
        return {"type": "http.request", "body": b"x" * 1000, "more_body": len(taken) < parts}

    start, _ = asyncio.run(called(refuse_unread, part, body_seconds=5, size=parts * 1000))

    assert start["status"] == 401
    assert ((b"connection", b"close") not in start["headers"]) is kept
    assert len(taken) < 100


def test_a_refusal_does_not_wait_for_a_body_for_ever() -> None:
    async def never() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    start, _ = asyncio.run(called(refuse_unread, never, body_seconds=0.01, size=5))

    assert start["status"] == 401
    assert (b"connection", b"close") in start["headers"]
