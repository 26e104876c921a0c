from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from shopcore.limits.model import Tally
from shopcore_memory.state import State


class MemoryTallies:
    def __init__(self, state: State) -> None:
        self._state = state

    def lock(self, subjects: Iterable[str]) -> dict[str, Tally]:
        return self._state.tallies.some(subjects)

    def save(self, tallies: Sequence[Tally]) -> None:
        for tally in tallies:
            self._state.tallies.put(tally.subject, tally)

    def forget(self, before: datetime, *, limit: int) -> int:
        over = [tally.subject for tally in self._state.tallies.values() if tally.until < before][:limit]
        for subject in over:
            self._state.tallies.drop(subject)
        return len(over)
