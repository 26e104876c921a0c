"""`shopcore demo`."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from shopcore_cli.apps import example, single
from shopcore_cli.screen import say

app = single()
HOST = "127.0.0.1"
PATIENCE = 30
"""Seconds that the server may take to answer at all."""


@app.command(epilog=example("shopcore demo --port 8080"))
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at, on this machine only.")] = 8000,
) -> None:
    """Serve a throw-away shop to play with.

    It has a catalogue, shoppers, orders and removals of its own, whatever SHOPCORE_* says, in a temporary folder
    that is gone when it is stopped with Ctrl-C.
    """
    from shopcore_http.serve import must_be_free, serve

    must_be_free(HOST, port)
    with TemporaryDirectory(prefix="shopcore-demo-") as folder:
        _set_environment(Path(folder))
        say("Making a shop ...")
        guide = _made(f"http://{HOST}:{port}", Path(folder))
        threading.Thread(target=_tell_when_ready, args=(guide, port), daemon=True).start()
        serve(host=HOST, port=port)
    say("The demo shop is gone.")


def _set_environment(folder: Path) -> None:
    """Settings for this process and the server's own: none of the caller's, so that his shop is not touched."""
    from shopcore_cli.demo_guide import DATABASE

    for name in [name for name in os.environ if name.startswith("SHOPCORE_")]:
        del os.environ[name]
    os.environ["SHOPCORE_DATABASE_URL"] = f"sqlite:///{folder / DATABASE}"
    os.environ["SHOPCORE_ACCESS_MINUTES"] = "1440"
    os.environ["SHOPCORE_LOG_LEVEL"] = "warning"


def _made(address: str, folder: Path) -> str:
    """A furnished shop in the database of the settings, and what there is to try with it."""
    from shopcore.clock import utc_now
    from shopcore_cli.demo_guide import guide
    from shopcore_cli.demo_shop import SetClock, furnish
    from shopcore_settings import load, open_shop

    clock = SetClock(utc_now())
    shop = open_shop(load(os.environ), clock=clock)
    try:
        people = furnish(shop, clock)
        tokens = {
            name: shop.accounts.log_in(name, people[name].password).tokens.access_token
            for name in ("ann", "sam", "ada")
        }
    finally:
        shop.close()
    return guide(address, list(people.values()), tokens, folder)


def _tell_when_ready(guide: str, port: int) -> None:
    for _ in range(PATIENCE * 10):
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
            continue
        sys.stdout.write(guide)
        sys.stdout.flush()
        return
