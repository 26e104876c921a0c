"""What spreadsheets and shop systems put into a cell, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from shopcore.catalog.rules import MAX_IMAGES

_COMMA = re.compile(r"(?<!\\),")
_YES = frozenset(("true", "yes", "1"))
_NO = frozenset(("false", "no", "0", "-1"))


def units(text: str) -> int | str:
    """Units in stock, what is owed to shoppers (a negative number) being none; `text` as it is if it says nothing.

    Exports write `5`, `5.0` and `5.0000`.
    """
    if text.isascii() and text.isdecimal() and len(text) <= 12:
        return int(text)
    try:
        number = Decimal(text) if len(text) <= 40 and text.isascii() and "_" not in text else None
    except InvalidOperation:
        return text
    if number is None or not number.is_finite() or number.adjusted() > 12 or number != number.to_integral_value():
        return text
    return max(0, int(number))


def listed(text: str) -> list[str]:
    """The entries of a comma separated list; a comma inside of one has a backslash before it."""
    return [entry for part in _COMMA.split(text) if (entry := part.replace("\\,", ",").strip())]


def says_yes(text: str) -> bool:
    return text.casefold() in _YES


def says_no(text: str) -> bool:
    return text.casefold() in _NO


def category(path: str) -> str | None:
    """A category path such as `Clothing > Shirts`, without its first parts where all of it is too long."""
    parts = [part.strip() for part in path.split(">")]
    while len(parts) > 1 and len(" > ".join(parts)) > 100:
        parts = parts[1:]
    return " > ".join(parts) or None


def images(*urls: Iterable[str]) -> tuple[str, ...]:
    """The first images out of several lists, each once; an item has no room for more."""
    return tuple(dict.fromkeys(url for some in urls for url in some if url))[:MAX_IMAGES]
