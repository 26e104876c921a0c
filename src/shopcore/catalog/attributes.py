"""Attributes: what a shop says of an item beyond the fields that shopcore knows, as JSON values."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from shopcore.errors import InvalidInput
from shopcore.text import checked

MAX_ATTRIBUTES = 50
MAX_BYTES = 16 * 1024
MAX_DEPTH = 16

_FIELDS = ("id", "name", "price", "currency", "sku", "description", "category", "imageUrls", "stock", "createdAt")
_STAFF_FIELDS = ("reservation", "maxPerCustomer", "onHand", "held", "available", "attributes")
RESERVED = frozenset((*_FIELDS, *_STAFF_FIELDS))
"""Names that an item's own fields have on the wire; no attribute may take one."""

_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def check_attributes(value: object) -> dict[str, Any]:
    """A copy of `value` in plain JSON values, a Decimal as int or float.

    Raises InvalidInput, whose `errors` list every attribute that is not acceptable under its own name.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise InvalidInput("attributes", "must be an object")
    if len(value) > MAX_ATTRIBUTES:
        raise InvalidInput("attributes", f"must be at most {MAX_ATTRIBUTES}")
    faults: list[Mapping[str, str]] = []
    plain: dict[str, Any] = {}
    for name, content in value.items():
        try:
            plain[_name(name)] = _plain(content, str(name), MAX_DEPTH)
        except InvalidInput as error:
            faults.append({"field": error.field, "reason": error.reason})
    if faults:
        raise InvalidInput(faults[0]["field"], faults[0]["reason"], faults)
    if len(_compact(plain).encode()) > MAX_BYTES:
        raise InvalidInput("attributes", f"must take at most {MAX_BYTES} bytes of JSON together")
    return plain


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise InvalidInput("attributes", "must have names")
    if name in RESERVED:
        raise InvalidInput(name, "is the name of a field that cannot be set here")
    return checked(name, "attributes", most=100)


def _plain(value: object, field: str, depth: int) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return checked(value, field, most=MAX_BYTES)
    if isinstance(value, (int, float, Decimal)):
        return _number(value, field)
    if depth == 0:
        raise InvalidInput(field, "is nested too deeply")
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise InvalidInput(field, "must have texts for names")
        return {checked(key, field, most=MAX_BYTES): _plain(part, field, depth - 1) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(part, field, depth - 1) for part in value]
    raise InvalidInput(field, "must be a JSON value")


def _number(value: int | float | Decimal, field: str) -> int | float:
    number = float(value) if isinstance(value, Decimal) else value
    if isinstance(number, int):
        if not -(2**63) <= number < 2**63:
            raise InvalidInput(field, "must be an integer of 64 bits")
    elif not math.isfinite(number):
        raise InvalidInput(field, "must be a finite number")
    return number
