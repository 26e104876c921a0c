"""The shop's invariants as pure functions of the auditor's books, one table for each kind of book.

Not among them is what no table can tell: what clients were told (S7, V1 to V4), what a retry would do (R4's other half,
I1's), limits that staff may lower later (H6), and whose request it was (A5).
"""

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
