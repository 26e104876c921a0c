"""`shopcore removed`: what shoppers took out of their carts."""

from __future__ import annotations

import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.files import STANDARD, watched, writing
from shopcore_cli.options import Json, Limit, PageNumber, Since, Until, User
from shopcore_cli.paging import show_page
from shopcore_cli.people import wanted_owner
from shopcore_cli.session import the_shop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shopcore.removals.model import Removal, RemovalFilter
    from shopcore.shop import Shop

app = group("What shoppers took out of their carts, to act on.", "shopcore removed summary --by item --since 30d")


class Why(StrEnum):
    """The reasons of a removal; typer takes several of an enumeration, and not of a Literal."""

    REMOVED = "removed"
    DECREASED = "decreased"
    CLEARED = "cleared"
    EXPIRED = "expired"
    UNAVAILABLE = "unavailable"
    MERGED = "merged"
    STOCK_CORRECTION = "stock_correction"


State = Annotated[
    Literal["all", "draft", "checked_out"], typer.Option(help="Of carts that are not, or that are checked out.")
]
Outcome = Annotated[
    Literal["open", "recovered", "lost", "abandoned"] | None, typer.Option(help="Only with this outcome.")
]
Reasons = Annotated[
    list[Why] | None,
    typer.Option(
        "--reason",
        metavar="REASON",
        help="Only for this reason, may be repeated: removed, decreased, cleared (these three are the default), "
        "expired, unavailable, merged, stock_correction.",
    ),
]
Item = Annotated[str | None, typer.Option("--item", metavar="ITEM", help="Only of this item's id.")]


@app.command("list", epilog=example("shopcore removed list --since 30d --outcome lost"))
def list_(
    since: Since = None,
    until: Until = None,
    state: State = "all",
    outcome: Outcome = None,
    reason: Reasons = None,
    user: User = None,
    item: Item = None,
    page: PageNumber = 1,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Removals, newest first."""
    from shopcore.paging import PageRequest
    from shopcore_cli.removal_documents import removal_document, removal_row

    with the_shop() as shop:
        which = _filter(shop, since, until, state, outcome, reason, user, item)
        found = shop.at_replica(lambda shop: shop.removals.list(which, PageRequest(page=page, limit=limit)))
    show_page(found, removal_document, removal_row, "removal", as_json=as_json)


@app.command(epilog=example("shopcore removed summary --by customer --since 2026-01-01 --until 2026-01-31"))
def summary(
    by: Annotated[Literal["item", "customer", "reason", "day"], typer.Option(help="What to count by.")] = "item",
    since: Since = None,
    until: Until = None,
    state: State = "all",
    outcome: Outcome = None,
    reason: Reasons = None,
    user: User = None,
    item: Item = None,
    page: PageNumber = 1,
    limit: Limit = 20,
    as_json: Json = False,
) -> None:
    """Removals counted by item, customer, reason or day (UTC)."""
    from shopcore.paging import PageRequest
    from shopcore_cli.removal_documents import summary_document, summary_row

    with the_shop() as shop:
        which = _filter(shop, since, until, state, outcome, reason, user, item)
        found = shop.at_replica(lambda shop: shop.removals.summary(by, which, PageRequest(page=page, limit=limit)))
    show_page(found, summary_document, summary_row, "row", as_json=as_json)


@app.command(epilog=example("shopcore removed export --since 30d --format xlsx -o removed.xlsx"))
def export(
    file_format: Annotated[
        Literal["csv", "ndjson", "xlsx", "parquet"] | None,
        typer.Option("--format", help="csv (default) is safe in a spreadsheet; ndjson is a JSON object a line."),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to; - is stdout.")] = STANDARD,
    since: Since = None,
    until: Until = None,
    state: State = "all",
    outcome: Outcome = None,
    reason: Reasons = None,
    user: User = None,
    item: Item = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document, a list of all.")] = False,
) -> None:
    """Write all removals that are asked for, oldest first.

    It takes no more memory for a million of them, and the file gets its name when it is complete.
    """
    from shopcore.paging import PageRequest
    from shopcore_cli.removed_files import BINARY, WRITERS

    if as_json and file_format:
        raise typer.BadParameter("is a format itself, so give no other", param_hint="--json")
    at_a_terminal = output == STANDARD and sys.stdout.isatty()
    if file_format in BINARY and at_a_terminal:
        raise typer.BadParameter(f"{file_format} is nothing for a terminal: name a file", param_hint="--output")
    write = WRITERS["json" if as_json else file_format or "csv"]
    with the_shop() as shop:
        which = _filter(shop, since, until, state, outcome, reason, user, item)
        rows: Iterable[Removal] = shop.at_replica(lambda shop: shop.removals.export(which))
        if not at_a_terminal:
            rows = watched(rows, shop.removals.list(which, PageRequest(limit=1)).total, "Exporting")
        with writing(output) as file:
            write(rows, file)


def _filter(
    shop: Shop,
    since: datetime | None,
    until: datetime | None,
    state: Literal["all", "draft", "checked_out"],
    outcome: Literal["open", "recovered", "lost", "abandoned"] | None,
    reasons: list[Why] | None,
    user: str | None,
    item: str | None,
) -> RemovalFilter:
    from shopcore.facts import SHOPPERS_REASONS, SYSTEMS_REASONS
    from shopcore.removals.model import RemovalFilter

    return RemovalFilter(
        state=state,
        outcome=outcome,
        reasons=tuple(why for why in SHOPPERS_REASONS + SYSTEMS_REASONS if why in (reasons or SHOPPERS_REASONS)),
        owner=wanted_owner(shop, user),
        item_id=item,
        since=since,
        until=until,
    )
