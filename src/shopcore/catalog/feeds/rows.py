"""What reading a product file gives, row by row: an item, a row that is wrong, or one that is left out on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote
from uuid import UUID, uuid5

from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.rules import check_item
from shopcore.errors import InvalidInput

_SOURCES = UUID("8c1f3c5e-6a0b-5d0e-9c57-2d1f0f4b7a11")


@dataclass(frozen=True, slots=True, kw_only=True)
class BadRow:
    """A row that cannot be taken, with everything that is wrong with it. `row` is the line where it starts."""

    row: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A row that is in order but does not describe an item for sale."""

    row: int
    reason: str


FeedRow: TypeAlias = ItemDraft | BadRow | SkippedRow


class Reader(Protocol):
    """Reads one format. Rows come in the order of the file, but for those that had to wait for another one.

    A bad row costs its neighbours nothing. Raises InvalidInput, once it gets there, where the file as a whole
    cannot be read: whoever stores rows as they come must be able to take them back.
    """

    def __call__(self, lines: Iterable[str], *, currency: str) -> Iterator[FeedRow]: ...


def source_id(name: str, options: Mapping[str, str] | None = None) -> str:
    """The id of the item that a source knows by this name and these options: the same in every import.

    Derived from a key such as `shopify:clay-pot?Size=Large`.
    """
    key = quote(name, safe="/:", errors="replace")
    if options:
        key += "?" + "&".join(f"{_quoted(option)}={_quoted(value)}" for option, value in options.items())
    return str(uuid5(_SOURCES, key))


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="replace")


def draft_row(row: int, **raw: Any) -> ItemDraft | BadRow:
    """What the raw values of a row describe, or all that is wrong with them."""
    try:
        return check_item(**raw, row=row)
    except InvalidInput as error:
        return BadRow(row=row, reasons=tuple(f"{fault['field']}: {fault['reason']}" for fault in error.errors))


def unique(rows: Iterable[FeedRow]) -> Iterator[FeedRow]:
    """Keep the first of several rows for one item or one SKU: a repeat is left out, a contradiction is bad.

    Remembers about 200 bytes a row: which row an id or SKU was seen in, and a digest of what it said.
    """
    first_of: dict[int, int] = {}
    sku_rows: dict[int, int] = {}
    for row in rows:
        if not isinstance(row, ItemDraft):
            yield row
            continue
        key, said = _digest(row.id), _digest(repr(row))
        sku = None if row.sku is None else _digest(row.sku)
        if key in first_of:
            earlier, said_then = divmod(first_of[key], 1 << 64)
            if said == said_then:
                yield SkippedRow(row=row.row, reason=f"repeats row {earlier}")
            else:
                yield BadRow(row=row.row, reasons=(f"repeats row {earlier} with other values",))
        elif sku in sku_rows:
            yield BadRow(row=row.row, reasons=(f"sku: {row.sku} is the SKU of row {sku_rows[sku]}",))
        else:
            first_of[key] = row.row << 64 | said
            if sku is not None:
                sku_rows[sku] = row.row
            yield row


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())
