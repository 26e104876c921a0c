"""Stock levels in SQL: taken by a guarded change, with a CHECK behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, insert, select, update

from shopcore.errors import LostRace
from shopcore.inventory.model import HeldUnits, Level
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.schema import cart_lines, carts, stock
from shopcore_sql.types import one_of, texts

_on_hand = stock.c.on_hand + bindparam("d_on_hand")
_held = stock.c.held + bindparam("d_held")
_LOCK = select(stock).where(one_of(stock.c.item_id, texts("items"))).order_by(stock.c.item_id).with_for_update()
_CHANGE = (
    update(stock)
    .where(stock.c.item_id == bindparam("item"), _held >= 0, _held <= _on_hand)
    .values(on_hand=_on_hand, held=_held)
)
_TRACK = insert(stock)
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
        rows = self._connection.execute(_LOCK, {"items": items})
        return {row.item_id: Level(item_id=row.item_id, on_hand=row.on_hand, held=row.held) for row in rows}

    def change(self, deltas: Mapping[str, tuple[int, int]]) -> None:
        rows = [
            {"item": item, "d_on_hand": on_hand, "d_held": held} for item, (on_hand, held) in sorted(deltas.items())
        ]
        with lost_race_on_conflict():
            changed = self._connection.execute(_CHANGE, rows).rowcount
        if changed != len(rows):
            raise LostRace

    def track(self, levels: Iterable[Level]) -> None:
        rows = [{"item_id": level.item_id, "on_hand": level.on_hand, "held": level.held} for level in levels]
        with lost_race_on_conflict():
            self._connection.execute(_TRACK, rows)

    def holders(self, item_id: str) -> list[HeldUnits]:
        return [
            HeldUnits(cart_id=cart_id, owner=owner, hold_id=hold_id, quantity=quantity, until=until)
            for cart_id, owner, hold_id, quantity, until in self._connection.execute(_HOLDERS, {"item": item_id})
        ]
