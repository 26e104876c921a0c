"""What the tests of carts, stock and orders share: short questions to a shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from shopcore.carts.desk import Outcome
from shopcore.carts.view import CartView
from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.model import Item
from shopcore.errors import CheckoutRefused, ShopError
from shopcore.facts import Reason
from shopcore.idempotency import Key
from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.paging import PageRequest
from shopcore.removals.model import Removal, RemovalFilter
from shopcore.shop import Shop

EVERY_REASON = get_args(Reason)
ALL = RemovalFilter(reasons=EVERY_REASON)


def item(shop: Shop, name: str = "mug", stock: int | None = 5, price: str = "10.00", **fields: Any) -> Item:
    """An item that is called by its id."""
    return shop.catalog.add_item(name=name.title(), price=price, stock=stock, item_id=name, **fields)


def reprice(shop: Shop, name: str, price: str) -> Money:
    """Give an item a new price and leave the rest of it."""
    draft = ItemDraft.of(shop.catalog.get(name))
    money = Money.parse(price, draft.price.currency)
    shop.catalog.change(replace(draft, price=money), actor="staff")
    return money


def track(shop: Shop, name: str, stock: int | None) -> None:
    """Make `stock` be what can be put in a cart; None would be to track the item no more."""
    draft = replace(ItemDraft.of(shop.catalog.get(name)), stock=stock)
    shop.catalog.change(draft, actor="staff", keep_stock=False)


def level(shop: Shop, name: str = "mug") -> tuple[int, int]:
    """Units on hand and held."""
    with shop.store.read() as tx:
        found = tx.stock.levels([name]).get(name)
    assert found is not None
    return found.on_hand, found.held


def lines(shop: Shop, owner: str) -> dict[str, tuple[int, str]]:
    """Quantity and hold of each line."""
    return {line.item_id: (line.quantity, line.hold) for line in shop.carts.get(owner).lines}


def until(shop: Shop, owner: str, name: str = "mug") -> datetime | None:
    [deadline] = [line.until for line in shop.carts.get(owner).lines if line.item_id == name]
    return deadline


def removed(shop: Shop, which: RemovalFilter = ALL) -> list[Removal]:
    """Every record, oldest first."""
    return list(shop.removals.export(which))


def reasons(shop: Shop) -> list[tuple[str, str, int]]:
    """Owner, reason and quantity of every removal, oldest first."""
    return [(record.owner, record.reason, record.quantity) for record in removed(shop)]


def problems(answer: CartView | CheckoutRefused) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.item_id) for problem in answer.problems]


def orders(shop: Shop) -> list[Order]:
    """Every order with its lines, oldest first."""
    listed = shop.orders.list(PageRequest(limit=100)).items
    return [shop.orders.get(order.id) for order in reversed(listed)]


def a_key(value: str = "k1", *, body: str = "body", caller: str = "ann", operation: str = "cart") -> Key:
    return Key(caller=caller, operation=operation, value=value, fingerprint=body)


def told(outcome: Outcome) -> str:
    """The code of a refusal, or `done`."""
    return outcome.answer.code if isinstance(outcome.answer, ShopError) else "done"
