"""Facts: frozen values that say what happened. Everything that is written follows from them.

A rule decides facts, `record` (see `shopcore.record`) writes their consequences, and the journal keeps every
one. `on_hand` and `held` say what a fact does to an item's level, in units; both are 0 where it does nothing.
`operation` identifies the fact for good: a store never accepts the same operation twice, so that a hold, for
one, ends once and an order line is restocked once even if all other guards failed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

Reason = Literal["removed", "decreased", "cleared", "expired", "unavailable", "merged", "stock_correction"]
Lapse = Literal["expired", "unavailable"]
SHOPPERS_REASONS: tuple[Reason, ...] = ("removed", "decreased", "cleared")
SYSTEMS_REASONS: tuple[Reason, ...] = ("expired", "unavailable", "merged", "stock_correction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened `at` a time (UTC), caused by `actor` (an owner, a user id or a program)."""

    operation: str
    at: datetime
    actor: str

    kind: ClassVar[str] = ""
    """The fact's name in the journal."""

    @property
    def on_hand(self) -> int:
        return 0

    @property
    def held(self) -> int:
        return 0
