"""`shopcore worker`."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Annotated

import typer

from shopcore_cli.apps import example, single
from shopcore_cli.options import Json
from shopcore_cli.screen import show
from shopcore_cli.session import the_shop

app = single()


@app.command(epilog=example("shopcore worker --interval 1", "shopcore worker --once"))
def worker(
    interval: Annotated[float, typer.Option(min=0.05, max=3600, help="Seconds between two rounds.")] = 5.0,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, print what it was, and end.")] = False,
    as_json: Json = False,
) -> None:
    """Take back what carts hold too long, until stopped.

    It also forgets sessions, idempotency keys and counts of limits that are over. Any number of workers may run, on any
    machines. One that cannot reach the database any more waits for it. SIGTERM or Ctrl-C ends it after the round that
    is running.
    """
    with the_shop(make=True) as shop:
        if once:
            done = shop.upkeep.run_once()
            document = {"carts": done.carts, "keys": done.keys, "sessions": done.sessions, "tallies": done.tallies}
            show(document, document, as_json=as_json)
            return
        from shopcore_settings import load
        from shopcore_settings.logs import configure
        from shopcore_settings.upkeep_thread import keep_up, log

        settings = load(os.environ)
        configure(settings.log_level, settings.log_format)
        stop = _until_told()
        log.info("worker started, a round every %g s", interval)
        keep_up(shop.upkeep, stop, interval=interval)
        log.info("worker stopped")


def _until_told() -> threading.Event:
    """Set by the first signal to end; a second one ends the process at once."""
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return stop
