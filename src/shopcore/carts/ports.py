"""What carts need of a store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shopcore.carts.model import Cart
from shopcore.paging import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class CartFilter:
    owner: str | None = None
    active_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CartChange:
    """`cart` as it is to be kept; of its lines, only those of `items` differ from what is stored.

    An item of `items` that the cart has no line of is deleted.
    """

    cart: Cart
    items: frozenset[str]
    is_new: bool = False


class CartRepository(Protocol):
    def lock(self, owners: Iterable[str]) -> dict[str, Cart]:
        """The active cart of each owner that has one, by owner, locked until the transaction ends.

        Two callers who lock the same cart take turns; they lock in the order of owners, so they never deadlock.
        """
        ...

    def lock_lapsed(self, now: datetime, *, items: Iterable[str] | None = None, limit: int) -> list[Cart]:
        """Active carts that hold units past the deadline: most overdue first, at most `limit`.

        With `items`, only those that hold units of these; where one of these is recalled, every cart that has a
        line of it without a mark. Carts that somebody else has locked are passed over, never waited for.
        """
        ...

    def get(self, cart_ids: Iterable[str]) -> dict[str, Cart]:
        """Carts by id, whatever their status, not locked."""
        ...

    def active(self, owners: Iterable[str]) -> dict[str, Cart]:
        """The active cart of each owner that has one, not locked."""
        ...

    def page(self, which: CartFilter, page: PageRequest) -> Page[Cart]:
        """Carts, most recently opened first, ties by id."""
        ...

    def save(self, changes: Sequence[CartChange]) -> None:
        """Write carts and their changed lines. One active cart per owner: raises LostRace otherwise."""
        ...
