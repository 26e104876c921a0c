"""`shopcore replay`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from shopcore_cli.apps import example, single
from shopcore_cli.cells import cell
from shopcore_cli.files import blaming, reading
from shopcore_cli.options import Actor, DryRun, Json
from shopcore_cli.screen import say, show
from shopcore_cli.session import acting, the_shop

if TYPE_CHECKING:
    from shopcore.shop import Shop
    from shopcore_cli.rees46.events import Event
    from shopcore_cli.rees46.survey import Survey

app = single()


@app.command(epilog=example("shopcore replay events.csv.gz --prefill"))
def replay(
    file: Annotated[Path, typer.Argument(metavar="EVENTS", help="A CSV file of events, also .gz.")],
    prefill: Annotated[
        bool, typer.Option("--prefill", help="First put in the carts what was evidently there before the file began.")
    ] = False,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put recorded events of real shoppers through the shop.

    The file has the columns event_time, event_type, product_id, category_id, category_code, brand, price, user_id
    and user_session, as REES46 publishes them. Events happen at their own times, a shopper's in the order of the
    file; views are ignored, and products become items without stock to count. Each month is a window, and a cart
    that is open at its end is abandoned. What a shopper buys in one second is one order of his whole cart.

    A file whose shoppers did something later in this shop already is refused, so no file counts twice. A broken row
    is told with its line number, costs the others nothing, and makes the exit code 1. A dry run replays into an
    empty shop in memory.
    """
    from shopcore.clock import utc_now
    from shopcore.ids import SeededIds
    from shopcore.text import number_of
    from shopcore_cli.failures import Failed
    from shopcore_cli.rees46.replay import EventClock, Replay, known_shoppers
    from shopcore_cli.session import shop_in_memory
    from shopcore_settings import load

    currency = load(os.environ).currency
    found = _survey(file, currency, prefill=prefill)
    clock, make_id = EventClock(min(found.began.values(), default=utc_now())), SeededIds(found.digest)
    with the_shop(make=True, dry_run=dry_run, clock=clock, make_id=make_id) as shop:
        known = known_shoppers(shop, found)
        target = shop_in_memory(clock, make_id) if dry_run else shop
        run = Replay(target, clock, actor=acting(actor), known=known, prefills=found.prefills)
        try:
            run.run(_events(file, currency))
        except KeyboardInterrupt:
            say("The shop has a part of the file now; start again with another database to have it whole.")
            raise
        document = {"file": str(file), "prefill": prefill, "dryRun": dry_run, **_result(run.counts, found, target)}
    rows = [{"row": row.row, "reasons": row.reasons} for row in found.broken_rows]
    if not as_json:
        for row in found.broken_rows:
            say(f"row {row.row} broken: {cell('; '.join(row.reasons))}")
    show({**document, "brokenRows": rows}, document, as_json=as_json)
    if found.broken:
        raise Failed(f"{number_of(found.broken, 'row')} could not be read")


def _survey(file: Path, currency: str, *, prefill: bool) -> Survey:
    from shopcore.catalog.feeds import text_lines
    from shopcore_cli.failures import Failed
    from shopcore_cli.rees46.survey import survey

    if file.exists() and not file.is_file():
        raise Failed(f"{file} is no ordinary file, and it is read twice")
    with blaming(file), reading(file, "Reading") as content:
        return survey(text_lines(content), currency=currency, prefill=prefill)


def _events(file: Path, currency: str) -> Iterator[Event]:
    from shopcore.catalog.feeds import text_lines
    from shopcore_cli.rees46.events import Event, read_events

    with blaming(file), reading(file, "Replaying") as content:
        for row in read_events(text_lines(content), currency=currency):
            if isinstance(row, Event):
                yield row


def _result(counts: dict[str, int], found: Survey, shop: Shop) -> dict[str, Any]:
    """What the events came to. Removals are counted by the shop itself, over the time of the file."""
    from datetime import timedelta

    from shopcore.paging import PageRequest
    from shopcore.removals.model import RemovalFilter

    def removals(state: Literal["draft", "checked_out"]) -> int:
        if found.last is None:
            return 0
        until = found.last + timedelta(microseconds=1)
        which = RemovalFilter(state=state, since=min(found.began.values()), until=until)
        return shop.removals.list(which, PageRequest(limit=1)).total

    return {
        "events": found.events,
        "views": found.views,
        "broken": found.broken,
        "shoppers": len(found.began),
        "items": counts["items"],
        "prefilled": counts["prefilled"],
        "added": counts["added"],
        "raised": counts["raised"],
        "addsRefused": counts["addsRefused"],
        "removed": counts["removed"],
        "refused": counts["refused"],
        "orders": counts["orders"],
        "orderLines": counts["orderLines"],
        "ordersRefused": counts["ordersRefused"],
        "abandoned": counts["abandoned"],
        "removedDraft": removals("draft"),
        "removedFinal": removals("checked_out"),
    }
