"""`shopcore settings`."""

from __future__ import annotations

import os

from shopcore_cli.apps import example, single
from shopcore_cli.options import Json
from shopcore_cli.screen import show

app = single()


@app.command(epilog=example("SHOPCORE_HOLD_MINUTES=5 shopcore settings"))
def settings(as_json: Json = False) -> None:
    """Print the effective settings, secrets masked, and what each is for.

    They are read from the environment; a name that is none of these is an error.
    """
    from shopcore_settings import load
    from shopcore_settings.settings import describe

    values = load(os.environ).masked()
    says = describe()
    rows = [{"name": name, "value": _shown(value), "what": says[name]} for name, value in values.items()]
    show(values, rows, as_json=as_json)


def _shown(value: object) -> str | None:
    """A value as one would write it in the environment."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return None if value is None else f"{value:g}" if isinstance(value, float) else str(value)
