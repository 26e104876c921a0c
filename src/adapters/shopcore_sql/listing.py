"""Pages of the catalog: exact in number and order, and quick wherever they are.

The whole catalog, and price ranges by price, are read by place: the last page costs what the first does. What other
filters leave is counted in the narrowest index there is, and its pages are read from the order's index or from the
filter's, whichever is less to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from shopcore.catalog.model import ItemFilter
from shopcore.paging import PageRequest
from shopcore_sql.blocks import LISTED
from shopcore_sql.places import PLACES, in_full
from shopcore_sql.schema import catalog, items, sold_out
from shopcore_sql.search import counting, has, having
from shopcore_sql.totals import Totals

PRICE_PLACES = 4
"""Prices of all currencies are compared in ten-thousandths of the major unit."""

GATHERING = 4
"""How much more it costs to read an item here and there, and to sort all, than to pass by it in order."""

_DEAREST = 2**62
_VERSION = select(catalog.c.version)
_IS_SOLD_OUT = select(sold_out.c.number).where(sold_out.c.number == items.c.number).exists()

Found = tuple[Sequence[Row[Any]], int]
"""The rows of a page, and how many rows all pages have."""


class Listing:
    """What is on the shelves, as one snapshot of the database shows it.

    `totals` of earlier snapshots help where the connection sees one and the same until its transaction ends.
    """

    def __init__(self, connection: Connection, totals: Totals | None) -> None:
        self._connection = connection
        self._totals = totals
        self._dialect = connection.dialect.name

    def page(self, which: ItemFilter, page: PageRequest) -> Found:
        if _has_no_filter_but_price(which) and (which.sort == "price" or not _has_price(which)):
            return self._by_place(which, page)
        return self._by_index(which, page)

    def _by_place(self, which: ItemFilter, page: PageRequest) -> Found:
        places = PLACES[which.sort]
        begin, end = self._range(which)
        count = min(page.limit, end - begin - page.offset)
        if count <= 0:
            return (), end - begin
        if which.order == "asc":
            return places.rows(begin + page.offset, count, self._connection), end - begin
        return places.rows(end - page.offset - count, count, self._connection)[::-1], end - begin

    def _by_index(self, which: ItemFilter, page: PageRequest) -> Found:
        total = self._count(which)
        if page.offset >= total:
            return (), total
        shelf = self._count(ItemFilter(category=which.category))
        on_the_way = (page.offset + page.limit) * shelf // total  # so many items are passed before the page's end
        chosen = self._gather(which) if GATHERING * total < on_the_way else self._pass(which)
        rows = in_full(chosen.limit(page.limit).offset(page.offset), PLACES[which.sort].blocks, which.order)
        return self._connection.execute(rows).all(), total

    def _gather(self, which: ItemFilter) -> Select[Any]:
        key = PLACES[which.sort].blocks.key
        wanted = select(items.c.number, items.c.id, key.label("key")).where(*self._conditions(which, looked_up=True))
        all_wanted = wanted.offset(0).subquery("wanted")  # OFFSET keeps the databases from passing along after all
        return _in_order(select(all_wanted.c.number), all_wanted.c.key, all_wanted.c.id, which)

    def _pass(self, which: ItemFilter) -> Select[Any]:
        chosen = select(items.c.number).where(*self._conditions(which, looked_up=False))
        return _in_order(chosen, PLACES[which.sort].blocks.key, items.c.id, which)

    def _count(self, which: ItemFilter) -> int:
        if which.in_stock:
            return self._count(replace(which, in_stock=None)) - self._count(replace(which, in_stock=False))
        if _has_no_filter_but_price(which):
            begin, end = self._range(which)
            return end - begin
        if which.in_stock is None and self._totals:
            version = self._scalar(_VERSION)
            name = (version, which.words, which.category, *_price_bounds(which))
            return self._totals.get(name, lambda: self._scalar(self._counting(which)))
        return self._scalar(self._counting(which))

    def _scalar(self, statement: Select[Any]) -> int:
        return int(self._connection.execute(statement).scalar_one())

    def _counting(self, which: ItemFilter) -> Select[Any]:
        """A count that looks at items only where it must: what is noted of words and as sold out is listed anyway."""
        if which.category is not None or _has_price(which):
            return select(func.count()).select_from(items).where(*self._conditions(which, looked_up=True))
        if which.words:
            return counting(which.words, self._dialect, sold_out_only=which.in_stock is False)
        return select(func.count()).select_from(sold_out)

    def _range(self, which: ItemFilter) -> tuple[int, int]:
        """Between which places by price the price range lies."""
        low, high = _price_bounds(which)
        by_price = PLACES["price"]
        begin = by_price.before(low, self._connection) if low else 0
        end = by_price.total(self._connection) if high == _DEAREST else by_price.before(high, self._connection)
        return begin, max(begin, end)

    def _conditions(self, which: ItemFilter, *, looked_up: bool) -> Iterator[ColumnElement[bool]]:
        """What `which` asks for, said so that it is `looked_up` in indexes of its own, or seen from an item at hand."""
        yield LISTED
        if which.words:
            yield having(which.words, self._dialect) if looked_up else has(which.words, self._dialect)
        if which.category is not None:
            yield items.c.category == which.category
        if which.in_stock is not None:
            yield ~_IS_SOLD_OUT if which.in_stock else _IS_SOLD_OUT
        low, high = _price_bounds(which)
        price = items.c.sort_price if looked_up or which.sort == "price" else items.c.sort_price + 0
        if low:
            yield price >= low
        if high < _DEAREST:
            yield price < high


def _in_order(
    chosen: Select[Any], key: ColumnElement[Any], item_id: ColumnElement[str], which: ItemFilter
) -> Select[Any]:
    if which.order == "desc":
        return chosen.order_by(key.desc(), item_id.desc())
    return chosen.order_by(key, item_id)


def _has_no_filter_but_price(which: ItemFilter) -> bool:
    return not which.words and which.category is None and which.in_stock is None


def _has_price(which: ItemFilter) -> bool:
    return which.min_price is not None or which.max_price is not None


def _price_bounds(which: ItemFilter) -> tuple[int, int]:
    """The lowest price that is wanted, and the lowest above that is not."""
    low = 0 if which.min_price is None else _sortable(which.min_price, ROUND_CEILING)
    high = _DEAREST if which.max_price is None else _sortable(which.max_price, ROUND_FLOOR) + 1
    return low, min(high, _DEAREST)


def _sortable(price: Decimal, rounding: str) -> int:
    """A price in major units as `sort_price` has it, cut off where no item's price can be."""
    possible = min(max(price, Decimal(-1)), Decimal(10**14))
    return int(possible.scaleb(PRICE_PLACES).to_integral_value(rounding))
