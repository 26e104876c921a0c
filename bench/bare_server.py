"""`python -m bench.bare_server PORT WORKERS`: the bare handler, on granian with the shop's own options."""

from __future__ import annotations

import sys

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from shopcore_http.serve import HEADER_MILLISECONDS, KILL_SECONDS


def main() -> None:
    port, workers = map(int, sys.argv[1:])
    Granian(
        "bench.bare:factory",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        workers=workers,
        workers_kill_timeout=KILL_SECONDS,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
