"""`shopcore orders`: what was bought."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.options import Actor, DryRun, Json, Limit, PageNumber, User
from shopcore_cli.paging import show_page
from shopcore_cli.people import names_of, wanted_owner
from shopcore_cli.screen import say, show, show_further
from shopcore_cli.session import acting, the_shop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shopcore.orders.model import Order

app = group("Orders, and taking them back.", "shopcore orders list --user ann")
OrderId = Annotated[str, typer.Argument(metavar="ORDER", help="An order's id.")]


@app.command("list", epilog=example("shopcore orders list --limit 100"))
def list_(user: User = None, page: PageNumber = 1, limit: Limit = 20, as_json: Json = False) -> None:
    """Orders, newest first."""
    from shopcore.paging import PageRequest

    with the_shop() as shop:
        owner = wanted_owner(shop, user)
        found = shop.at_replica(lambda shop: shop.orders.list(PageRequest(page=page, limit=limit), owner=owner))
        names = names_of(shop, (order.owner for order in found.items))
    show_page(found, lambda order: _head(order, names), lambda order: _row(order, names), "order", as_json=as_json)


@app.command("show", epilog=example("shopcore orders show 01990000-0000-7000-8000-000000000000"))
def show_order(order: OrderId, as_json: Json = False) -> None:
    """One order with its lines and its history."""
    with the_shop() as shop:
        found = shop.orders.get(order)
        names = names_of(shop, [found.owner])
    _print(found, names, as_json=as_json)


@app.command(epilog=example("shopcore orders cancel 01990000-0000-7000-8000-000000000000 --reason 'sent twice'"))
def cancel(
    order: OrderId,
    reason: Annotated[str, typer.Option(help="Why, for the order's history.")] = "",
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Cancel an order and give its stock back, once."""
    with the_shop(dry_run=dry_run) as shop:
        before = shop.orders.get(order)
        cancelled = shop.orders.cancel(order, actor=acting(actor), reason=reason).value
        names = names_of(shop, [cancelled.owner])
    _print(cancelled, names, as_json=as_json)
    if before.status == "cancelled":
        say("It was cancelled before: nothing was changed.")
    elif dry_run:
        say("Dry run: nothing was changed.")


def _print(order: Order, names: Mapping[str, str | None], *, as_json: bool) -> None:
    show(_document(order, names), {**_row(order, names), "cart": order.cart_id}, as_json=as_json)
    if as_json:
        return
    lines = [
        {
            "item": line.item_id,
            "sku": line.sku,
            "name": line.name,
            "units": line.quantity,
            "price": line.unit_price,
            "total": line.line_total,
            "discount": line.discount,
        }
        for line in order.lines
    ]
    history = [
        {"at": event.at, "status": event.status, "by": event.actor, "why": event.reason or None}
        for event in order.history
    ]
    show_further(lines, history)


def _head(order: Order, names: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        "id": order.id,
        "userId": order.owner,
        "username": names[order.owner],
        "createdAt": order.created_at,
        "status": order.status,
        "subtotal": order.subtotal.major,
        "discount": order.discount.major,
        "total": order.total.major,
        "currency": order.currency,
    }


def _document(order: Order, names: Mapping[str, str | None]) -> dict[str, Any]:
    from shopcore_cli.cart_documents import discount_document

    return {
        **_head(order, names),
        "cartId": order.cart_id,
        "items": [
            {
                "itemId": line.item_id,
                "sku": line.sku,
                "name": line.name,
                "unitPrice": line.unit_price.major,
                "quantity": line.quantity,
                "lineTotal": line.line_total.major,
                "discount": line.discount.major,
            }
            for line in order.lines
        ],
        "discounts": [discount_document(discount) for discount in order.discounts],
        "history": [
            {"status": event.status, "at": event.at, "actor": event.actor, "reason": event.reason}
            for event in order.history
        ],
    }


def _row(order: Order, names: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        "id": order.id,
        "user": names[order.owner] or order.owner,
        "created": order.created_at,
        "status": order.status,
        "subtotal": order.subtotal,
        "discount": order.discount,
        "total": order.total,
    }
