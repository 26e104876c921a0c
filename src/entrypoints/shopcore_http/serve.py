"""The server: granian, with one or more worker processes, each with an app of its own over the same store."""

from __future__ import annotations

import gc
import logging
import os
import socket

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from shopcore_http.app import ShopApp, create_app
from shopcore_http.metrics import told_together
from shopcore_settings import ConfigurationError, load, open_shop
from shopcore_settings.compose import IN_MEMORY, sqlite_file
from shopcore_settings.logs import configuration, configure
from shopcore_settings.upkeep_thread import UpkeepThread

log = logging.getLogger("shopcore.http")

KILL_SECONDS = 10
"""A worker that has not ended by then is killed; one that is stopped while it starts would otherwise never end."""
CONNECTIONS = 4096
"""Open ones of each worker; more wait outside, unanswered. Inside, who cannot be served is told so at once."""

HEADER_MILLISECONDS = 10_000


def factory() -> ShopApp:
    """The app of one worker process, as the environment describes it."""
    settings = load(os.environ)
    configure(settings.log_level, settings.log_format)
    for name in settings.without_effect():
        log.warning("%s has no effect in this version", name)
    shop = open_shop(settings, served=True)
    upkeep = UpkeepThread(shop.upkeep)
    if sqlite_file(settings) is not None:  # one machine has it all; elsewhere `shopcore worker` does it
        upkeep.start()
    app = create_app(shop, settings, on_shutdown=[upkeep.stop, shop.close])
    gc.collect()
    gc.freeze()  # what is there now stays: the collector need not look at it again for every few requests
    gc.set_threshold(10_000, 20, 100)  # a batch makes thousands of values and drops them again
    return app


def serve(*, host: str = "127.0.0.1", port: int = 8000, workers: int = 1) -> None:
    """Serve until the process is told to stop. Raises ConfigurationError, or what the store has to say, first."""
    settings = load(os.environ)
    if workers > 1 and settings.database_url == IN_MEMORY:
        raise ConfigurationError("a shop in memory lives in one process: serve it with one worker")
    must_be_free(host, port)
    shop = open_shop(settings)
    try:
        shop.store.ping()
    finally:
        shop.close()
    server = Granian(
        "shopcore_http.serve:factory",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # "auto" waits for a first byte without a deadline: silent clients would fill the house
        workers=workers,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        log_level=LogLevels(settings.log_level),
        log_dictconfig=configuration(settings.log_level, settings.log_format),
    )
    allow_files(CONNECTIONS + 256)
    with told_together(workers):
        server.serve()


def allow_files(count: int) -> None:
    """Let this process open so many files, if it may: a connection is one, and often a thousand are all until asked."""
    try:
        import resource  # noqa: PLC0415 (Windows has none, and no such limit)
    except ModuleNotFoundError:
        return
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if most == resource.RLIM_INFINITY else min(count, most)
    if resource.RLIM_INFINITY != allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def must_be_free(host: str, port: int) -> None:
    """Granian says it in a panic of many lines; here it is one."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ConfigurationError(f"cannot listen at {host}:{port}: {reason}; choose another port") from None
