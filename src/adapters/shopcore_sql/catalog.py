"""Items in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from shopcore.catalog.model import Item, ItemFilter, Sellable
from shopcore.errors import SkuTaken
from shopcore.money import Money, decimals
from shopcore.paging import Page, PageRequest
from shopcore.text import fold
from shopcore_sql.blocks import LISTED, following
from shopcore_sql.item_rows import ITEM, read_item
from shopcore_sql.listing import PRICE_PLACES, Listing
from shopcore_sql.prepared import Prepared
from shopcore_sql.remembered import Memory
from shopcore_sql.schema import catalog, items, stock
from shopcore_sql.sets import InsertSet
from shopcore_sql.totals import Totals
from shopcore_sql.types import one_of, texts

STREAM_ROWS = 1000

_sellable = (
    items.c.id,
    items.c.name,
    items.c.price,
    items.c.currency,
    items.c.sku,
    items.c.status,
    items.c.max_per_customer,
    items.c.price_revision,
)
_by_id = one_of(items.c.id, texts("items"))
_VERSION = Prepared(select(catalog.c.version))
_SELLABLES = Prepared(select(catalog.c.version, *_sellable).select_from(catalog).outerjoin(items, _by_id))
_full = select(*ITEM).outerjoin(stock, stock.c.item_id == items.c.id)
_GET = Prepared(_full.where(_by_id))
_LOCK = Prepared(_full.where(_by_id).order_by(items.c.id).with_for_update(of=items))
_PIN = Prepared(select(items.c.id).where(_by_id).order_by(items.c.id).with_for_update(read=True, key_share=True))
_STREAM = _full.where(LISTED, items.c.id > bindparam("after")).order_by(items.c.id).limit(STREAM_ROWS)
_BY_SKU = select(items.c.sku, items.c.id).where(one_of(items.c.sku, texts("skus")))
_SAVE = InsertSet(items, keys=("id",))


class SqlItems:
    def __init__(self, connection: Connection, memory: Memory, totals: Totals | None = None) -> None:
        self._connection = connection
        self._memory = memory
        self._totals = totals

    def sellables(self, items: Iterable[str]) -> dict[str, Sellable]:
        wanted = set(items)
        [(version,)] = _VERSION.rows(self._connection, {})
        known = self._memory.items.of(version).some(wanted)
        if len(known) == len(wanted):
            return known
        # Another version than the one just read, if somebody changes items meanwhile: then all is read anew.
        rows = _SELLABLES.rows(self._connection, {"items": wanted - known.keys()})
        now = rows[0][0]
        if now != version and known:
            return self.sellables(wanted)
        found = {row[1]: _read_sellable(row[1:]) for row in rows if row[1] is not None}
        self._memory.items.of(now).put(found)
        return known | found

    def get(self, items: Iterable[str]) -> dict[str, Item]:
        return {row[0]: read_item(row) for row in _GET.rows(self._connection, {"items": items})}

    def lock(self, items: Iterable[str]) -> dict[str, Item]:
        return {row[0]: read_item(row) for row in _LOCK.rows(self._connection, {"items": items})}

    def pin(self, items: Iterable[str]) -> None:
        _PIN.rows(self._connection, {"items": items})

    def page(self, which: ItemFilter, page: PageRequest) -> Page[Item]:
        rows, total = Listing(self._connection, self._totals).page(which, page)
        return Page(items=list(map(read_item, rows)), page=page.page, limit=page.limit, total=total)

    def stream(self) -> Iterator[Item]:
        rows = self._connection.execute(_STREAM, {"after": ""}).all()
        while rows:
            yield from map(read_item, rows)
            rows = self._connection.execute(_STREAM, {"after": rows[-1].id}).all()

    def by_sku(self, skus: Iterable[str]) -> dict[str, str]:
        return {row.sku: row.id for row in self._connection.execute(_BY_SKU, {"skus": skus})}

    def save(self, items: Sequence[Item]) -> None:
        if not items:
            return
        # Inside a transaction of its own: a refusal leaves the one around it as it was, and able to go on.
        with self._connection.begin_nested(), following(self._connection, [item.id for item in items]):
            try:
                _SAVE.run(self._connection, [_row(item) for item in items])
            except IntegrityError as error:
                raise SkuTaken(", ".join(item.sku for item in items if item.sku)) from error


def _read_sellable(row: Any) -> Sellable:
    item_id, name, price, currency, sku, status, max_per_customer, price_revision = row
    return Sellable(
        id=item_id,
        name=name,
        price=Money(price, currency),
        sku=sku,
        status=status,
        max_per_customer=max_per_customer,
        price_revision=price_revision,
    )


def _row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "sku": item.sku,
        "name": item.name,
        "price": item.price.amount,
        "currency": item.price.currency,
        "price_revision": item.price_revision,
        "status": item.status,
        "max_per_customer": item.max_per_customer,
        "description": item.description,
        "category": item.category,
        "image_urls": list(item.image_urls),
        "attributes": dict(item.attributes),
        "created_at": item.created_at,
        "sort_name": fold(item.name),
        "sort_price": item.price.amount * 10 ** (PRICE_PLACES - decimals(item.price.currency)),
        "search_text": item.search_text,
    }
