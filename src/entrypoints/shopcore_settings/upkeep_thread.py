"""Upkeep again and again, in a thread of a server or as a program's only work."""

from __future__ import annotations

import logging
import threading

from shopcore.errors import Unavailable
from shopcore.upkeep import Upkeep

log = logging.getLogger("shopcore.upkeep")

INTERVAL = 5.0
"""Seconds from one round to the next: so much later than its deadline a hold may end where nobody asks for it."""

LONGEST_PAUSE = 60.0


def keep_up(upkeep: Upkeep, stop: threading.Event, *, interval: float = INTERVAL) -> None:
    """Do what is due every `interval` seconds until `stop` is set; the round that runs then is finished.

    A store that is out of reach is waited for, ever longer up to a minute; that is logged once, and its end too.
    """
    outage = 0
    while not stop.is_set():
        try:
            if done := upkeep.run_once():
                what = "took back %d carts' holds, forgot %d keys, %d sessions, %d tallies"
                log.info(what, done.carts, done.keys, done.sessions, done.tallies)
            if outage:
                log.info("the store is back")
            outage = 0
        except Unavailable as error:
            outage += 1
            if outage == 1:
                log.warning("%s: waiting for it", error)
        except Exception:
            # Nothing would expire any more if this ended; the next round may meet better circumstances.
            outage += 1
            log.exception("a round of upkeep failed")
        stop.wait(min(interval * 2 ** min(outage, 10), max(interval, LONGEST_PAUSE)) if outage else interval)


class UpkeepThread:
    """`keep_up` beside a server's own work."""

    def __init__(self, upkeep: Upkeep, *, interval: float = INTERVAL) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=keep_up, args=(upkeep, self._stop), kwargs={"interval": interval}, name="upkeep", daemon=True
        )

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait for the round that is running, and end."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()
