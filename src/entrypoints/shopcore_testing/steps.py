"""A transaction that writes something of every kind, and may be broken off at any step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shopcore.accounts.model import User
from shopcore.store import Transaction
from shopcore_testing.samples import (
    NOON,
    a_cart,
    a_level,
    a_removal,
    a_sale,
    an_answer,
    an_entry,
    an_item,
    an_order,
    new,
)

ANN = User(id="ann", username="ann", name_folded="ann", password_hash="-", created_at=NOON)
CART = a_cart("c1", "ann")
ORDER = an_order("o1", CART, a_sale("mug"))

STEPS: list[Callable[[Transaction], object]] = [
    lambda tx: tx.users.add([ANN]),
    lambda tx: tx.items.save([an_item("mug")]),
    lambda tx: tx.stock.track([a_level("mug", 5)]),
    lambda tx: tx.stock.change({"mug": (1, 2)}),
    lambda tx: tx.carts.save([new(CART)]),
    lambda tx: tx.removals.add([a_removal("r1", CART, "mug")]),
    lambda tx: tx.orders.add([ORDER]),
    lambda tx: tx.removals.settle([ORDER]),
    lambda tx: tx.orders.append("o1", replace(ORDER.history[0], status="cancelled")),
    lambda tx: tx.journal.append([an_entry("op", cart_id="c1", item_id="mug", held=2)]),
    lambda tx: tx.keys.add([an_answer("k")]),
]
"""A write of every kind, each of which builds on those before it."""


def work_until(step: int, failure: Callable[[Transaction], object]) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        for act in STEPS[:step]:
            act(tx)
        failure(tx)

    return work
