"""The auditor, asked about what the race touched and nothing else: a shop may have older troubles of its own."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from shopcore.audit import AuditReport, rules
from shopcore.audit.model import Tally
from shopcore.facts.base import SHOPPERS_REASONS, SYSTEMS_REASONS
from shopcore.removals.model import RemovalFilter
from shopcore.store import Transaction

MOST = 1_000
"""Violations that are kept; a thousand say enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """One item, and the ids of all that has to do with it."""

    item_id: str
    carts: Set[str]
    holds: Set[str]
    orders: Set[str]
    owners: Set[str]


def audit_of(tx: Transaction, touched: Touched) -> AuditReport:
    """Every rule, for what was `touched`. All books of the shop go by once, in constant memory."""
    item, audit, tally = touched.item_id, tx.audit, Tally(MOST)
    keys = audit.keys()
    reasons = (*SHOPPERS_REASONS, *SYSTEMS_REASONS)
    removals = {removal.id for removal in tx.removals.stream(RemovalFilter(item_id=item, reasons=reasons))}
    tally.check((book for book in audit.stock() if book.item_id == item), rules.STOCK)
    tally.check((book for book in audit.ledger() if book.item_id == item), rules.LEDGER)
    tally.check((book for book in audit.holds() if book.hold_id in touched.holds), rules.HOLDS)
    tally.check((book for book in audit.owners() if book.owner in touched.owners), rules.OWNERS)
    tally.check((book for book in audit.carts() if book.cart_id in touched.carts), rules.CARTS)
    tally.check((book for book in audit.lines() if book.item_id == item), rules.LINES)
    tally.check((book for book in audit.removals() if book.removal_id in removals), rules.REMOVALS)
    tally.check((book for book in audit.orders() if book.order_id in touched.orders), rules.ORDERS)
    tally.check((book for book in keys if book.caller in touched.owners), rules.KEYS)
    return tally.report()
