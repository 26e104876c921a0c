"""Books of orders and of idempotency keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shopcore.orders.model import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedCart:
    """The cart that an order names."""

    owner: str
    status: str
    currency: str
    order_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderBook:
    """One order as it is stored, as it was journalled when it was `placed`, and what came back of it.

    `tracked` are those of its items that had a stock ledger by then; `cancellations` counts journal entries.
    """

    order_id: str
    order: Order | None = None
    cart: OrderedCart | None = None
    placed: Order | None = None
    placings: int = 0
    tracked: frozenset[str] = frozenset()
    restocked: Mapping[str, int] = field(default_factory=dict)
    cancellations: int = 0

    @property
    def subject(self) -> str:
        return f"order {self.order_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyBook:
    """One idempotency key, how many `answers` it has, and whether what its answer shows (`effect`) is `there`."""

    caller: str
    operation: str
    value: str
    answers: int = 1
    effect: str | None = None
    there: bool = False

    @property
    def subject(self) -> str:
        return f"key {self.value} of {self.caller or 'nobody'} for {self.operation}"
