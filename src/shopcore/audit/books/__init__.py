"""The auditor's books: what a store adds up about one subject, without judging it.

Numbers are 0 and texts None where nothing is written down.
"""

from shopcore.audit.books.accounts import SessionBook, UserBook
from shopcore.audit.books.carts import CartBook, LineBook, OwnerBook, RemovalBook
from shopcore.audit.books.orders import KeyBook, OrderBook, OrderedCart
from shopcore.audit.books.stock import HoldBook, LedgerBook, StockBook

__all__ = [
    "StockBook",
    "LedgerBook",
    "HoldBook",
    "OwnerBook",
    "CartBook",
    "LineBook",
    "RemovalBook",
    "OrderBook",
    "OrderedCart",
    "KeyBook",
    "UserBook",
    "SessionBook",
]
