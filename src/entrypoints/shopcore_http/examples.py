"""Examples for the OpenAPI document: of every error, made from the error itself, and of every schema."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, get_args

from shopcore.checkout.model import Problem, ProblemCode
from shopcore.errors import CheckoutRefused, ShopError
from shopcore.money import Money
from shopcore.removals.export import csv_chunks, ndjson_chunks
from shopcore.removals.model import Removal
from shopcore_http.errors import failure, status_of, told
from shopcore_http.reply import encode

ITEM = "019a3f1e-7c5b-7d2a-9f00-5b1c2d3e4f50"
CART = "019a3f1e-8a01-7b3c-8e10-0a1b2c3d4e5f"
ORDER = "019a3f20-1122-7c4d-9a20-99aabbccddee"
USER = "019a3f1d-0001-7e5f-8b30-112233445566"

_FACTS: Mapping[str, Any] = {
    "allowed": 2,
    "available": 2,
    "bought": 1,
    "cart_currency": "EUR",
    "cart_id": CART,
    "errors": (),
    "expected": 3,
    "field": "quantity",
    "found": "0001",
    "held": 5,
    "item_currency": "USD",
    "item_id": ITEM,
    "left": "EUR",
    "needed": "0002",
    "order_id": ORDER,
    "promo_code": "SPRING10",
    "reason": "must be a whole number >= 1",
    "remedy": "run `shopcore db upgrade`",
    "requested": 9,
    "retry_after": 1,
    "right": "USD",
    "roles": ("admin",),
    "shortfall": 2,
    "sku": "MUG-1",
    "user": "ann",
    "username": "ann",
    "version": 4,
    "what": "the token adapter",
}
"""A likely value for each fact that an error may carry, by its name."""

_OTHER_REASONS = {"INVALID_TOKEN": "it has expired", "STORE_UNAVAILABLE": "the database does not answer"}


def examples_of(kind: type[ShopError]) -> Iterator[tuple[int, str, Any]]:
    """Status, code and body of each way in which an error shows."""
    if kind is CheckoutRefused:
        for code in get_args(ProblemCode):
            yield _shown(CheckoutRefused([_problem(code)]))
        return
    facts = {field.name: _FACTS[field.name] for field in fields(kind)}  # type: ignore[arg-type]
    if kind.code in _OTHER_REASONS:
        facts["reason"] = _OTHER_REASONS[kind.code]
    yield _shown(kind(**facts))


def plain(status: int, code: str, message: str) -> tuple[int, str, Any]:
    """An error that the HTTP layer makes by itself."""
    return status, code, json.loads(encode(failure(status, code, message).content))


def _shown(error: ShopError) -> tuple[int, str, Any]:
    return status_of(type(error)), error.code, json.loads(encode(told(error).content))


def _problem(code: ProblemCode) -> Problem:
    facts: dict[str, Any] = {"item_id": ITEM}
    if code in ("INSUFFICIENT_STOCK", "HOLD_EXPIRED"):
        facts |= {"requested": 9, "available": 2}
    if code == "PRICE_CHANGED":
        facts |= {"old": Money(750, "EUR"), "new": Money(790, "EUR")}
    if code in ("CART_EMPTY", "PROMO_NOT_FOUND"):
        facts = {} if code == "CART_EMPTY" else {"promo_code": "SPRING10"}
    return Problem(code=code, **facts)


def file_example(media: str) -> str:
    """How an answer begins that is no JSON."""
    match media:
        case "text/csv":
            return "".join(csv_chunks([_REMOVAL]))
        case "application/x-ndjson":
            return "".join(ndjson_chunks([_REMOVAL]))
        case "text/html":
            return "<!DOCTYPE html>"
        case _:
            return "# TYPE shopcore_http_requests_running gauge\nshopcore_http_requests_running 1.0\n"


_REMOVAL = Removal(
    id="019a3f1f-2b2b-7aaa-8bbb-ccccddddeeee",
    cart_id=CART,
    owner=USER,
    username="ann",
    item_id=ITEM,
    sku="MUG-1",
    item_name="Mug",
    quantity=2,
    unit_price=Money(750, "EUR"),
    reason="removed",
    added_at=datetime(2026, 1, 31, 11, 50, tzinfo=UTC),
    removed_at=datetime(2026, 1, 31, 12, tzinfo=UTC),
)


def example(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Any:
    """A value that fits `schema`, put together from the examples of its fields."""
    if "$ref" in schema:
        return example(components[schema["$ref"].rpartition("/")[2]], components)
    if "examples" in schema:
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    if "default" in schema:
        return schema["default"]
    if arms := schema.get("anyOf"):
        return example(arms[0], components)
    if schema.get("type") == "object":
        return {name: example(part, components) for name, part in schema.get("properties", {}).items()}
    if schema.get("type") == "array":
        return [example(schema["items"], components)]
    return _BY_TYPE[schema.get("format") or schema.get("type", "")]


_BY_TYPE: Mapping[str, Any] = {
    "string": "text",
    "integer": 1,
    "number": 7.5,
    "boolean": True,
    "null": None,
    "date-time": "2026-01-31T12:00:00Z",
    "": None,
}
