"""Carts as staff see them, with everything that happened to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shopcore.accounts.model import Account
from shopcore.carts.view import CartView
from shopcore.errors import CartNotFound, UserNotFound
from shopcore.journal.model import Entry
from shopcore.money import Money
from shopcore.paging import Page
from shopcore.shop import Shop
from shopcore_http.cart_view import CartOut, cart_fields
from shopcore_http.counter import Counter
from shopcore_http.door import SALES, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.errors import camel
from shopcore_http.paging import Paged, PageOf, page_reply
from shopcore_http.replica import Replica
from shopcore_http.reply import Reply, amount
from shopcore_http.wire import CartId, Time, UserId, Username

MaybeId = Annotated[str | None, Meta(examples=[None])]


class CartsQuery(Paged, rename="camel", kw_only=True):
    user_id: UserId | None = None
    username: Username | None = None


class StaffCart(CartOut, rename="camel", kw_only=True):
    """A cart and whose it is."""

    user_id: UserId
    username: Annotated[str | None, Meta(examples=["ann"])]
    opened_at: Time
    changed_at: Time
    order_id: MaybeId


class Happening(msgspec.Struct, rename="camel", kw_only=True):
    """One fact of a cart; `onHand` and `held` are what it did to the item's stock, in units."""

    kind: Annotated[str, Meta(examples=["item_added"])]
    at: Time
    actor: UserId
    item_id: Annotated[str | None, Meta(examples=["019a3f1e-7c5b-7d2a-9f00-5b1c2d3e4f50"])]
    order_id: MaybeId
    on_hand: Annotated[int, Meta(examples=[0])]
    held: Annotated[int, Meta(examples=[2])]
    facts: Annotated[dict[str, Any], Meta(examples=[{"quantity": 2}])]


class Timeline(msgspec.Struct, rename="camel"):
    cart_id: CartId
    entries: list[Happening]


@endpoint("GET", "/carts", allow=SALES, tag="carts", summary="All carts, newest first", query=CartsQuery)
async def list_carts(request: Asker, asked: CartsQuery, replica: Replica) -> Reply[PageOf[StaffCart]]:
    page, accounts = await replica.do(lambda shop: _find(shop, asked))
    return page_reply(request, page, lambda cart: _staff_cart(cart, accounts))


@endpoint("GET", "/carts/{cart_id:str}", allow=SALES, tag="carts", summary="See a cart", refuses=[CartNotFound])
async def see_cart(cart_id: str, counter: Counter) -> StaffCart:
    cart = await counter.do(counter.shop.carts.show, cart_id)
    return _staff_cart(cart, await counter.do(counter.shop.accounts.get, [cart.owner]))


@endpoint(
    "GET",
    "/carts/{cart_id:str}/timeline",
    allow=SALES,
    tag="carts",
    summary="Everything that happened to a cart",
    refuses=[CartNotFound],
)
async def see_timeline(cart_id: str, counter: Counter) -> Timeline:
    entries = await counter.do(counter.shop.carts.timeline, cart_id)
    return Timeline(cart_id, [_happening(entry) for entry in entries])


def _find(shop: Shop, asked: CartsQuery) -> tuple[Page[CartView], dict[str, Account]]:
    """A page of carts and the accounts of their owners. Two names for a user must mean the same one."""
    owner = asked.user_id
    if asked.username is not None:
        try:
            named = shop.accounts.find(asked.username).id
        except UserNotFound:
            named = None
        if named is None or owner not in (None, named):
            return Page(items=(), page=asked.page, limit=asked.request.limit, total=0), {}
        owner = named
    page = shop.carts.list(asked.request, owner=owner)
    return page, shop.accounts.get({cart.owner for cart in page.items})


def _staff_cart(cart: CartView, accounts: dict[str, Account]) -> StaffCart:
    account = accounts.get(cart.owner)
    return StaffCart(
        **cart_fields(cart),
        user_id=cart.owner,
        username=account.username or None if account else None,
        opened_at=cart.opened_at,
        changed_at=cart.changed_at,
        order_id=cart.order_id,
    )


def _happening(entry: Entry) -> Happening:
    return Happening(
        kind=entry.kind,
        at=entry.at,
        actor=entry.actor,
        item_id=entry.item_id,
        order_id=entry.order_id,
        on_hand=entry.on_hand,
        held=entry.held,
        facts=_facts(entry.data),
    )


def _facts(value: Any) -> Any:
    """A journalled fact as the wire has it: the journal keeps money in minor units, and names in snake_case."""
    if isinstance(value, Mapping) and value.keys() == {"amount", "currency"}:
        return amount(Money(value["amount"], value["currency"]))
    if isinstance(value, Mapping):
        return {camel(name): _facts(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_facts(part) for part in value]
    return value


HANDLERS = [list_carts, see_cart, see_timeline]
