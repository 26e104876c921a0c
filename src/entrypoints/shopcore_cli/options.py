"""Options that many commands share, said and checked the same everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from shopcore_cli.times import since, until

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of a table.")]
PageNumber = Annotated[int, typer.Option("--page", min=1, max=10**9, help="The page, counted from 1.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="Rows on a page.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything and change nothing.")]
Actor = Annotated[
    str | None, typer.Option("--actor", metavar="NAME", help="Who does it, for the ledger. Default: cli:<your login>")
]
Since = Annotated[
    datetime | None,
    typer.Option(parser=since, metavar="TIME", help="Not before: 30d, 12h, 45m, 2026-01-31 or 2026-01-31T12:00Z."),
]
Until = Annotated[
    datetime | None, typer.Option(parser=until, metavar="TIME", help="Not after; a day counts as a whole.")
]
User = Annotated[str | None, typer.Option("--user", metavar="USER", help="Only of this username or user id.")]
