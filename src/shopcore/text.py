"""Text as people type it, folded so that every store finds the same."""

from __future__ import annotations

import re
import unicodedata

from shopcore.errors import InvalidInput

MAX_WORD = 200
"""Characters of a word that count: longer ones are more than PostgreSQL's text search takes."""

_WORD = re.compile(r"\w+")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def fold(text: str) -> str:
    """Words of `text`, lower case and without accents, one blank apart: `Café-Crème 2` gives `cafe creme 2`.

    Stored beside an item and applied to every query, so that SQLite's FTS5 and PostgreSQL's tsvector agree.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(word[:MAX_WORD] for word in _WORD.findall(plain.casefold().replace("_", " ")))


def fold_name(name: str) -> str:
    """A username as it is compared: NFKC, then case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def number_of(count: int, thing: str) -> str:
    """How many, in words: `1 unit`, `2 units`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def storable(text: str) -> bool:
    """Whether every store can keep `text`: no NUL, no lone surrogate."""
    return _UNSTORABLE.search(text) is None


def required(value: str, field: str, *, most: int, least: int = 1) -> str:
    """`value` stripped, if it has `least` to `most` characters and no NUL or lone surrogate; else InvalidInput."""
    return checked(value.strip(), field, most=most, least=least)


def checked(value: str, field: str, *, most: int, least: int = 0) -> str:
    """`value` as it is, if every store can keep it and it is neither too short nor too long."""
    if not storable(value):
        raise InvalidInput(field, "holds a character that cannot be stored")
    if not least <= len(value) <= most:
        raise InvalidInput(field, f"must have {least} to {most} characters")
    return value
