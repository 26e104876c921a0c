"""`shopcore db`: the version of the database."""

from __future__ import annotations

import os
from typing import Any

from shopcore_cli.apps import example, group
from shopcore_cli.options import DryRun, Json
from shopcore_cli.screen import say, show

app = group("The version of the database, and bringing it up to date.", "shopcore db status")


@app.command(epilog=example("shopcore db status --json"))
def status(as_json: Json = False) -> None:
    """Which version the database has, which is needed, and what lies between.

    Works on any database, also on one that this program cannot work with.
    """
    from shopcore_settings import load
    from shopcore_settings.database import status

    found = status(load(os.environ))
    document: dict[str, Any] = {
        "database": found.address,
        "state": found.state,
        "version": found.version or None,
        "needed": found.needed,
        "pending": found.pending,
    }
    show(document, {**document, "pending": ", ".join(found.pending) or None}, as_json=as_json)
    if found.state == "outdated":
        say("Run: shopcore db upgrade")
    elif found.state == "newer":
        say("It was made by a newer shopcore: upgrade the program.")


@app.command(epilog=example("shopcore db upgrade --dry-run && shopcore db upgrade"))
def upgrade(dry_run: DryRun = False, as_json: Json = False) -> None:
    """Bring the database to the version that this program needs; what is in it stays.

    An empty database gets all its tables. With --dry-run the whole upgrade is run and taken back.
    """
    from shopcore_settings import load
    from shopcore_settings.database import upgrade

    before, after = upgrade(load(os.environ), rehearse=dry_run)
    document = {"before": before or None, "after": after, "dryRun": dry_run}
    show(document, {"before": before or None, "after": after}, as_json=as_json)
    if before == after:
        say("It was up to date.")
    elif dry_run:
        say("Dry run: the upgrade works, and was taken back.")
