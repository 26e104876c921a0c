"""Shops with the defects that a proof must find. Other processes open them, so they stand in a module of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from typing import Any, TypeVar, cast

from sqlalchemy import text

from shopcore.errors import LostRace
from shopcore.inventory.model import Level
from shopcore.shop import Shop
from shopcore.store import Transaction
from shopcore_settings import Settings, open_shop

T = TypeVar("T")


class Behind:
    def __init__(self, behind: Any) -> None:
        self.behind = behind

    def __getattr__(self, name: str) -> Any:
        return getattr(self.behind, name)


class Seen(Behind):
    """A transaction with a repository of its own for stock."""

    def __init__(self, tx: Transaction, stock: Any) -> None:
        super().__init__(tx)
        self.stock = stock


class LeakyStore(Behind):
    """A store whose writers see `stock` through `see`."""

    def __init__(self, behind: Any, see: Callable[[Transaction], Any]) -> None:
        super().__init__(behind)
        self._see = see

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        done: T = self.behind.write(lambda tx: work(cast(Transaction, self._see(tx))), repeatable=repeatable)
        return done

    def read(self, *, once: bool = False) -> AbstractContextManager[Transaction]:
        return cast(AbstractContextManager[Transaction], self.behind.read(once=once))

    def ping(self) -> None:
        self.behind.ping()

    def close(self) -> None:
        self.behind.close()


class NoGuard(Behind):
    """Stock of which there are always a thousand, and that does not mind when a change of it fails."""

    def lock(self, items: Iterable[str]) -> dict[str, Level]:
        return {name: Level(item_id=name, on_hand=1000) for name in self.behind.lock(items)}

    def change(self, deltas: Mapping[str, tuple[int, int]]) -> None:
        with suppress(LostRace):
            self.behind.change(deltas)


class ReadThenWrite(Behind):
    """Stock that locks nothing, and writes what it read plus what is taken, within bounds: the classic defect."""

    def __init__(self, behind: Any) -> None:
        super().__init__(behind)
        self._read: dict[str, tuple[int, int]] = {}

    def lock(self, items: Iterable[str]) -> dict[str, Level]:
        wanted = sorted(set(items))
        query = text("SELECT item_id, on_hand, held FROM stock WHERE item_id = ANY (:items)")
        rows = self.behind._connection.execute(query, {"items": wanted}).all()
        self._read = {item_id: (on_hand, held) for item_id, on_hand, held in rows}
        return {name: Level(item_id=name, on_hand=level[0], held=level[1]) for name, level in self._read.items()}

    def change(self, deltas: Mapping[str, tuple[int, int]]) -> None:
        for name, (on_hand, held) in deltas.items():
            was = self._read[name]
            now = max(0, was[1] + held)
            self.behind._connection.execute(
                text("UPDATE stock SET on_hand = :on_hand, held = :held WHERE item_id = :name"),
                {"on_hand": max(now, was[0] + on_hand), "held": now, "name": name},
            )


def without_a_guard(settings: Settings) -> Shop:
    shop = open_shop(settings, migrate=False, logins=False)
    return Shop(LeakyStore(shop.store, lambda tx: Seen(tx, NoGuard(tx.stock))))


def without_a_lock(settings: Settings) -> Shop:
    shop = open_shop(settings, migrate=False, logins=False)
    return Shop(LeakyStore(shop.store, lambda tx: Seen(tx, ReadThenWrite(tx.stock))))
