"""The item that is raced for: put by where no shopper finds it, and cleared away in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar, cast

from shopcore.carts.commands import AbandonCart
from shopcore.catalog.model import Sellable
from shopcore.catalog.ports import ItemRepository
from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from shopcore_cli.prove.plan import Plan

T = TypeVar("T")
REASON = "prove oversell"
BATCH = 100


def put_by(shop: Shop, plan: Plan, *, actor: str) -> None:
    """An item of the proof's own, archived at once.

    It has no stock before it is archived: nobody but the proof's own buyers can ever have any.
    """
    listed(shop, plan, actor=actor)
    shop.catalog.archive(plan.item_id, actor=actor)
    shop.inventory.change(plan.item_id, delta=plan.stock, reason=REASON, actor=actor)


def listed(shop: Shop, plan: Plan, *, actor: str) -> None:
    """The item, free of charge so that no sum of money moves, and without stock."""
    name = "Proof of stock, not for sale"
    shop.catalog.add_item(item_id=plan.item_id, sku=plan.item_id, name=name, price=0, stock=0, actor=actor)


def as_on_sale(shop: Shop, plan: Plan) -> Shop:
    """The shop as the proof's buyers see it: the item is on sale, and held for as long as the plan says."""
    policy = Policy(
        currency=shop.policy.currency,
        hold_time=timedelta(seconds=plan.hold),
        hold_cap=timedelta(seconds=max(plan.hold, plan.seconds)),
    )
    return Shop(_Backroom(shop.store, plan.item_id), policy=policy)


def clear_away(shop: Shop, plan: Plan, *, owners: Iterable[str], orders: Iterable[str], actor: str) -> None:
    """Empty the carts, cancel the orders and write off the units; what happened stays on record."""
    names = sorted(owners)
    for first in range(0, len(names), BATCH):
        shop.carts.handle([AbandonCart(owner=owner, actor=actor) for owner in names[first : first + BATCH]])
    for order_id in sorted(orders):
        shop.orders.cancel(order_id, actor=actor, reason=REASON)
    shop.inventory.change(plan.item_id, on_hand=0, reason=REASON, actor=actor)


class _Backroom:
    """A store in which one archived item is on sale. All the rest, locks and guards above all, is the store's own."""

    def __init__(self, store: Store, item_id: str) -> None:
        self._store = store
        self._item_id = item_id

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        return self._store.write(lambda tx: work(self._seen(tx)), repeatable=repeatable)

    @contextmanager
    def read(self, *, once: bool = False) -> Iterator[Transaction]:
        with self._store.read(once=once) as tx:
            yield self._seen(tx)

    def ping(self) -> None:
        self._store.ping()

    def close(self) -> None:
        self._store.close()

    def _seen(self, tx: Transaction) -> Transaction:
        return cast(Transaction, _Seen(tx, items=_Items(tx.items, self._item_id)))


class _Seen:
    """Something with other values for some of its names."""

    def __init__(self, behind: object, **others: object) -> None:
        self._behind = behind
        vars(self).update(others)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)


class _Items(_Seen):
    def __init__(self, items: ItemRepository, item_id: str) -> None:
        super().__init__(items)
        self._items = items
        self._item_id = item_id

    def sellables(self, items: Iterable[str]) -> dict[str, Sellable]:
        found = self._items.sellables(items)
        if mine := found.get(self._item_id):
            found = {**found, mine.id: replace(mine, status="listed")}
        return found
