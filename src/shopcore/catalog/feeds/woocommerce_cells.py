"""How WooCommerce writes its cells: escaped against spreadsheets, lists, line feeds, prices of the shop's country."""

from __future__ import annotations

import re

from shopcore.catalog.feeds.cells import listed
from shopcore.catalog.feeds.table import Record

_GUARDED = re.compile(r"'(?=[=+\-@\t\r])")
_ATTRIBUTE = re.compile(r"attribute (\d+) name")
_DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,2})")


def cell(record: Record, name: str) -> str:
    """A cell's text, without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return _GUARDED.sub("", record[name], count=1) if record[name].startswith("'") else record[name]


def amount(record: Record, name: str) -> str:
    """A price; `19,90`, as shops in much of Europe export it, is `19.90`. `1,299` stays, as nobody can tell."""
    text = cell(record, name)
    comma = _DECIMAL_COMMA.fullmatch(text)
    return f"{comma[1]}.{comma[2]}" if comma else text


def description(record: Record, parent: Record | None) -> str:
    """The long text or else the short one, the variation's own or else its product's; in HTML."""
    texts = (
        cell(source, name) for source in (record, parent) if source for name in ("description", "short description")
    )
    found = next((text for text in texts if text), "")
    # A line feed is exported as \n, and a backslash before an n as two of them.
    return "\\n".join(part.replace("\\n", "\n") for part in found.split("\\\\n"))


def options(record: Record) -> dict[str, str]:
    """What the product's attributes are, by name; "any" of a variation is left out."""
    numbers = [match[1] for name in record.columns if (match := _ATTRIBUTE.fullmatch(name))]
    named = {cell(record, f"attribute {n} name"): cell(record, f"attribute {n} value(s)") for n in numbers}
    return {name: ", ".join(listed(value)) for name, value in named.items() if name and value}


def web_images(record: Record) -> list[str]:
    """The images that have an address; others are names of files that only the old shop has."""
    return [image for image in listed(cell(record, "images")) if "://" in image]
