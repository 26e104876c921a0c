"""Removal records as rows of a file: one layout for every front end and format.

Names and values are those of the API: prices exact decimals in major units, times ISO 8601 UTC with `Z`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from typing import Final, TypeAlias

from shopcore.removals.model import Removal

Cell: TypeAlias = str | int | bool | Decimal | datetime | None

COLUMNS: Final[Mapping[str, Callable[[Removal], Cell]]] = {
    "id": lambda removal: removal.id,
    "itemId": lambda removal: removal.item_id,
    "sku": lambda removal: removal.sku,
    "itemName": lambda removal: removal.item_name,
    "quantity": lambda removal: removal.quantity,
    "unitPrice": lambda removal: removal.unit_price.major,
    "currency": lambda removal: removal.unit_price.currency,
    "reason": lambda removal: removal.reason,
    "removedAt": lambda removal: removal.removed_at,
    "addedAt": lambda removal: removal.added_at,
    "userId": lambda removal: removal.owner,
    "username": lambda removal: removal.username,
    "cartId": lambda removal: removal.cart_id,
    "isDraft": lambda removal: removal.is_draft,
    "orderId": lambda removal: removal.order_id,
    "outcome": lambda removal: removal.outcome,
    "returnedAt": lambda removal: removal.returned_at,
    "boughtLaterOrderId": lambda removal: removal.bought_later_order_id,
}
"""Every column in its place, and what stands in it. New ones are added at the end: readers may count on the order."""

HEADER: Final = tuple(COLUMNS)
ROWS_AT_ONCE = 500
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cells(removal: Removal) -> list[Cell]:
    """The record's values in the order of HEADER."""
    return [value(removal) for value in COLUMNS.values()]


def csv_chunks(removals: Iterable[Removal]) -> Iterator[str]:
    """A CSV file with a header, piece by piece.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)  # lines end with CR LF (RFC 4180); with LF alone a CR in a text would not be quoted
    writer.writerow(HEADER)
    yield buffer.getvalue()
    for some in _portions(removals):
        buffer.seek(0)
        buffer.truncate()
        writer.writerows([_csv_cell(cell) for cell in cells(removal)] for removal in some)
        yield buffer.getvalue()


def ndjson_chunks(removals: Iterable[Removal]) -> Iterator[str]:
    """A JSON object a line, piece by piece."""
    for some in _portions(removals):
        yield "".join(f"{json_object(removal)}\n" for removal in some)


def json_object(removal: Removal) -> str:
    """The record as the API shows it; the price is a number with exactly the currency's decimals."""
    pairs = zip(HEADER, cells(removal), strict=True)
    return "{" + ", ".join(f'"{name}": {_json_cell(cell)}' for name, cell in pairs) + "}"


def moment(at: datetime) -> str:
    """A time as the API writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _portions(removals: Iterable[Removal]) -> Iterator[list[Removal]]:
    rest = iter(removals)
    while some := list(islice(rest, ROWS_AT_ONCE)):
        yield some


def _csv_cell(cell: Cell) -> str | int:
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int():
            return cell
        case Decimal():
            return f"{cell:f}"
        case datetime():
            return moment(cell)
        case str():
            return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _json_cell(cell: Cell) -> str:
    match cell:
        case Decimal():
            return f"{cell:f}"
        case datetime():
            return f'"{moment(cell)}"'
        case _:
            return json.dumps(cell, ensure_ascii=False)
