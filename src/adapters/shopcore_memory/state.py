"""Tables in memory that can undo what a failed transaction did, and be copied for a reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from shopcore.accounts.model import RefreshToken, Session, User
from shopcore.carts.model import Cart
from shopcore.catalog.model import Item
from shopcore.idempotency import Answered
from shopcore.inventory.model import Level
from shopcore.journal.model import Entry
from shopcore.limits.model import Tally
from shopcore.orders.model import Order
from shopcore.removals.model import Removal

K = TypeVar("K")
V = TypeVar("V")
Undo = list[Callable[[], None]]


class Table(Generic[K, V]):
    """Immutable values by key."""

    def __init__(self, undo: Undo, rows: dict[K, V] | None = None) -> None:
        self._undo = undo
        self._rows: dict[K, V] = rows if rows is not None else {}

    def get(self, key: K) -> V | None:
        return self._rows.get(key)

    def some(self, keys: Iterable[K]) -> dict[K, V]:
        """Those of `keys` that are there."""
        return {key: self._rows[key] for key in keys if key in self._rows}

    def values(self) -> Iterator[V]:
        return iter(self._rows.values())

    def put(self, key: K, value: V) -> None:
        if key in self._rows:
            rows, old = self._rows, self._rows[key]
            self._undo.append(lambda: rows.update({key: old}))
        else:
            self._undo.append(lambda: self._rows.__delitem__(key))
        self._rows[key] = value

    def drop(self, key: K) -> None:
        if key in self._rows:
            rows, old = self._rows, self._rows.pop(key)
            self._undo.append(lambda: rows.update({key: old}))

    def __contains__(self, key: K) -> bool:
        return key in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def copy(self, undo: Undo) -> Table[K, V]:
        return Table(undo, dict(self._rows))


class Groups(Generic[K]):
    """Ids by a shared key, in the order they came: an index that only grows."""

    def __init__(self, undo: Undo, rows: dict[K, list[str]] | None = None) -> None:
        self._undo = undo
        self._rows: dict[K, list[str]] = rows if rows is not None else {}

    def add(self, key: K, member: str) -> None:
        members = self._rows.setdefault(key, [])
        members.append(member)
        self._undo.append(lambda: members.__delitem__(-1))

    def of(self, key: K) -> list[str]:
        return self._rows.get(key, [])

    def copy(self, undo: Undo) -> Groups[K]:
        return Groups(undo, {key: list(members) for key, members in self._rows.items()})


class State:
    """Everything that a shop keeps."""

    def __init__(self) -> None:
        self.undo: Undo = []
        self.readers = 0
        self.users: Table[str, User] = Table(self.undo)
        self.names: Table[str, str] = Table(self.undo)
        self.sessions: Table[str, Session] = Table(self.undo)
        self.tokens: Table[str, RefreshToken] = Table(self.undo)
        self.items: Table[str, Item] = Table(self.undo)
        self.levels: Table[str, Level] = Table(self.undo)
        self.carts: Table[str, Cart] = Table(self.undo)
        self.active: Table[str, str] = Table(self.undo)
        self.removals: Table[str, Removal] = Table(self.undo)
        self.orders: Table[str, Order] = Table(self.undo)
        self.entries: Table[str, Entry] = Table(self.undo)
        self.keys: Table[tuple[str, str, str], Answered] = Table(self.undo)
        self.tallies: Table[str, Tally] = Table(self.undo)
        self.order_of_cart: Table[str, str] = Table(self.undo)
        self.cart_removals: Groups[str] = Groups(self.undo)
        self.owner_removals: Groups[str] = Groups(self.undo)
        self.owner_orders: Groups[str] = Groups(self.undo)
        self.cart_entries: Groups[str] = Groups(self.undo)
        self.item_entries: Groups[str] = Groups(self.undo)

    def copy(self) -> State:
        """The same content in tables of its own: a writer moves on there while readers keep the old ones."""
        other = State()
        for name, table in vars(self).items():
            if isinstance(table, Table | Groups):
                setattr(other, name, table.copy(other.undo))
        return other

    def roll_back(self) -> None:
        while self.undo:
            self.undo.pop()()
