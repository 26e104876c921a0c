from __future__ import annotations

from shopcore_memory.state import State


class MemoryAudit:
    def __init__(self, state: State) -> None:
        self._state = state
