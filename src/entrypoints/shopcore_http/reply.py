"""Answers: JSON with exact money, and the headers that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from litestar.connection import Request
from litestar.response import Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

from shopcore.money import Money

T = TypeVar("T")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: Any) -> bytes:
    """JSON bytes; a Decimal becomes a number with exactly its digits, a time UTC with Z."""
    return _ENCODER.encode(value)


def amount(money: Money) -> Any:
    """Money as it is on the wire: a number in major units with the currency's own decimals, as JSON already."""
    return amount_of(money.amount, money.currency)


@lru_cache(maxsize=4096)
def amount_of(minor: int, currency: str) -> Any:
    """The same of `minor` units. Prices come again and again: to encode a Decimal took as long as a line of a cart."""
    return msgspec.Raw(encode(Money(minor, currency).major))


@lru_cache(maxsize=64)
def _lower(name: str) -> bytes:
    return name.lower().encode("latin-1")


class Reply(Response[T]):
    """An answer in JSON. It has no cookies, and nothing is done once it is sent."""

    def __init__(
        self, content: T, *, status_code: int | None = None, headers: Mapping[str, str] | None = None, **_: Any
    ) -> None:
        self.content = content
        self.status_code = status_code
        self.headers = {**headers} if headers else {}

    def to_asgi_response(
        self, app: Any, request: Request[Any, Any, Any], *, status_code: int | None = None, **_: Any
    ) -> ASGIResponse:
        """Litestar's way to an answer asks about twenty things that are never so here, a tenth of all that it does."""
        body = self.content if isinstance(self.content, bytes) else encode(self.content)
        headers = [(_lower(name), value.encode("latin-1")) for name, value in self.headers.items()]
        headers += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        return Ready(self.status_code or status_code or 200, headers, body)


class Ready(ASGIResponse):
    """An answer that is bytes already, and has only to be sent."""

    __slots__ = ("raw_headers",)

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status_code = status
        self.raw_headers = headers
        self.body = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


def reply(content: T, *, status: int | None = None, headers: Mapping[str, str] | None = None) -> Reply[T]:
    return Reply(content, status_code=status, headers=headers)
