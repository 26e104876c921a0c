"""The demo shop: two weeks of a small shop's life, with every fate that a removal can have."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from shopcore.accounts import Role
from shopcore.carts.commands import AbandonCart, AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.catalog.drafts import ItemDraft
from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_cli.demo_catalogue import CATALOGUE

STAFF: Final[Mapping[str, Role]] = {"ada": "admin", "sam": "sales"}
SHOPPERS: Final = ("ann", "ben", "cleo", "dan", "eva")
ACTOR: Final = "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    username: str
    role: Role
    password: str
    id: str


@dataclass(slots=True)
class SetClock:
    """A clock that the story sets."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def furnish(shop: Shop, clock: SetClock) -> dict[str, Person]:
    """Fill an empty shop with a catalogue, people and what they did, up to now; gives the people by name."""
    now = clock.now
    clock.now = now - timedelta(days=15)
    for sku, category, name, price, stock, description in CATALOGUE:
        shop.catalog.add_item(
            item_id=sku.lower(),
            sku=sku,
            name=name,
            price=price,
            category=category,
            description=description,
            stock=stock,
            actor=ACTOR,
        )
    people = {name: _person(shop, name, STAFF.get(name, "customer")) for name in (*STAFF, *SHOPPERS)}
    story = _story({name: person.id for name, person in people.items()}, now)
    outcomes = shop.carts.handle(story)
    clock.now = now - timedelta(days=1)
    _raise_price(shop, "rug-01", "55.00")
    first = next(outcome.answer for outcome in outcomes if isinstance(outcome.answer, Order))
    shop.orders.cancel(first.id, actor=people["ada"].id, reason="sent to the wrong address")
    clock.now = now
    return people


def _person(shop: Shop, name: str, role: Role) -> Person:
    password = secrets.token_urlsafe(9)
    account = shop.accounts.create(name, password, role=role, actor=ACTOR)
    return Person(username=name, role=role, password=password, id=account.id)


def _raise_price(shop: Shop, item_id: str, price: str) -> None:
    draft = ItemDraft.of(shop.catalog.get(item_id))
    shop.catalog.change(replace(draft, price=Money.parse(price, draft.price.currency)), actor=ACTOR)


def _story(ids: Mapping[str, str], now: datetime) -> list[CartCommand]:
    """What the shoppers did, oldest first: bought, changed their minds, came back, or stayed away."""
    return [
        *_visit(ids["ann"], now - timedelta(days=13), "+mug-01", "+pot-01", "-pot-01", "+tow-01", "buy"),
        *_visit(ids["ben"], now - timedelta(days=12), "+lam-01 3", "=lam-01 1", "+can-01 4", "buy"),
        *_visit(ids["cleo"], now - timedelta(days=10), "+bla-01", "-bla-01", "+cus-01 2", "+bla-01", "buy"),
        *_visit(ids["dan"], now - timedelta(days=9), "+pen-01", "+ink-01 2", "+not-01", "clear", "+rug-01"),
        *_visit(ids["eva"], now - timedelta(days=8), "+bag-02", "+umb-01", "-bag-02", "leave"),
        *_visit(ids["ann"], now - timedelta(days=6), "+pot-01", "+car-01", "buy"),
        *_visit(ids["ben"], now - timedelta(days=5), "+kni-01", "+boa-01", "-kni-01", "+vou-01", "buy"),
        *_visit(ids["cleo"], now - timedelta(days=4), "+fra-01 2", "+vas-01", "-vas-01", "-fra-01", "leave"),
        *_visit(ids["eva"], now - timedelta(days=2), "+see-01 5", "=see-01 2", "+can-02", "+glo-01", "-glo-01", "buy"),
        *_visit(ids["ben"], now - timedelta(hours=20), "+pil-01 2", "+tor-01"),
        *_visit(ids["ann"], now - timedelta(minutes=6), "+mug-02", "+bot-01 2", "+clo-01", "-clo-01"),
    ]


def _visit(owner: str, began: datetime, *steps: str) -> list[CartCommand]:
    """One shopper's steps, half a minute apart: `+item [n]`, `=item n`, `-item`, `clear`, `leave` or `buy`."""
    return [_step(owner, began + timedelta(seconds=30 * number), step) for number, step in enumerate(steps)]


def _step(owner: str, at: datetime, step: str) -> CartCommand:
    item, _, units = step[1:].partition(" ")
    match step[0], step:
        case "+", _:
            return AddItem(owner=owner, item_id=item, quantity=int(units or 1), at=at)
        case "=", _:
            return SetQuantity(owner=owner, item_id=item, quantity=int(units), at=at)
        case "-", _:
            return RemoveItem(owner=owner, item_id=item, at=at)
        case _, "clear":
            return ClearCart(owner=owner, at=at)
        case _, "leave":
            return AbandonCart(owner=owner, at=at)
        case _:
            return PlaceOrder(owner=owner, at=at)
