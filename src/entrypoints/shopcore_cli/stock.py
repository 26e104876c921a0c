"""`shopcore stock`: how an item's stock came about."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.options import Json
from shopcore_cli.people import names_of
from shopcore_cli.screen import show, show_further
from shopcore_cli.session import the_shop
from shopcore_cli.times import since

app = group("How an item's stock came about, and who holds it.", "shopcore stock explain 5773203")


@app.callback()
def stock() -> None:
    pass


@app.command(epilog=example("shopcore stock explain 5773203 --at 2026-01-31T12:00:00Z"))
def explain(
    item: Annotated[str, typer.Argument(metavar="ITEM", help="An item's id.")],
    at: Annotated[
        datetime | None, typer.Option(parser=since, metavar="TIME", help="As of this time; see `removed list --help`.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The sums behind an item's stock, who holds units of it, and its newest ledger entries.

    received + adjusted + restocked - sold = on hand; on hand - held = available.
    """
    from shopcore_cli.cart_documents import entry_document, entry_row

    with the_shop() as shop:
        found = shop.inventory.explain(item, at=at)
        names = names_of(shop, (holder.owner for holder in found.holders))
    sums, level = found.equation, found.level
    equation = {
        "received": sums.received,
        "adjusted": sums.adjusted,
        "restocked": sums.restocked,
        "sold": sums.sold,
        "onHand": level.on_hand,
        "held": level.held,
        "available": level.available,
    }
    holders = [
        {
            "cartId": holder.cart_id,
            "userId": holder.owner,
            "username": names[holder.owner],
            "quantity": holder.quantity,
            "until": holder.until,
        }
        for holder in found.holders
    ]
    entries = [entry_document(entry) for entry in found.entries]
    document = {"itemId": item, "name": found.item.name, "at": at, **equation, "holders": holders, "entries": entries}
    plain = f"{sums.received} received + {sums.adjusted} adjusted + {sums.restocked} restocked - {sums.sold} sold"
    show(
        document,
        {
            "item": f"{item} {found.item.name}",
            "on hand": f"{plain} = {level.on_hand}",
            "available": f"{level.on_hand} on hand - {level.held} held = {level.available}",
        },
        as_json=as_json,
    )
    if not as_json:
        show_further(holders, [entry_row(entry) for entry in found.entries])
