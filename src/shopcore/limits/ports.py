"""What limits need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from shopcore.limits.model import Tally


class TallyRepository(Protocol):
    """Tallies are locked by themselves, in a transaction that locks nothing else."""

    def lock(self, subjects: Iterable[str]) -> dict[str, Tally]:
        """Tallies by subject, locked until the transaction ends, in the order of their subjects.

        A subject that has none yet is locked as well: two who count the same one never both do so from nothing.
        """
        ...

    def save(self, tallies: Sequence[Tally]) -> None:
        """Write tallies whose subjects the transaction has locked, as they are now."""
        ...

    def forget(self, before: datetime, *, limit: int) -> int:
        """Delete tallies that meant nothing any more `before` then, at most `limit`; gives how many.

        Passes over those that somebody else has locked.
        """
        ...
