"""Listed items counted in blocks, so that a place among a million is found by adding up a thousand numbers.

For each order of the catalog a table of blocks cuts the listed items into runs of about `catalog.block_size`. How many
items there are is the sum of all blocks; the item at a place is found by skipping whole blocks, and then less than two
blocks' worth of one index. The counts change in the transaction that changes the items, so they are exact in every
snapshot. `shopcore_sql.recount` checks them, and makes them anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from math import ceil
from secrets import randbits
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Executable,
    Integer,
    Row,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    select,
    tuple_,
    update,
)

from shopcore_sql.schema import blocks_by_created_at, blocks_by_name, blocks_by_price, catalog, items
from shopcore_sql.sets import planned_anew
from shopcore_sql.types import Id, one_of, texts

LISTED = items.c.status == literal_column("'listed'")
"""Spelled out, so that a database can tell that an index of listed items will do."""

_TAKE_TURN = update(catalog).values(version=bindparam("new_version")).returning(catalog.c.block_size)


class Blocks:
    """The blocks of one order, which is by the column `key` of items, then by id."""

    def __init__(self, key: Column[Any], table: Table) -> None:
        self.key = key
        self.table = table
        self.place = tuple_(key, items.c.id)
        self.start = tuple_(table.c.from_key, table.c.from_id)
        self.is_first = table.c.from_id == ""
        self._take_out, self._put_in = self._move(-1), self._move(+1)
        self._add_pieces = self._pieces()
        self._shrink = update(table).where(table.c.number == bindparam("block")).values(listed=bindparam("size"))
        self._tidy = delete(table).where(table.c.listed == 0, ~self.is_first)

    @contextmanager
    def following(self, connection: Connection, ids: Iterable[str], block_size: int) -> Iterator[None]:
        """Keep the counts in step while the items `ids` are written inside the context."""
        left = connection.execute(self._take_out, {"ids": ids}).all()
        yield
        entered = connection.execute(self._put_in, {"ids": ids}).all()
        self.cut([block for block in entered if block.listed > 2 * block_size], connection, block_size)
        if any(block.listed == 0 for block in left):
            connection.execute(self._tidy)

    def cut(self, blocks: Iterable[Row[Any]], connection: Connection, block_size: int) -> None:
        """Cut each of `blocks` into even ones of about `block_size`."""
        cuts = [
            {
                "block": block.number,
                "block_key": block.from_key,
                "block_id": block.from_id,
                "block_listed": block.listed,
                "size": ceil(block.listed / (block.listed // block_size)),
            }
            for block in blocks
        ]
        if cuts:
            connection.execute(self._add_pieces, cuts)
            connection.execute(self._shrink, cuts)

    def _move(self, step: int) -> Executable:
        """Count those of `ids` that are listed out of their blocks, or in; gives the blocks that were changed."""
        own = self.table.c
        block = select(own.number).where(self.start <= self.place).correlate(items)
        last = block.order_by(own.from_key.desc(), own.from_id.desc()).limit(1).scalar_subquery().label("block")
        places = select(last).where(LISTED, one_of(items.c.id, texts("ids"))).subquery("places")
        moves = select(places.c.block, func.count().label("moved")).group_by(places.c.block).subquery("moves")
        moved = update(self.table).where(own.number == moves.c.block)
        return moved.values(listed=own.listed + step * moves.c.moved).returning(*own)

    def _pieces(self) -> Executable:
        """Begin a block at every `size`-th item of a block, but for its first."""
        size, listed = bindparam("size", type_=Integer), bindparam("block_listed", type_=Integer)
        start = tuple_(bindparam("block_key", type_=self.key.type), bindparam("block_id", type_=Id))
        own = (
            select(self.key.label("from_key"), items.c.id.label("from_id"))
            .where(LISTED, self.place >= start)
            .order_by(self.key, items.c.id)
            .limit(listed)
            .subquery("own")
        )
        nth = func.row_number().over(order_by=(own.c.from_key, own.c.from_id)) - 1
        numbered = select(own, nth.label("nth")).subquery("numbered")
        rest = listed - numbered.c.nth
        piece = select(numbered.c.from_key, numbered.c.from_id, case((rest < size, rest), else_=size))
        piece = piece.where(numbered.c.nth > 0, numbered.c.nth % size == 0)
        return insert(self.table).from_select(["from_key", "from_id", "listed"], piece)


BY_CREATED_AT = Blocks(items.c.created_at, blocks_by_created_at)
BY_NAME = Blocks(items.c.sort_name, blocks_by_name)
BY_PRICE = Blocks(items.c.sort_price, blocks_by_price)
ORDERS = (BY_CREATED_AT, BY_NAME, BY_PRICE)


def take_turn(connection: Connection) -> int:
    """Wait until nobody else changes items, and say that they are changed now; gives the size of a block.

    Everybody who adds items changes the last block anyway, so one lock costs little; and with one, two writers cannot
    wait for each other. It comes after the locks of carts, items and stock. The catalog's version is a random number:
    one that was rolled back, or lost with a server, never comes back with other items.
    """
    planned_anew(connection)
    return int(connection.execute(_TAKE_TURN, {"new_version": randbits(62)}).scalar_one())


@contextmanager
def following(connection: Connection, ids: Iterable[str]) -> Iterator[None]:
    """Keep all counts in step while the items `ids` are written inside the context."""
    block_size = take_turn(connection)
    with ExitStack() as all_orders:
        for blocks in ORDERS:
            all_orders.enter_context(blocks.following(connection, ids, block_size))
        yield
