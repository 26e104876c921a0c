"""JSON with exact decimals: Python's own writer would make floats of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any


def json_text(value: Any, *, indent: int | None = 2) -> str:
    """`value` as one document; money is given as Decimal, a time becomes ISO 8601 UTC."""
    return "".join(_parts(value, "" if indent is None else "\n", indent or 0))


def _parts(value: Any, line: str, indent: int) -> Iterator[str]:
    deeper = line + " " * indent
    if isinstance(value, Mapping) and value:
        yield "{" + deeper
        for number, (name, member) in enumerate(value.items()):
            yield f"{_between(number, line, deeper)}{_word(str(name))}: "
            yield from _parts(member, deeper, indent)
        yield line + "}"
    elif isinstance(value, Sequence) and not isinstance(value, str) and value:
        yield "[" + deeper
        for number, member in enumerate(value):
            yield _between(number, line, deeper)
            yield from _parts(member, deeper, indent)
        yield line + "]"
    else:
        yield _scalar(value)


def _between(number: int, line: str, deeper: str) -> str:
    return "" if number == 0 else f",{deeper}" if line else ", "


def _scalar(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _word(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[]"
    return _word(value)


def _word(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
