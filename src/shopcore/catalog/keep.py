"""Writing what became of items."""

from __future__ import annotations

from collections.abc import Sequence

from shopcore.catalog.changes import Listing
from shopcore.facts import Fact
from shopcore.record import record
from shopcore.store import Transaction


def keep(tx: Transaction, listings: Sequence[Listing]) -> None:
    """Write items, begin to track those that shall be, and record what happened."""
    facts: list[Fact] = [fact for listing in listings for fact in listing.facts]
    if touched := [listing.item for listing in listings if listing.facts]:
        tx.items.save(touched)
    if begun := [listing.tracked for listing in listings if listing.tracked]:
        tx.stock.track(begun)
    record(tx, facts)
