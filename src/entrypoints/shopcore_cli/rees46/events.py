"""The rows of an event file: who did what with which product, when and at what price."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Literal, TypeAlias

from shopcore.catalog.feeds import BadRow, ItemDraft
from shopcore.catalog.feeds.table import Record, records
from shopcore.catalog.rules import check_item
from shopcore.errors import InvalidInput
from shopcore.text import checked

Kind: TypeAlias = Literal["cart", "remove_from_cart", "purchase"]

COLUMNS = (
    *("event_time", "event_type", "product_id", "category_id", "category_code"),
    *("brand", "price", "user_id", "user_session"),
)
_KINDS: dict[str, Kind] = {"cart": "cart", "remove_from_cart": "remove_from_cart", "purchase": "purchase"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that `shopper` did with the product `item`, at the product's price of that moment."""

    row: int
    at: datetime
    kind: Kind
    shopper: str
    item: ItemDraft


@dataclass(frozen=True, slots=True)
class View:
    """A look at a product, which does nothing."""


LOOKED = View()


def month(at: datetime) -> str:
    """The window that a time is in: shoppers begin each month with a new cart."""
    return f"{at.year:04}-{at.month:02}"


def read_events(lines: Iterable[str], *, currency: str) -> Iterator[Event | View | BadRow]:
    """Every row below the header; prices are taken to be in `currency`.

    A broken row costs the others nothing. Raises InvalidInput where the file as a whole cannot be read.
    """
    draft = _drafts(currency)
    names = {name: (name,) for name in COLUMNS}
    for record in records(lines, names=names, required=COLUMNS, product_file="file of REES46 events"):
        if isinstance(record, BadRow):
            yield record
        elif record["event_type"] == "view":
            yield LOOKED
        else:
            yield _event(record, draft)


def _event(record: Record, draft: Callable[..., ItemDraft]) -> Event | BadRow:
    reasons: list[str] = []
    kind = _KINDS.get(record["event_type"])
    if kind is None:
        reasons.append(f"event_type: must be view, {', '.join(_KINDS)}")
    at = _moment(record["event_time"])
    if at is None:
        reasons.append("event_time: must be a time like 2019-10-01 00:00:00 UTC")
    shopper = record["user_id"]
    try:
        checked(shopper, "user_id", least=1, most=200)
    except InvalidInput as error:
        reasons.append(str(error))
    try:
        item = draft(
            record["product_id"],
            record["price"],
            record["brand"],
            record["category_id"],
            record["category_code"],
        )
    except InvalidInput as error:
        reasons += [
            f"{'product_id' if fault['field'] == 'id' else fault['field']}: {fault['reason']}" for fault in error.errors
        ]
        item = None
    if kind is None or at is None or item is None or reasons:
        return BadRow(row=record.row, reasons=tuple(reasons))
    return Event(record.row, at, kind, shopper, item)


@lru_cache(maxsize=64)
def _moment(text: str) -> datetime | None:
    """Events come many to a second. Times are in UTC, whether they say so or not."""
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def _drafts(currency: str) -> Callable[..., ItemDraft]:
    """Makes a product's item: untracked, as the events know of no stock."""

    @lru_cache(maxsize=10_000)
    def draft(product: str, price: str, brand: str, category_id: str, category_code: str) -> ItemDraft:
        attributes = {"brand": brand, "categoryId": category_id}
        return check_item(
            item_id=product,
            name=_name(product, brand, category_code),
            price=price,
            currency=currency,
            category=category_code or category_id,
            attributes={name: value for name, value in attributes.items() if value},
        )

    return draft


def _name(product: str, brand: str, category_code: str) -> str:
    """No product of these files has a name: its brand and the end of its category must do."""
    words = " ".join(filter(None, (brand, category_code.rpartition(".")[2])))
    return f"{words[:150] or 'Product'} {product}"
