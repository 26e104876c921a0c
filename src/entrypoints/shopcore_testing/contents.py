"""A store's contents as far as its ports tell them: to see that nothing has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeVar, get_args

from shopcore.carts.ports import CartFilter
from shopcore.facts import Reason
from shopcore.paging import MAX_LIMIT, Page, PageRequest
from shopcore.removals.model import RemovalFilter
from shopcore.store import Store, Transaction

T = TypeVar("T")


def everything_told(store: Store) -> dict[str, object]:
    with store.read() as tx:
        carts = list(_all_of(lambda page: tx.carts.page(CartFilter(), page)))
        orders = list(_all_of(lambda page: tx.orders.page(None, page)))
        return {
            "users": list(_all_of(tx.users.page)),
            "listed items": list(tx.items.stream()),
            "carts": carts,
            "timelines": {cart.id: tx.journal.of_cart(cart.id) for cart in carts},
            "orders": tx.orders.get(order.id for order in orders),
            "removals": list(tx.removals.stream(RemovalFilter(reasons=get_args(Reason)))),
            **_books(tx),
        }


def _books(tx: Transaction) -> dict[str, object]:
    audit = tx.audit
    kept = {
        "stock": audit.stock,
        "ledger": audit.ledger,
        "holds": audit.holds,
        "lines": audit.lines,
        "orders": audit.orders,
        "keys": audit.keys,
        "sessions": audit.sessions,
    }
    return {f"book of {name}": list(read()) for name, read in kept.items()}


def _all_of(ask: Callable[[PageRequest], Page[T]]) -> Iterator[T]:
    for number in count(1):
        found = ask(PageRequest(page=number, limit=MAX_LIMIT))
        yield from found
        if number * MAX_LIMIT >= found.total:
            return
