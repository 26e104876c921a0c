"""What is to be proved, and with how much of everything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`processes` of buyers make `attempts` on the `stock` of one item; `kills` times one of them is killed.

    What is put in a cart is held for `hold` seconds; after `seconds` the race ends, done or not. Every buyer decides by
    the `seed` and by what he was told.
    """

    item_id: str
    stock: int
    buyers: int
    attempts: int
    processes: int
    kills: int
    seed: int
    hold: float
    seconds: float

    @property
    def eagerness(self) -> float:
        """How likely a buyer with units in his cart buys them now, so that they sell out about half-way."""
        return min(0.5, max(0.05, 2 * self.stock / self.attempts))

    def names(self, process: int) -> list[str]:
        """The buyers of one process. They own carts, and have no accounts."""
        return [f"{self.item_id}/{number}" for number in range(process, self.buyers, self.processes)]

    def quota(self, process: int) -> int:
        """Its part of the attempts."""
        return len(range(process, self.attempts, self.processes))
