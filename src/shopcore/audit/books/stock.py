"""Books of levels, their ledger, and holds. A `position` is that of a journal entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StockBook:
    """One item's level, the live holds on it, and its ledger.

    `least_held` and `least_free` (on hand less held) are the lowest that the ledger has ever run to.
    """

    item_id: str
    tracked: bool = False
    on_hand: int = 0
    held: int = 0
    live: int = 0
    entries: int = 0
    ledger_on_hand: int = 0
    ledger_held: int = 0
    received: int = 0
    adjusted: int = 0
    restocked: int = 0
    sold: int = 0
    least_held: int = 0
    least_free: int = 0

    @property
    def subject(self) -> str:
        return f"item {self.item_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerBook:
    """One operation that changed a level, and how many `entries` claim to be it.

    `quantity` and `line_quantity` are the fact's own.
    """

    operation: str
    entries: int = 1
    kind: str
    actor: str
    item_id: str | None
    hold_id: str | None
    order_id: str | None
    reason: str | None
    quantity: int | None
    line_quantity: int | None = None
    on_hand: int
    held: int

    @property
    def subject(self) -> str:
        return f"ledger entry {self.operation}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBook:
    """One hold: its history in the journal, the cart lines that live on it, and the order lines that name it.

    `taken` and `ended` are units, over all its starts and changes, and over all its ends. `one_line`: whatever
    names the hold means the same item of the same cart; `one_order`: and the same order.
    """

    hold_id: str
    one_line: bool = True
    one_order: bool = True
    starts: int = 0
    released: int = 0
    expired: int = 0
    committed: int = 0
    taken: int = 0
    ended: int = 0
    first: int | None = None
    last: int | None = None
    started_at: int | None = None
    ended_at: int | None = None
    lines: int = 0
    idle_lines: int = 0
    line_units: int = 0
    sales: int = 0
    sold: int = 0

    @property
    def subject(self) -> str:
        return f"hold {self.hold_id}"

    @property
    def ends(self) -> int:
        return self.released + self.expired + self.committed
