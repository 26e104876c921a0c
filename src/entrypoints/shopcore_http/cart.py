"""The shopper's cart."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from shopcore.accounts.model import AccessClaims
from shopcore.carts.commands import AddItem, CartCommand, ClearCart, RemoveItem, SetQuantity, ShowCart
from shopcore.carts.view import CartView
from shopcore.errors import (
    CustomerLimit,
    ItemNotFound,
    ItemUnavailable,
    NotInCart,
    OtherCurrency,
    OutOfStock,
    PromoNotFound,
)
from shopcore_http.cart_view import CartOut, cart_of
from shopcore_http.counter import Counter
from shopcore_http.door import SIGNED_IN, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.examples import ITEM
from shopcore_http.headers import etag, idempotency_key, if_match, replayed
from shopcore_http.reply import Reply, reply
from shopcore_http.wire import Id, Quantity

NOT_TO_BE_HAD = [OutOfStock, CustomerLimit, ItemUnavailable, OtherCurrency]


class NewLine(msgspec.Struct, rename="camel"):
    item_id: Annotated[Id, Meta(examples=[ITEM])]
    quantity: Quantity


class NewQuantity(msgspec.Struct):
    quantity: Annotated[int, Meta(ge=0, le=999, description="0 removes the line.", examples=[3])]


class Promo(msgspec.Struct):
    code: Annotated[str, Meta(min_length=1, max_length=100, examples=["SPRING10"])]


@endpoint("GET", "/cart", allow=SIGNED_IN, tag="cart", summary="See the cart")
async def show_cart(request: Asker, counter: Counter) -> Reply[CartOut]:
    """At today's prices, with whatever would make checkout refuse. ETag is the version, for If-Match."""
    return _shown(await counter.show_cart(request.user.user_id))


@endpoint(
    "POST",
    "/cart/items",
    allow=SIGNED_IN,
    tag="cart",
    summary="Put an item in the cart",
    refuses=[ItemNotFound, *NOT_TO_BE_HAD],
    keyed=True,
    versioned=True,
)
async def put_in_cart(request: Asker, login: AccessClaims, data: NewLine, counter: Counter) -> Reply[CartOut]:
    """Holds the stock. A second add raises the quantity of the one line; a refused one changes nothing."""
    command = AddItem(
        owner=login.user_id,
        login=login,
        item_id=str(data.item_id),
        quantity=data.quantity,
        if_version=if_match(request),
        key=await idempotency_key(request, "add-to-cart"),
    )
    return await _run(command, counter)


@endpoint(
    "PATCH",
    "/cart/items/{item_id:str}",
    allow=SIGNED_IN,
    tag="cart",
    summary="Change a line's quantity",
    refuses=[NotInCart, *NOT_TO_BE_HAD],
    versioned=True,
)
async def change_quantity(
    request: Asker, login: AccessClaims, item_id: str, data: NewQuantity, counter: Counter
) -> Reply[CartOut]:
    command = SetQuantity(
        owner=login.user_id, login=login, item_id=item_id, quantity=data.quantity, if_version=if_match(request)
    )
    return await _run(command, counter)


@endpoint(
    "DELETE",
    "/cart/items/{item_id:str}",
    allow=SIGNED_IN,
    tag="cart",
    summary="Take an item out of the cart",
    refuses=[NotInCart],
    versioned=True,
)
async def take_out_of_cart(request: Asker, login: AccessClaims, item_id: str, counter: Counter) -> Reply[CartOut]:
    """Gives the stock back. Sales see the removal."""
    command = RemoveItem(owner=login.user_id, login=login, item_id=item_id, if_version=if_match(request))
    return await _run(command, counter)


@endpoint("DELETE", "/cart/items", allow=SIGNED_IN, tag="cart", summary="Empty the cart", versioned=True)
async def clear_cart(request: Asker, login: AccessClaims, counter: Counter) -> Reply[CartOut]:
    return await _run(ClearCart(owner=login.user_id, login=login, if_version=if_match(request)), counter)


@endpoint(
    "PUT",
    "/cart/promo",
    allow=SIGNED_IN,
    tag="cart",
    summary="Use a promo code",
    refuses=[PromoNotFound],
    versioned=True,
)
async def use_promo(request: Asker, data: Promo, counter: Counter) -> Reply[CartOut]:
    """No code is known: this version of the shop has no promotions."""
    await _run(ShowCart(owner=request.user.user_id, if_version=if_match(request)), counter)
    raise PromoNotFound(data.code)


@endpoint("DELETE", "/cart/promo", allow=SIGNED_IN, tag="cart", summary="Use no promo code", versioned=True)
async def drop_promo(request: Asker, counter: Counter) -> Reply[CartOut]:
    return await _run(ShowCart(owner=request.user.user_id, if_version=if_match(request)), counter)


async def _run(command: CartCommand, counter: Counter) -> Reply[CartOut]:
    with counter.answering(command.key):
        outcome = await counter.cart(command)
    return _shown(outcome.take(CartView), replay=outcome.replayed)


def _shown(cart: CartView, *, replay: bool = False) -> Reply[CartOut]:
    return reply(cart_of(cart), headers={**etag(cart.version), **replayed(replay)})


HANDLERS = [show_cart, put_in_cart, change_quantity, take_out_of_cart, clear_cart, use_promo, drop_promo]
