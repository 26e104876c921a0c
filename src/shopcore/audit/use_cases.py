"""Checking every rule of the shop that can be checked from what is stored."""

from __future__ import annotations

from shopcore.audit import rules
from shopcore.audit.model import AuditReport, Tally
from shopcore.store import Store

MOST_KEPT = 1_000


class Auditor:
    """Reads, judges and changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def run(self, *, most: int = MOST_KEPT) -> AuditReport:
        """Check everything as of one moment.

        The report keeps the first `most` violations and counts the rest, so that memory does not grow with them.
        """
        tally = Tally(most)
        with self._store.read() as tx:
            audit = tx.audit
            tally.check(audit.stock(), rules.STOCK)
            tally.check(audit.ledger(), rules.LEDGER)
            tally.check(audit.holds(), rules.HOLDS)
            tally.check(audit.owners(), rules.OWNERS)
            tally.check(audit.carts(), rules.CARTS)
            tally.check(audit.lines(), rules.LINES)
            tally.check(audit.removals(), rules.REMOVALS)
            tally.check(audit.orders(), rules.ORDERS)
            tally.check(audit.keys(), rules.KEYS)
            tally.check(audit.users(), rules.USERS)
            tally.check(audit.sessions(), rules.SESSIONS)
        return tally.report()
