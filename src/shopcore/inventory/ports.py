"""What the inventory needs of a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from shopcore.inventory.model import HeldUnits, Level


class StockRepository(Protocol):
    def lock(self, items: Iterable[str]) -> dict[str, Level]:
        """Levels of those items that are tracked, locked until the transaction ends, in the order of their ids."""
        ...

    def levels(self, items: Iterable[str]) -> dict[str, Level]:
        """Levels of those items that are tracked, as of now, not locked."""
        ...

    def change(self, deltas: Mapping[str, tuple[int, int]]) -> None:
        """Change levels by `(on_hand, held)` units each.

        Guarded: two callers who compete for the last unit never both succeed. Raises LostRace, and nothing stays
        changed, when a level would leave 0 <= held <= on_hand or does not exist.
        """
        ...

    def track(self, levels: Iterable[Level]) -> None:
        """Begin to track items, at these levels. Raises LostRace where one is tracked already."""
        ...

    def holders(self, item_id: str) -> list[HeldUnits]:
        """Who holds units of an item now, soonest deadline first."""
        ...
