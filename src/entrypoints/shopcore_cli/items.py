"""`shopcore items`: what is for sale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.item_files import export_items, import_items
from shopcore_cli.options import Actor, DryRun, Json, Limit, PageNumber
from shopcore_cli.paging import show_page
from shopcore_cli.screen import say, show
from shopcore_cli.session import acting, the_shop

if TYPE_CHECKING:
    from shopcore.catalog.model import Item

app = group("What is for sale: import, export, list and count it.", "shopcore items list --search mug")
ItemId = Annotated[str, typer.Argument(metavar="ITEM", help="An item's id.")]

app.command(
    "import", epilog=example("shopcore items import products.csv --dry-run", "shopcore items import products.csv")
)(import_items)
app.command("export", epilog=example("shopcore items export -o items.jsonl"))(export_items)


@app.command("list", epilog=example("shopcore items list --search mug --sort price --in-stock"))
def list_(
    search: Annotated[str | None, typer.Option(metavar="WORDS", help="Every word must begin some word.")] = None,
    category: Annotated[str | None, typer.Option(help="Only of this category.")] = None,
    in_stock: Annotated[
        bool | None, typer.Option("--in-stock/--sold-out", help="Only what can, or cannot, be bought now.")
    ] = None,
    sort: Annotated[Literal["name", "price", "createdAt"], typer.Option(help="What to sort by.")] = "createdAt",
    order: Annotated[Literal["asc", "desc"], typer.Option(help="Rising or falling.")] = "asc",
    page: PageNumber = 1,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Items that are for sale, a page at a time."""
    from shopcore.catalog.model import ItemFilter
    from shopcore.paging import PageRequest

    which = ItemFilter(category=category, in_stock=in_stock, sort=sort, order=order)
    wanted = PageRequest(page=page, limit=limit)
    with the_shop() as shop:
        found = shop.at_replica(
            lambda shop: (
                shop.catalog.list(which, wanted) if search is None else shop.catalog.search(search, which, wanted)
            )
        )
    show_page(found, item_document, _row, "item", as_json=as_json)


@app.command("show", epilog=example("shopcore items show 5773203 --json"))
def show_item(item: ItemId, as_json: Json = False) -> None:
    """One item, archived ones too."""
    with the_shop() as shop:
        found = shop.catalog.get(item, archived=True)
    level = found.level
    facts = {
        **_row(found),
        "status": found.status,
        "on hand": level.on_hand if level else None,
        "held": level.held if level else None,
        "most per customer": found.max_per_customer,
        "images": len(found.image_urls),
        "created": found.created_at,
        **found.attributes,
        "description": found.description or None,
    }
    show({**item_document(found), "status": found.status}, facts, as_json=as_json)


@app.command("set-stock", epilog=example("shopcore items set-stock 5773203 40 --reason 'counted'"))
def set_stock(
    item: ItemId,
    units: Annotated[int, typer.Argument(metavar="N", help="Units on hand, as counted, held ones included.")],
    reason: Annotated[str, typer.Option(help="Why, for the ledger.")],
    release: Annotated[
        Literal["newest-first"] | None,
        typer.Option(help="If carts hold more than N, take units back from those that took them last."),
    ] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Set an item's stock to what was counted."""
    with the_shop(dry_run=dry_run) as shop:
        level = shop.inventory.change(
            item, on_hand=units, reason=reason, release_holds=release, actor=acting(actor)
        ).value
    document = {"itemId": item, "onHand": level.on_hand, "held": level.held, "available": level.available}
    show(document, document, as_json=as_json)
    if dry_run:
        say("Dry run: nothing was changed.")


def item_document(item: Item) -> dict[str, Any]:
    """An item as the API shows it."""
    document = {
        "id": item.id,
        "name": item.name,
        "price": item.price.major,
        "currency": item.price.currency,
        "sku": item.sku,
        "description": item.description,
        "category": item.category,
        "imageUrls": item.image_urls,
        "stock": item.stock,
        "createdAt": item.created_at,
        **item.attributes,
    }
    return document if item.max_per_customer is None else {**document, "maxPerCustomer": item.max_per_customer}


def _row(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        "price": item.price,
        "stock": item.stock,
        "sku": item.sku,
        "category": item.category,
    }
