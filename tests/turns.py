"""Rules decided without a store: the circumstances, and what a cart is after what happened to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

from shopcore.carts.model import Cart
from shopcore.catalog.model import Item
from shopcore.facts import CartFact, Fact
from shopcore.inventory.model import Level
from shopcore.policy import Policy
from shopcore.turn import Turn
from shopcore_testing.samples import NOON, a_level, an_item


def a_turn(now: datetime = NOON, *, actor: str = "ann", **policy: Any) -> Turn:
    """Ids are 1, 2, 3 and so on."""
    numbers = count(1)
    return Turn(now=now, actor=actor, policy=Policy(**policy), make_id=lambda: str(next(numbers)))


def after(cart: Cart, facts: Iterable[CartFact]) -> Cart:
    return cart.after(*facts)


def level_after(level: Level, facts: Iterable[Fact]) -> Level:
    for fact in facts:
        level = level.after(fact)
    return level


def kinds(facts: Iterable[Fact]) -> list[str]:
    return [fact.kind for fact in facts]


def shelf(*names: str, **fields: Any) -> dict[str, Item]:
    """Items of ten euros with five units each, none of them held."""
    return {name: an_item(name, **{"level": a_level(name, 5), **fields}) for name in names}


def nothing_happens(facts: Iterator[Fact]) -> bool:
    return next(facts, None) is None
