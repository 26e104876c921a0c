"""`shopcore carts`: carts as staff see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.options import Json, Limit, PageNumber, User
from shopcore_cli.paging import show_page
from shopcore_cli.people import names_of, owner_of, wanted_owner
from shopcore_cli.screen import show, show_further
from shopcore_cli.session import the_shop

if TYPE_CHECKING:
    from shopcore.carts.view import CartView
    from shopcore.shop import Shop

app = group("Carts, what happened to them, and what is in the way.", "shopcore carts list --user ann")
Cart = Annotated[str, typer.Argument(metavar="CART", help="A cart's id; or a username or user id: his active cart.")]


@app.command("list", epilog=example("shopcore carts list --active"))
def list_(
    user: User = None,
    active: Annotated[bool, typer.Option("--active", help="Only carts that are open.")] = False,
    page: PageNumber = 1,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Carts, most recently opened first."""
    from shopcore.paging import PageRequest
    from shopcore_cli.cart_documents import cart_document, cart_row

    with the_shop() as shop:
        owner = wanted_owner(shop, user)
        wanted = PageRequest(page=page, limit=limit)
        found = shop.at_replica(lambda shop: shop.carts.list(wanted, owner=owner, active_only=active))
        names = names_of(shop, (cart.owner for cart in found.items))
    show_page(
        found, lambda cart: cart_document(cart, names), lambda cart: cart_row(cart, names), "cart", as_json=as_json
    )


@app.command("show", epilog=example("shopcore carts show ann"))
def show_cart(cart: Cart, as_json: Json = False) -> None:
    """One cart with its lines, at today's prices while it is open."""
    from shopcore_cli.cart_documents import cart_document, cart_row, line_rows

    with the_shop() as shop:
        found = _find(shop, cart)
        names = names_of(shop, [found.owner])
    show(cart_document(found, names), {**cart_row(found, names), "order": found.order_id}, as_json=as_json)
    if not as_json:
        show_further(line_rows(found))


@app.command(epilog=example("shopcore carts timeline ann --json"))
def timeline(cart: Cart, as_json: Json = False) -> None:
    """Everything that happened to a cart, in order."""
    from shopcore_cli.cart_documents import entry_document, entry_row

    with the_shop() as shop:
        cart_id = _find(shop, cart).id
        entries = shop.carts.timeline(cart_id)
    document = {"cartId": cart_id, "entries": [entry_document(entry) for entry in entries]}
    show(document, [entry_row(entry) for entry in entries], as_json=as_json)


@app.command(epilog=example("shopcore carts explain ann"))
def explain(cart: Cart, as_json: Json = False) -> None:
    """Why a cart cannot be checked out, and what would help."""
    from shopcore_cli.cart_documents import hold_rows
    from shopcore_cli.cart_words import explanation, summary

    with the_shop() as shop:
        found = _find(shop, cart)
        names = names_of(shop, [found.owner])
    show(explanation(found, names), summary(found, names), as_json=as_json)
    if not as_json:
        show_further(hold_rows(found))


def _find(shop: Shop, name: str) -> CartView:
    """The cart with this id, or the active one of this user. Raises CartNotFound."""
    from shopcore.errors import CartNotFound
    from shopcore.paging import PageRequest

    try:
        return shop.carts.show(name)
    except CartNotFound:
        active = shop.carts.list(PageRequest(limit=1), owner=owner_of(shop, name), active_only=True)
        if not active.items:
            raise
        return active.items[0]
