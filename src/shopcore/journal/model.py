"""One append-only table that is at once the stock ledger, every cart's timeline and the source of an outbox."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from shopcore.codec import field_names, to_plain
from shopcore.facts import Fact

_COLUMNS = ("operation", "at", "actor", "cart_id", "item_id", "order_id", "hold_id", "held")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact as it was journalled. `on_hand` and `held` are what it did to the item's level, in units.

    `data` has the fact's other fields as JSON values. `position` grows with time for any one cart or item.
    """

    operation: str
    kind: str
    at: datetime
    actor: str
    cart_id: str | None = None
    item_id: str | None = None
    order_id: str | None = None
    hold_id: str | None = None
    on_hand: int = 0
    held: int = 0
    data: Mapping[str, Any]
    position: int = 0

    @classmethod
    def of(cls, fact: Fact) -> Entry:
        kind: Any = type(fact)
        return cls(
            operation=fact.operation,
            kind=fact.kind,
            at=fact.at,
            actor=fact.actor,
            cart_id=getattr(fact, "cart_id", None),
            item_id=getattr(fact, "item_id", None),
            order_id=getattr(fact, "order_id", None),
            hold_id=getattr(fact, "hold_id", None),
            on_hand=fact.on_hand,
            held=fact.held,
            data={name: to_plain(getattr(fact, name)) for name in _data_names(kind)},
        )


@cache
def _data_names(kind: Any) -> list[str]:
    return [name for name in field_names(kind) if name not in _COLUMNS]
