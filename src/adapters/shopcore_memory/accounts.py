from __future__ import annotations

from shopcore_memory.state import State


class MemoryUsers:
    def __init__(self, state: State) -> None:
        self._state = state


class MemorySessions:
    def __init__(self, state: State) -> None:
        self._state = state
