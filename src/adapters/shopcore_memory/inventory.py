from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from shopcore.errors import LostRace
from shopcore.inventory.model import HeldUnits, Level
from shopcore_memory.state import State


class MemoryStock:
    def __init__(self, state: State) -> None:
        self._state = state

    def lock(self, items: Iterable[str]) -> dict[str, Level]:
        return self._state.levels.some(items)

    def levels(self, items: Iterable[str]) -> dict[str, Level]:
        return self._state.levels.some(items)

    def change(self, deltas: Mapping[str, tuple[int, int]]) -> None:
        for item_id, (on_hand, held) in deltas.items():
            level = self._state.levels.get(item_id)
            if level is None:
                raise LostRace
            after = replace(level, on_hand=level.on_hand + on_hand, held=level.held + held)
            if not 0 <= after.held <= after.on_hand:
                raise LostRace
            self._state.levels.put(item_id, after)

    def track(self, levels: Iterable[Level]) -> None:
        for level in levels:
            if level.item_id in self._state.levels:
                raise LostRace
            self._state.levels.put(level.item_id, level)

    def holders(self, item_id: str) -> list[HeldUnits]:
        held = [
            HeldUnits(
                cart_id=cart.id,
                owner=cart.owner,
                hold_id=line.hold.id,
                quantity=line.quantity,
                until=line.hold.until,
            )
            for cart in self._state.carts.values()
            if (line := cart.lines.get(item_id)) is not None and line.hold is not None
        ]
        return sorted(held, key=lambda units: (units.until is None, units.until, units.hold_id))
