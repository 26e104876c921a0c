"""Whether what is kept to list items quickly says what is there, and making it anew.

It goes wrong only where somebody changes items or stock past the shop and its triggers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, case, delete, except_, func, insert, select, tuple_, update

from shopcore_sql.blocks import LISTED, ORDERS, Blocks, take_turn
from shopcore_sql.schema import items, sold_out, stock

_NOTED = select(sold_out.c.number)
_GONE = select(items.c.number).join(stock, stock.c.item_id == items.c.id).where(LISTED, stock.c.on_hand == stock.c.held)


def miscounted(connection: Connection) -> Iterator[str]:
    """What is wrong, a line each: blocks that count another number of items than there are, and sold-out notes."""
    for blocks in ORDERS:
        for block in connection.execute(_miscounted(blocks)):
            where = f"{blocks.table.name} from {block.from_key!r}, {block.from_id!r}"
            yield f"{where}: counts {block.listed} items, there are {block.found}"
    for fault, wrong in (
        ("is noted as sold out, and is not", except_(_NOTED, _GONE)),
        ("is sold out, and that is not noted", except_(_GONE, _NOTED)),
    ):
        for (number,) in connection.execute(wrong):
            yield f"item number {number} {fault}"


def recount(connection: Connection) -> list[str]:
    """Make all of it anew from items and stock, inside the connection's transaction; gives what was wrong with it."""
    block_size = take_turn(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        connection.exec_driver_sql("LOCK TABLE stock IN SHARE ROW EXCLUSIVE MODE")  # no level may change meanwhile
    faults = list(miscounted(connection))
    for blocks in ORDERS:
        connection.execute(delete(blocks.table).where(~blocks.is_first))
        found = select(func.count()).select_from(items).where(LISTED).scalar_subquery()
        whole = connection.execute(update(blocks.table).values(listed=found).returning(*blocks.table.c)).all()
        blocks.cut([block for block in whole if block.listed > block_size], connection, block_size)
    connection.execute(delete(sold_out))
    connection.execute(insert(sold_out).from_select(["number"], _GONE))
    return faults


def _miscounted(blocks: Blocks) -> Select[Any]:
    own = blocks.table.c
    order = (own.from_key, own.from_id)
    to_key, to_id = (func.lead(column).over(order_by=order) for column in order)
    ranges = select(*own, to_key.label("to_key"), to_id.label("to_id")).subquery("ranges").c
    begun = blocks.place >= tuple_(ranges.from_key, ranges.from_id)
    ended = blocks.place >= tuple_(ranges.to_key, ranges.to_id)
    count = select(func.count()).select_from(items).where(LISTED, begun)
    # Counted in two ways: a range that ends somewhere "or nowhere" would not be looked up in the index.
    endless, bounded = count.scalar_subquery(), count.where(~ended).scalar_subquery()
    found = case((ranges.to_key.is_(None), endless), else_=bounded)
    return select(ranges.from_key, ranges.from_id, ranges.listed, found.label("found")).where(ranges.listed != found)
