"""What a batch of commands found in the store, locked as far as it may change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shopcore.carts.model import Cart
from shopcore.catalog.model import Sellable
from shopcore.idempotency import Answered
from shopcore.inventory.model import Level
from shopcore.orders.model import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a batch found. `carts` are the callers' own, by owner; `lapsed` those of others that may be reclaimed.

    `items` are all that any of these shows. `levels` are those of tracked items which commands may change, and of those
    which a line wants and does not hold.

    `standing` has the user of each session that commands name and that has not ended.
    """

    carts: Mapping[str, Cart]
    items: Mapping[str, Sellable]
    levels: Mapping[str, Level]
    lapsed: Sequence[Cart] = ()
    named: Mapping[str, Cart] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    answered: Mapping[tuple[str, str, str], Answered] = field(default_factory=dict)
    bought: Mapping[tuple[str, str], int] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)
