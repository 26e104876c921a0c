from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from shopcore.errors import LostRace
from shopcore.idempotency import Answered
from shopcore.inventory.model import StockEquation
from shopcore.journal.model import Entry
from shopcore.journal.rules import equation_of
from shopcore_memory.state import State


class MemoryJournal:
    def __init__(self, state: State) -> None:
        self._state = state

    def append(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if entry.operation in self._state.entries:
                raise LostRace
            self._state.entries.put(entry.operation, replace(entry, position=len(self._state.entries) + 1))
            if entry.cart_id:
                self._state.cart_entries.add(entry.cart_id, entry.operation)
            if entry.on_hand or entry.held:
                self._state.item_entries.add(entry.item_id or "", entry.operation)

    def of_cart(self, cart_id: str) -> list[Entry]:
        return list(self._state.entries.some(self._state.cart_entries.of(cart_id)).values())

    def ledger(self, item_id: str, *, limit: int, before: datetime | None = None) -> list[Entry]:
        return self._ledger(item_id, before)[::-1][:limit]

    def equation(self, item_id: str, *, before: datetime | None = None) -> tuple[StockEquation, int]:
        entries = self._ledger(item_id, before)
        sums: dict[str, int] = {}
        for entry in entries:
            sums[entry.kind] = sums.get(entry.kind, 0) + entry.on_hand
        return equation_of(sums), sum(entry.held for entry in entries)

    def _ledger(self, item_id: str, before: datetime | None) -> list[Entry]:
        entries = self._state.entries.some(self._state.item_entries.of(item_id)).values()
        return [entry for entry in entries if before is None or entry.at < before]


class MemoryKeys:
    def __init__(self, state: State) -> None:
        self._state = state

    def find(self, scopes: Iterable[tuple[str, str, str]]) -> dict[tuple[str, str, str], Answered]:
        return self._state.keys.some(scopes)

    def add(self, answers: Sequence[Answered]) -> None:
        for answer in answers:
            if answer.scope in self._state.keys:
                raise LostRace
            self._state.keys.put(answer.scope, answer)

    def forget(self, before: datetime, *, limit: int) -> int:
        old = [answer.scope for answer in self._state.keys.values() if answer.at < before][:limit]
        for scope in old:
            self._state.keys.drop(scope)
        return len(old)
