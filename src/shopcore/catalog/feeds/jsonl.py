"""JSON lines: an item a line, as the API writes items, except that `stock` is what is on hand, held or not.

This is what an export writes, and importing that again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NoReturn

from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.feeds.rows import BadRow, FeedRow, draft_row, source_id, unique
from shopcore.catalog.feeds.source import clean_lines
from shopcore.catalog.model import Item
from shopcore.errors import InvalidInput

_FIELDS = {
    "id": "item_id",
    "name": "name",
    "price": "price",
    "currency": "currency",
    "sku": "sku",
    "description": "description",
    "category": "category",
    "imageUrls": "image_urls",
    "stock": "stock",
    "maxPerCustomer": "max_per_customer",
}
_UNSET = frozenset(("createdAt",))
"""Part of an item that the API answers, and nothing that an import could set."""

_LONGEST_INTEGER = 20


def read(lines: Iterable[str], *, currency: str) -> Iterator[FeedRow]:
    """Every line as an item; see `Reader`. `currency` is that of lines which name none."""
    return unique(_read(lines, currency))


def write_jsonl(items: Iterable[Item]) -> Iterator[str]:
    """Lines, each with its line feed, for `read`."""
    for item in items:
        draft = ItemDraft.of(item)
        values = {key: getattr(draft, name) for key, name in _FIELDS.items() if name not in ("item_id", "currency")}
        values |= {"id": draft.id, "currency": draft.price.currency, **draft.attributes}
        price = f"{draft.price.major:f}"
        keys = [*_FIELDS, *draft.attributes]
        members = (f"{_json(key)}: {price if key == 'price' else _json(values[key])}" for key in keys)
        yield "{" + ", ".join(members) + "}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _read(lines: Iterable[str], currency: str) -> Iterator[FeedRow]:
    found = False
    for row, line in enumerate(clean_lines(lines), start=1):
        text = line.strip()
        if not text:
            continue
        if not found and not text.startswith("{"):
            raise InvalidInput("file", "is not JSON lines: every line must be an object like {...}")
        found = True
        yield _line(row, text, currency)
    if not found:
        raise InvalidInput("file", "is empty")


def _line(row: int, text: str, currency: str) -> FeedRow:
    try:
        given = _decoder.decode(text)
    except json.JSONDecodeError as error:
        return BadRow(row=row, reasons=(f"is not JSON: {error.msg} at character {error.pos + 1}",))
    except ValueError as error:
        return BadRow(row=row, reasons=(f"is not JSON that can be kept: {error}",))
    except RecursionError:
        return BadRow(row=row, reasons=("is nested too deeply",))
    if not isinstance(given, dict):
        return BadRow(row=row, reasons=("is not an object like {...}",))
    if isinstance(given.get("price"), str):
        return BadRow(row=row, reasons=("price: must be a number without quotes",))
    raw = {name: given.get(key) for key, name in _FIELDS.items()}
    if raw["item_id"] is None:
        raw["item_id"] = source_id(_key(given))
    if raw["currency"] is None:
        raw["currency"] = currency
    attributes = {key: value for key, value in given.items() if key not in _FIELDS and key not in _UNSET}
    return draft_row(row, **raw, attributes=attributes)


def _key(given: dict[str, Any]) -> str:
    return f"jsonl:sku:{given['sku']}" if given.get("sku") else f"jsonl:name:{given.get('name')}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is there twice")
    return members


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise ValueError("an integer has more than 64 bits")
    return int(digits)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Decimal, parse_int=_integer, parse_constant=_no_number
)
