"""What the auditor reads of a store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from shopcore.audit.books import (
    CartBook,
    HoldBook,
    KeyBook,
    LedgerBook,
    LineBook,
    OrderBook,
    OwnerBook,
    RemovalBook,
    SessionBook,
    StockBook,
    UserBook,
)


class AuditRepository(Protocol):
    """Each question is answered with one book per subject, in the order of their ids.

    A subject has its book wherever it is named, also where the thing itself is missing. A store adds up and does not
    judge. Books come as a stream, so that a database's are never all in memory, and in a number of statements that does
    not depend on how many there are.
    """

    def stock(self) -> Iterator[StockBook]:
        """Items that have a level, a live hold or a ledger entry."""
        ...

    def ledger(self) -> Iterator[LedgerBook]:
        """Operations that changed a level."""
        ...

    def holds(self) -> Iterator[HoldBook]:
        """Holds that the journal, a cart line or an order line names."""
        ...

    def lines(self) -> Iterator[LineBook]:
        """Items that a cart ever had."""
        ...

    def removals(self) -> Iterator[RemovalBook]:
        """Removals that were recorded or journalled."""
        ...

    def carts(self) -> Iterator[CartBook]:
        """Carts that are stored, or that the journal, a removal or an order names."""
        ...

    def owners(self) -> Iterator[OwnerBook]:
        """Owners of active carts."""
        ...

    def orders(self) -> Iterator[OrderBook]:
        """Orders that are stored, or that the journal names as placed, cancelled or restocked."""
        ...

    def keys(self) -> Iterator[KeyBook]:
        """Idempotency keys that were answered."""
        ...

    def users(self) -> Iterator[UserBook]: ...

    def sessions(self) -> Iterator[SessionBook]: ...
