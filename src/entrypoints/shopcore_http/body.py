"""Request bodies: how they are read, and how Litestar gets them decoded strictly."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import msgspec
from litestar.connection import Request
from litestar.datastructures import State
from litestar.dto import AbstractDTO
from litestar.exceptions import ClientException, HTTPException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import Empty

from shopcore.accounts.model import Caller
from shopcore_http.decode import read
from shopcore_http.strict_json import parse

if TYPE_CHECKING:
    from litestar.dto.data_structures import DTOFieldDefinition
    from litestar.typing import FieldDefinition

T = TypeVar("T")
MAX_BODY = 1 << 20
"""Bytes; they are counted while they come in, and no more is read before it is refused."""


class UnsupportedMediaType(HTTPException):
    status_code = 415
    detail = "the body must be sent as application/json in UTF-8"


class BodyRequest(Request[Caller, Any, State]):
    """A request whose body is read as it comes, most often in one message; Litestar makes a stream of it first."""

    __slots__ = ()

    async def body(self) -> bytes:
        """All of it, however often it is asked for. Raises RequestEntityTooLarge, or ClientException."""
        if self._body is Empty:
            self._body = await self._read()
        return self._body

    async def _read(self) -> bytes:
        announced = self.headers.get("content-length", "0")
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


class StrictJson(AbstractDTO[T]):
    """Decodes `data: JSONBody[Struct]` of any handler. Litestar's own way would turn "1" into 1."""

    def decode_bytes(self, value: bytes) -> Any:
        """Raises UnsupportedMediaType, or InvalidInput with every field that does not fit."""
        connection = self.asgi_connection
        if not is_json(connection.headers.get("content-type", "")):
            raise UnsupportedMediaType
        field = connection.route_handler.parsed_data_field
        return read(struct_of(field.annotation), parse(value))

    @classmethod
    def create_for_field_definition(
        cls, field_definition: FieldDefinition, handler_id: str, backend_cls: Any = None
    ) -> None:
        """Nothing to prepare: the Struct itself says all."""

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Generator[DTOFieldDefinition, None, None]:
        yield from ()

    @classmethod
    def detect_nested_field(cls, field_definition: FieldDefinition) -> bool:
        return False


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
