"""Order history, and taking an order back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shopcore.clock import Clock
from shopcore.errors import CancelWindowClosed, OrderNotFound
from shopcore.facts import Fact, OrderCancelled, StockRestocked
from shopcore.idempotency import Key
from shopcore.journal.once import Answer, once
from shopcore.orders.model import Order, OrderEvent
from shopcore.paging import Page, PageRequest
from shopcore.policy import Policy
from shopcore.record import record
from shopcore.store import Store, Transaction
from shopcore.text import checked


class Orders:
    """`owner` limits a call to that owner's orders; without it the caller is staff and sees all."""

    def __init__(self, store: Store, clock: Clock, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._policy = policy

    def list(self, page: PageRequest, *, owner: str | None = None) -> Page[Order]:
        """Newest first. The orders come without their lines."""
        with self._store.read() as tx:
            return tx.orders.page(owner, page)

    def get(self, order_id: str, *, owner: str | None = None) -> Order:
        """Raises OrderNotFound, also where the order is somebody else's."""
        with self._store.read() as tx:
            return _visible(tx.orders.get([order_id]).get(order_id), order_id, owner)

    def cancel(
        self, order_id: str, *, actor: str, reason: str = "", owner: str | None = None, key: Key | None = None
    ) -> Answer[Order]:
        """Cancel an order and give its stock back, exactly once; cancelling again changes nothing.

        An `owner` may within the policy's window; CancelWindowClosed after it. Raises OrderNotFound.
        """
        checked(reason, "reason", most=500)
        now = self._clock()

        def work(tx: Transaction) -> Answer[Order]:
            return once(tx, key, Order, now, lambda: self._cancel(tx, order_id, actor, reason, owner, now))

        return self._store.write(work, repeatable=key is not None)

    def _cancel(
        self, tx: Transaction, order_id: str, actor: str, reason: str, owner: str | None, now: datetime
    ) -> Order:
        order = _visible(tx.orders.lock(order_id), order_id, owner)
        if order.status == "cancelled":
            return order
        if owner is not None and now >= order.created_at + self._policy.cancel_window:
            raise CancelWindowClosed(order_id)
        facts = cancel(order, reason, actor, now)
        tx.stock.lock(line.item_id for line in order.lines if line.hold_id)
        record(tx, facts)
        event = OrderEvent(status="cancelled", at=now, actor=actor, reason=reason)
        return replace(order, history=(*order.history, event))


def cancel(order: Order, reason: str, actor: str, now: datetime) -> list[Fact]:
    """What cancelling a placed order means: its status, and every tracked unit back on the shelf."""
    back: list[Fact] = [
        StockRestocked(
            operation=f"{order.id}/{line.item_id}/restock",
            at=now,
            actor=actor,
            item_id=line.item_id,
            quantity=line.quantity,
            order_id=order.id,
        )
        for line in order.lines
        if line.hold_id
    ]
    operation = f"{order.id}/cancelled"
    return [OrderCancelled(operation=operation, at=now, actor=actor, order_id=order.id, reason=reason), *back]


def _visible(order: Order | None, order_id: str, owner: str | None) -> Order:
    if order is None or (owner is not None and order.owner != owner):
        raise OrderNotFound(order_id)
    return order
