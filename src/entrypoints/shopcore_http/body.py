"""Request bodies: read as they come, and decoded strictly."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
from litestar.connection import Request
from litestar.datastructures import State
from litestar.exceptions import ClientException, HTTPException, ValidationException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import Empty

from shopcore.accounts.model import Caller
from shopcore_http.decode import read_json
from shopcore_http.headers import header

MAX_BODY = 1 << 20
"""Bytes; they are counted while they come in, and no more is read before it is refused."""


class UnsupportedMediaType(HTTPException):
    status_code = 415
    detail = "the body must be sent as application/json in UTF-8"


class BodyRequest(Request[Caller, Any, State]):
    """A request whose body is read as it comes, most often in one message; Litestar makes a stream of it first."""

    async def body(self) -> bytes:
        """All of it, however often it is asked for. Raises RequestEntityTooLarge, or ClientException."""
        if self._body is Empty:
            self._body = await self._read()
        return self._body

    async def _read(self) -> bytes:
        announced = header(self, b"content-length") or "0"
        try:
            if int(announced) > MAX_BODY:
                raise RequestEntityTooLarge
        except ValueError:
            raise ClientException(f"Invalid content-length: {announced!r}") from None
        chunks: list[bytes] = []
        length, more = 0, True
        while more:
            message: Any = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientException("the client went away")
            chunk: bytes = message.get("body", b"")
            length += len(chunk)
            if length > MAX_BODY:
                raise RequestEntityTooLarge
            chunks.append(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks)


async def read_body(request: Request[Any, Any, Any], kind: type[msgspec.Struct], *, required: bool) -> dict[str, Any]:
    """The body as the argument `data`; no argument where it is missing and may be.

    Litestar's own way would turn "1" into 1. Raises UnsupportedMediaType, or InvalidInput with every field that does
    not fit.
    """
    raw = await request.body()
    if not raw:
        if required:
            raise ValidationException
        return {}
    if not is_json(header(request, b"content-type") or ""):
        raise UnsupportedMediaType
    return {"data": read_json(kind, raw)}


def struct_of(annotation: Any) -> type[msgspec.Struct]:
    """The Struct of `Struct` or `Struct | None`."""
    for arm in (annotation, *get_args(annotation)):
        if isinstance(arm, type) and issubclass(arm, msgspec.Struct):
            return arm
    raise TypeError(f"a body is a msgspec Struct, not {annotation}")


def is_json(content_type: str) -> bool:
    """Whether a Content-Type names JSON in UTF-8."""
    if content_type == "application/json":
        return True
    essence, *parameters = content_type.split(";")
    if essence.strip().lower() != "application/json":
        return False
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset" and value.strip('"').lower() not in ("utf-8", "utf8"):
            return False
    return True
