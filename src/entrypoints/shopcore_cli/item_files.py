"""Product files: `shopcore items import` and `export`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from shopcore_cli.cells import cell
from shopcore_cli.files import STANDARD, blaming, reading, writing
from shopcore_cli.options import Actor, DryRun, Json
from shopcore_cli.screen import say, show
from shopcore_cli.session import acting, the_shop

if TYPE_CHECKING:
    from shopcore.catalog.imports import Imported

SHOWN_ROWS = 1000
"""Rows whose fate is told one by one; a file of another kind would fill the screen, or the memory."""

OUTCOMES = ("added", "changed", "unchanged", "skipped", "rejected")


def import_items(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The product file, also .gz; - is stdin.")],
    file_format: Annotated[
        Literal["shopify", "woocommerce", "jsonl"] | None,
        typer.Option("--format", help="What it is; without it, told from its first line."),
    ] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of prices that name none. Default: the shop's.")
    ] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take a product file into the catalog.

    Importing the same file again changes nothing. A row that cannot be taken is told with its line number, costs the
    others nothing, and makes the exit code 1. Stock is taken for new items only: that of others has moved on.
    """
    from shopcore.catalog.feeds import read_feed
    from shopcore_cli.failures import Failed

    tally = Tally()
    with reading(file, "Importing") as content, the_shop(make=True, dry_run=dry_run) as shop:
        rows = read_feed(
            content, currency=currency or shop.policy.currency, format_name=file_format, filename=file.name
        )
        with blaming(file, lambda: tally.taken_before(dry_run=dry_run)):
            tally.take(shop.imports.run(rows, actor=acting(actor), dry_run=dry_run))
    tally.show(file, dry_run=dry_run, as_json=as_json)
    if rejected := tally.counts["rejected"]:
        raise Failed(f"{rejected} of {tally.counts.total()} rows could not be taken")


def export_items(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to; - is stdout.")] = STANDARD,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document instead of a line an item.")] = False,
) -> None:
    """Write all items that are for sale as JSON lines.

    `shopcore items import` takes them in again, here or in another shop.
    """
    from shopcore.catalog.feeds import write_jsonl

    with the_shop() as shop, writing(output) as file:
        before = b"[\n" if as_json else b""
        for line in write_jsonl(shop.at_replica(lambda shop: shop.catalog.export())):
            file.write(before + (line.rstrip("\n") if as_json else line).encode())
            before = b",\n" if as_json else b""
        if as_json:
            file.write((b"\n" if before == b",\n" else before) + b"]\n")


class Tally:
    """What became of the rows of a file."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.told: list[Imported] = []

    def take(self, rows: Iterable[Imported]) -> None:
        for row in rows:
            self.counts[row.outcome] += 1
            if row.reasons and len(self.told) < SHOWN_ROWS:
                self.told.append(row)

    def show(self, file: Path, *, dry_run: bool, as_json: bool) -> None:
        from shopcore.text import number_of

        self.told.sort(key=lambda row: row.row)
        counts = {outcome: self.counts[outcome] for outcome in OUTCOMES}
        rows = [{"row": row.row, "outcome": row.outcome, "reasons": row.reasons} for row in self.told]
        document: Mapping[str, Any] = {"file": str(file), "dryRun": dry_run, **counts, "rows": rows}
        if not as_json:
            for row in self.told:
                say(f"row {row.row} {row.outcome}: {cell('; '.join(row.reasons))}")
            if (more := self.counts["skipped"] + self.counts["rejected"] - len(self.told)) > 0:
                say(f"... and {number_of(more, 'more row')}")
        show(document, counts, as_json=as_json)
        if dry_run:
            say("Dry run: nothing was changed.")

    def taken_before(self, *, dry_run: bool) -> str:
        """What a file that breaks off has done until then."""
        from shopcore.text import number_of

        taken = 0 if dry_run else self.counts["added"] + self.counts["changed"]
        return f" (before that {number_of(taken, 'item')} went in; importing again goes on)" if taken else ""
