"""From errors to answers: the one table that knows which family of errors has which HTTP status."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar.connection import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap
from msgspec import Meta

from shopcore.errors import (
    Conflict,
    Denied,
    InProgress,
    Invalid,
    InvalidInput,
    KeyReused,
    NotFound,
    ShopError,
    StaleVersion,
    Unauthenticated,
    Unavailable,
)
from shopcore.money import Money
from shopcore_http.reply import Reply, amount

log = logging.getLogger("shopcore.http")

STATUS: Mapping[type[ShopError], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Denied: 403,
    NotFound: 404,
    Conflict: 409,
    Unavailable: 503,
    StaleVersion: 412,
    KeyReused: 422,
}
"""By family, and by class where the family does not say enough; the nearest class counts."""

HEADERS: Mapping[type[ShopError], Mapping[str, str]] = {
    Unauthenticated: {"WWW-Authenticate": "Bearer"},
    Unavailable: {"Retry-After": "1"},
    InProgress: {"Retry-After": "1"},
}


class ErrorInfo(msgspec.Struct, omit_defaults=True):
    """What went wrong: a code for programs, a message for people, and the facts."""

    code: Annotated[str, Meta(examples=["INVALID_INPUT"])]
    message: Annotated[str, Meta(examples=["quantity: must be a whole number >= 1"])]
    details: dict[str, Any] | None = None


class ErrorBody(msgspec.Struct):
    """The body of every answer with a status of 400 and above."""

    error: ErrorInfo


class TooManyRequests(Exception):
    """The caller has used up what a setting allows; `retry_after` is in whole seconds."""

    def __init__(self, code: str, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after = retry_after


def status_of(kind: type[ShopError]) -> int:
    return next(STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS)


def headers_of(kind: type[ShopError]) -> Mapping[str, str]:
    return next((HEADERS[ancestor] for ancestor in kind.__mro__ if ancestor in HEADERS), {})


def shop_error(_: Request[Any, Any, Any], error: ShopError) -> Reply[ErrorBody]:
    """Whatever the shop refuses. What is wrong with its store is in the log, and none of the client's business."""
    if isinstance(error, Unavailable):
        log.warning("%s: %s", error.code, error)
    return told(error)


def told(error: ShopError) -> Reply[ErrorBody]:
    """The answer to a refusal, with its facts."""
    if isinstance(error, InvalidInput):
        return _invalid(error)
    if isinstance(error, Unavailable) and error.facts:
        return failure(503, error.code, "the shop cannot answer now; try again", None, headers_of(type(error)))
    details = wire(error.facts) or None
    return failure(status_of(type(error)), error.code, str(error), details, headers_of(type(error)))


def _invalid(error: InvalidInput) -> Reply[ErrorBody]:
    """Every field that is at fault, by the names that the client knows; the first one also for itself."""
    errors = [{"field": wire_name(fault["field"]), "reason": fault["reason"]} for fault in error.errors]
    errors = errors or [{"field": wire_name(error.field), "reason": error.reason}]
    message = "; ".join(f"{fault['field']}: {fault['reason']}" for fault in errors[:5])
    return failure(400, error.code, message, {**errors[0], "errors": errors})


def too_many(_: Request[Any, Any, Any], error: TooManyRequests) -> Reply[ErrorBody]:
    return failure(429, error.code, str(error), None, {"Retry-After": str(error.retry_after)})


def http_error(_: Request[Any, Any, Any], error: HTTPException) -> Reply[ErrorBody]:
    """What the router and the body reader refuse: no such path, another method, too large a body."""
    if error.status_code >= 500:
        return unexpected(_, error)
    if isinstance(error, ValidationException):
        fault = {"field": "body", "reason": "is required: a JSON object"}
        return failure(400, "INVALID_INPUT", "body: is required", {**fault, "errors": [fault]})
    status = HTTPStatus(error.status_code)
    message = _MESSAGES.get(error.status_code) or error.detail or status.phrase
    return failure(error.status_code, status.name, message, None, error.headers)


def unexpected(_: Request[Any, Any, Any], error: Exception) -> Reply[ErrorBody]:
    """A defect of ours: the log has all of it, the client nothing but the request id in its header."""
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return failure(500, "INTERNAL_SERVER_ERROR", "something went wrong on our side")


EXPLAIN: ExceptionHandlersMap = {
    ShopError: shop_error,
    TooManyRequests: too_many,
    HTTPException: http_error,
    Exception: unexpected,
}
"""What answers which errors; the nearest class counts."""

_MESSAGES = {
    404: "there is nothing at this address",
    405: "this address does not take this method",
    413: "the body is larger than 1 MiB",
}


def failure(
    status: int,
    code: str,
    message: str,
    details: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply[ErrorBody]:
    info = ErrorInfo(code, message, dict(details) if details else None)
    return Reply(ErrorBody(info), status_code=status, headers=headers)


def wire(value: Any) -> Any:
    """A fact as it goes out: names in camelCase, money as a number, nothing that is not known."""
    if isinstance(value, Money):
        return amount(value)
    if isinstance(value, Mapping):
        return {camel(str(name)): wire(fact) for name, fact in value.items() if fact is not None}
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    if isinstance(value, Sequence | frozenset | set):
        return [wire(fact) for fact in value]
    if hasattr(value, "__dataclass_fields__"):
        return wire({name: getattr(value, name) for name in value.__dataclass_fields__})
    return value


_FIELDS = ("current_password", "display_name", "image_urls", "item_id", "max_per_customer", "new_password", "on_hand")
"""Fields that the shop names otherwise than the wire does. All others are a client's own words."""


def wire_name(field: str) -> str:
    """A field as the client knows it."""
    return camel(field) if field in _FIELDS else field


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
