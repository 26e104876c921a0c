"""Reading the catalog by place: the item that is number 99,981 by name is found as fast as the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, tuple_

from shopcore.catalog.model import SortOrder
from shopcore_sql.blocks import BY_CREATED_AT, BY_NAME, BY_PRICE, LISTED, Blocks
from shopcore_sql.item_rows import ITEM
from shopcore_sql.prepared import Prepared
from shopcore_sql.schema import items, stock
from shopcore_sql.types import Id


def in_full(chosen: Select[Any], blocks: Blocks, direction: SortOrder = "asc") -> Select[Any]:
    """The items whose numbers `chosen` gives, with their levels, in the order of `blocks`.

    Only now are the items themselves read: what was skipped on the way to a page was read from an index.
    """
    numbers = chosen.subquery("chosen").c
    found = items.join(numbers.number.table, items.c.number == numbers.number)
    found = found.outerjoin(stock, stock.c.item_id == items.c.id)
    order = (blocks.key.desc(), items.c.id.desc()) if direction == "desc" else (blocks.key, items.c.id)
    return select(*ITEM).select_from(found).order_by(*order)


class Places:
    """The listed items in one order, numbered from 0."""

    def __init__(self, blocks: Blocks) -> None:
        own = blocks.table.c
        self.blocks = blocks
        self._total = Prepared(select(func.coalesce(func.sum(own.listed), 0)))

        so_far = func.sum(own.listed).over(order_by=(own.from_key, own.from_id), rows=(None, 0))
        sums = select(own.from_key, own.from_id, (so_far - own.listed).label("before")).subquery("sums")
        reached = select(sums).where(sums.c.before <= bindparam("nth"))
        self._block_of = Prepared(reached.order_by(sums.c.from_key.desc(), sums.c.from_id.desc()).limit(1))

        start = tuple_(bindparam("from_key", type_=blocks.key.type), bindparam("from_id", type_=Id))
        run = select(items.c.number).where(LISTED, blocks.place >= start).order_by(blocks.key, items.c.id)
        self._rows = Prepared(in_full(run.limit(bindparam("count")).offset(bindparam("skip")), blocks))

        key = bindparam("key", type_=blocks.key.type)
        begun = select(sums).where(tuple_(sums.c.from_key, sums.c.from_id) <= tuple_(key, ""))
        self._block_before = begun.order_by(sums.c.from_key.desc(), sums.c.from_id.desc()).limit(1)
        self._smaller = select(func.count()).select_from(items).where(LISTED, blocks.place >= start, blocks.key < key)

    def total(self, connection: Connection) -> int:
        [(total,)] = self._total.rows(connection, {})
        return int(total)

    def before(self, key: Any, connection: Connection) -> int:
        """How many items have a smaller key."""
        block = connection.execute(self._block_before, {"key": key}).one_or_none()
        if block is None:
            return 0
        rest = {"from_key": block.from_key, "from_id": block.from_id, "key": key}
        return int(block.before + connection.execute(self._smaller, rest).scalar_one())

    def rows(self, first: int, count: int, connection: Connection) -> Sequence[Any]:
        """The `count` items from number `first` on, of which there must be as many."""
        [(key, id_, before)] = self._block_of.rows(connection, {"nth": first})
        run = {"from_key": key, "from_id": id_, "skip": first - before, "count": count}
        return self._rows.rows(connection, run)


PLACES = {"createdAt": Places(BY_CREATED_AT), "name": Places(BY_NAME), "price": Places(BY_PRICE)}
