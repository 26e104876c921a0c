"""What the journal and the idempotency keys need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from shopcore.idempotency import Answered
from shopcore.inventory.model import StockEquation
from shopcore.journal.model import Entry


class JournalRepository(Protocol):
    """Entries are appended and never changed."""

    def append(self, entries: Sequence[Entry]) -> None:
        """Write entries in order. Raises LostRace where one of the operations was journalled before."""
        ...

    def of_cart(self, cart_id: str) -> list[Entry]:
        """Everything that happened to a cart, in order."""
        ...

    def ledger(self, item_id: str, *, limit: int, before: datetime | None = None) -> list[Entry]:
        """The newest `limit` entries that changed an item's level, newest first."""
        ...

    def equation(self, item_id: str, *, before: datetime | None = None) -> tuple[StockEquation, int]:
        """The item's stock equation and the units held, summed over its ledger up to `before`."""
        ...


class KeyRepository(Protocol):
    def find(self, scopes: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Answered]:
        """Answers given before, by (caller, operation, key)."""
        ...

    def add(self, answers: Sequence[Answered]) -> None:
        """Keep answers. Raises LostRace where another transaction has answered the same key."""
        ...

    def forget(self, before: datetime, *, limit: int) -> int:
        """Delete answers older than `before`, at most `limit`; gives how many."""
        ...
