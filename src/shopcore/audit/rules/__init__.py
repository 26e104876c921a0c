"""The shop's invariants as pure functions of the auditor's books, one table for each kind of book."""

from shopcore.audit.rules.accounts import SESSIONS, USERS
from shopcore.audit.rules.carts import CARTS, LINES, OWNERS, REMOVALS
from shopcore.audit.rules.orders import KEYS, ORDERS
from shopcore.audit.rules.stock import HOLDS, LEDGER, STOCK

__all__ = [
    "STOCK",
    "LEDGER",
    "HOLDS",
    "OWNERS",
    "CARTS",
    "LINES",
    "REMOVALS",
    "ORDERS",
    "KEYS",
    "USERS",
    "SESSIONS",
]
