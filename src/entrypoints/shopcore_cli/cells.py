"""Values as people read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that would move the cursor, turn the text round or do worse on a terminal."""


def cell(value: Any) -> str:
    """A value in words; nothing in it does anything to a terminal."""
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        case Decimal():
            return f"{value:f}"
        case list() | tuple():
            return ", ".join(map(cell, value))
        case Mapping():
            return ", ".join(f"{name}: {cell(member)}" for name, member in value.items())
        case _:
            return _UNSEEN.sub(lambda unseen: unseen[0].encode("unicode_escape", "surrogatepass").decode(), str(value))


def is_number(value: Any) -> bool:
    """Whether a value, as far as there is one, stands to the right in its column."""
    return value is None or isinstance(value, int | Decimal) or hasattr(value, "currency")
