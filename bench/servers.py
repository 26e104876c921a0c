"""Servers under load: the shop as `shopcore serve` runs it, and the bare handler on the same server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

from bench import bare, processes

START_SECONDS = 60
STOP_SECONDS = 10
HOST = "127.0.0.1"
SECRET = "bench-" * 8  # signs the shoppers' tokens


@dataclass(frozen=True)
class Server:
    """A running server of `workers` processes; `pid` is the one that started them."""

    name: str
    workers: int
    port: int
    pid: int

    @property
    def address(self) -> tuple[str, int]:
        return HOST, self.port

    def pids(self) -> list[int]:
        return processes.family(self.pid)


@contextmanager
def shop_server(name: str, url: str, workers: int, log: Path) -> Iterator[Server]:
    """`shopcore serve` over the store at `url`, with its defaults but for the limits and the life of holds."""
    port = free_port()
    settings = {
        "SHOPCORE_DATABASE_URL": url,
        "SHOPCORE_JWT_SECRET": SECRET,
        "SHOPCORE_RATE_LIMIT": "0",
        "SHOPCORE_HOLD_MINUTES": "600",  # nothing expires while it is counted
        "SHOPCORE_HOLD_CAP_MINUTES": "600",
    }
    command = ["-m", "shopcore_cli", "serve", "--port", str(port), "--workers", str(workers)]
    with _running(name, workers, port, command, settings, log) as server:
        yield server


@contextmanager
def bare_server(workers: int, log: Path) -> Iterator[Server]:
    """The handler of `bench.bare` on granian, started as the shop starts it."""
    port = free_port()
    command = ["-m", "bench.bare_server", str(port), str(workers)]
    with _running("bare", workers, port, command, {bare.SECRET: SECRET}, log) as server:
        yield server


@contextmanager
def _running(
    name: str, workers: int, port: int, command: list[str], settings: dict[str, str], log: Path
) -> Iterator[Server]:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("SHOPCORE_")}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**inherited, **settings},
            cwd=Path(__file__).parents[1],
            stdout=out,
            stderr=out,
            start_new_session=True,  # Ctrl-C is for the bench, which then ends its servers
        )
    try:
        server = Server(name, workers, port, process.pid)
        _wait_until_ready(server, process, log)
        yield server
    finally:
        _end(process)


def _wait_until_ready(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    url = f"http://{HOST}:{server.port}{bare.HEALTH}"
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with suppress(URLError, OSError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                time.sleep(1.0)  # the other workers start, too
                return
        time.sleep(0.1)
    raise RuntimeError(f"{server.name} with {server.workers} processes does not start:\n{log.read_text()[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    with suppress(ProcessLookupError):  # its workers, if it left any
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
