"""One effect per idempotency key, for use cases that are not cart commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from shopcore.errors import LostRace, ShopError
from shopcore.idempotency import Answered, Key
from shopcore.store import Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """A use case's result. `replayed`: it was given before, to the same idempotency key."""

    value: T
    replayed: bool = False


def once(tx: Transaction, key: Key | None, kind: type[T], now: datetime, act: Callable[[], T]) -> Answer[T]:
    """Do `act` and keep its result under `key`, or give the result that is kept.

    Raises KeyReused where the key came with another request. Two transactions with one new key: the store lets one
    of them commit, and runs the other again, which then finds the answer.
    """
    if key is None:
        return Answer(act())
    if answered := tx.keys.find([key.scope]).get(key.scope):
        return Answer(answered.again(key, kind), replayed=True)
    try:
        value = act()
    except ShopError:
        if tx.keys.find([key.scope]):  # the same request was committed meanwhile, and is why this one is refused
            raise LostRace from None
        raise
    tx.keys.add([Answered.to(key, value, now)])
    return Answer(value)
