"""Stock levels in SQL: taken by a guarded change, with a CHECK behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from sqlalchemy import Connection, and_, bindparam, select

from shopcore.errors import LostRace
from shopcore.inventory.model import HeldUnits, Level
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.prepared import Prepared
from shopcore_sql.schema import cart_lines, carts, stock
from shopcore_sql.sets import ChangeSet, InsertSet
from shopcore_sql.types import one_of, texts

_levels = select(stock).where(one_of(stock.c.item_id, texts("items")))
_LEVELS = Prepared(_levels)
_LOCK = Prepared(_levels.order_by(stock.c.item_id).with_for_update())
_CHANGE = ChangeSet(
    stock,
    "item_id",
    amounts=("on_hand", "held"),
    guard=lambda after: and_(after["held"] >= 0, after["held"] <= after["on_hand"]),
)
_TRACK = InsertSet(stock)
_HOLDERS = (
    select(carts.c.id, carts.c.owner, cart_lines.c.hold_id, cart_lines.c.quantity, cart_lines.c.hold_until)
    .join(carts, carts.c.id == cart_lines.c.cart_id)
    .where(cart_lines.c.item_id == bindparam("item"), cart_lines.c.hold_id.is_not(None))
    .order_by(cart_lines.c.hold_until.is_(None), cart_lines.c.hold_until, cart_lines.c.hold_id)
)


class SqlStock:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def lock(self, items: Iterable[str]) -> dict[str, Level]:
        return self._read(_LOCK, items)

    def levels(self, items: Iterable[str]) -> dict[str, Level]:
        return self._read(_LEVELS, items)

    def change(self, deltas: Mapping[str, tuple[int, int]]) -> None:
        rows = [{"item_id": item, "on_hand": on_hand, "held": held} for item, (on_hand, held) in sorted(deltas.items())]
        _CHANGE.run(self._connection, rows, partial(_all_of, len(rows)))

    def track(self, levels: Iterable[Level]) -> None:
        rows = [{"item_id": level.item_id, "on_hand": level.on_hand, "held": level.held} for level in levels]
        with lost_race_on_conflict():
            _TRACK.run(self._connection, rows)

    def holders(self, item_id: str) -> list[HeldUnits]:
        return [
            HeldUnits(cart_id=cart_id, owner=owner, hold_id=hold_id, quantity=quantity, until=until)
            for cart_id, owner, hold_id, quantity, until in self._connection.execute(_HOLDERS, {"item": item_id})
        ]

    def _read(self, query: Prepared, items: Iterable[str]) -> dict[str, Level]:
        rows = query.rows(self._connection, {"items": items})
        return {item_id: Level(item_id=item_id, on_hand=on_hand, held=held) for item_id, on_hand, held in rows}


def _all_of(wanted: int, changed: int) -> None:
    if changed != wanted:
        raise LostRace
