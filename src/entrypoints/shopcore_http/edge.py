"""What happens to every request, known address or not: an id, a clock on its body, a log line and a count."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterable, Mapping
from functools import lru_cache
from random import getrandbits
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from litestar.enums import ScopeType
from litestar.exceptions import ClientException, HTTPException

from shopcore.text import storable
from shopcore_http.errors import failure
from shopcore_http.headers import given
from shopcore_http.metrics import Metrics
from shopcore_http.reply import encode
from shopcore_http.waits import Waits
from shopcore_settings.logs import request_id, say

if TYPE_CHECKING:
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

log = logging.getLogger("shopcore.access")

BODY_SECONDS = 10.0
"""A body must be there that long after its head; a slow client cannot keep a place for ever."""

UNWANTED = 1 << 16
"""Bytes of a body that are read although its request is refused already."""

_GOOD_ID = re.compile(rb"[A-Za-z0-9._~:+/=@-]{1,128}")
_QUIET = frozenset({"/health/live", "/health/ready", "/metrics"})


@lru_cache(maxsize=1024)
def _quoted(path: str) -> str:
    return quote(path, errors="replace")


class RequestTimeout(HTTPException):
    status_code = 408
    detail = "the body did not arrive in time"


class Edge:
    """Wraps the application.

    `body_seconds` is the deadline of a request's body; `methods_of` has the methods of each route template.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        *,
        methods_of: Mapping[str, Iterable[str]],
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._methods_of = methods_of
        self._metrics = metrics
        self._waits = Waits(body_seconds)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        body = Body(receive, self._waits)
        visit = Visit(scope, send, self._methods_of, body)
        before = request_id.set(visit.id)
        self._metrics.begun()
        try:
            if not storable(scope["path"]):
                await visit.refuse(404, "NOT_FOUND", "there is nothing at this address")
            else:
                await self._app(scope, body.receive if visit.may_have_body else receive, visit.send)
        finally:
            self._metrics.done(visit.method, visit.route, visit.status, visit.seconds)
            visit.tell()
            request_id.reset(before)


class Body:
    """A request's body on its way in, with a clock on it."""

    def __init__(self, receive: Receive, waits: Waits) -> None:
        self._receive = receive
        self._waits = waits
        self._began = waits.now()
        self._more = True

    async def receive(self) -> Any:
        if not self._more:
            return await self._receive()
        try:
            message = await self._waits.bounded(self._receive(), since=self._began)
        except TimeoutError:
            raise RequestTimeout(headers={"Connection": "close"}) from None
        if message["type"] == "http.disconnect":
            raise ClientException("the client went away")
        self._more = bool(message.get("more_body", False))
        return message

    async def finish(self) -> bool:
        """Take in what nobody wanted of it, if that is little; whether it is all here.

        A server hangs up on a client whose body it has not read to the end, and his next request would fail.
        """
        left = UNWANTED
        while self._more and left > 0:
            try:
                left -= len((await self.receive()).get("body", b""))
            except HTTPException:
                return False
        return not self._more


class Visit:
    """One request on its way through."""

    def __init__(self, scope: HTTPScope, send: Send, methods_of: Mapping[str, Iterable[str]], body: Body) -> None:
        self._methods_of = methods_of
        self._body = body
        self.method = str(scope["method"])
        self.status = 0
        self._scope = scope
        self._send = send
        self._began = time.perf_counter()
        said = given(scope)
        self._signed = b"authorization" in said
        self._has_body = said.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in said
        wanted = said.get(b"x-request-id", b"")
        self.id = wanted.decode() if _GOOD_ID.fullmatch(wanted) else f"{getrandbits(128):032x}"
        self.may_have_body = self.method not in ("GET", "HEAD", "OPTIONS")
        if self.method == "HEAD":
            scope["method"] = "GET"

    @property
    def route(self) -> str | None:
        """The template of the address, where there is one."""
        template = self._scope.get("path_template")
        return str(template) if template else None

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    async def send(self, message: Message) -> None:
        """Pass an answer on, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message["headers"]]
            if self.status == 405 or self.method == "OPTIONS":
                headers = self._allowing(headers)
            whole = not (self._has_body and self.may_have_body) or await self._body.finish()
            message["headers"] = headers + self._common(headers, whole=whole)
        elif message["type"] == "http.response.body" and self.method == "HEAD":
            message["body"] = b""
        await self._send(message)

    async def refuse(self, status: int, code: str, text: str) -> None:
        body = encode(failure(status, code, text).content)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    def tell(self) -> None:
        """The access log's line: no query, no header, nothing that may be secret."""
        level = logging.DEBUG if self._scope["path"] in _QUIET else logging.INFO
        if log.isEnabledFor(level):
            client = self._scope.get("client")
            facts = {
                "method": self.method if self.method.isalpha() else "?",
                "path": _quoted(self._scope["path"]),
                "status": self.status,
                "ms": round(self.seconds * 1000, 1),
                "client": client[0] if client else "-",
            }
            say(log, level, "request", facts)

    def _common(self, headers: list[tuple[bytes, bytes]], *, whole: bool) -> list[tuple[bytes, bytes]]:
        common = [(b"x-request-id", self.id.encode()), (b"x-content-type-options", b"nosniff")]
        private = self._signed or self.may_have_body
        if private and not any(name == b"cache-control" for name, _ in headers):
            common.append((b"cache-control", b"no-store"))
        if not whole and not any(name == b"connection" for name, _ in headers):
            common.append((b"connection", b"close"))
        return common

    def _allowing(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Where GET is allowed HEAD is too, although the router does not know it."""
        return [(name, self._methods(value) if name == b"allow" else value) for name, value in headers]

    def _methods(self, named: bytes) -> bytes:
        # The router's own answer to OPTIONS names the methods of one of a path's handlers only.
        methods = {*named.decode().split(", "), *self._methods_of.get(self.route or "", ())}
        return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods)).encode()
