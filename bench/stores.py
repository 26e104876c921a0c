"""The databases of a run, private and gone afterwards, and what they say of themselves from outside the shop."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from bench import processes
from postgres import PostgresCluster, running_postgres

LEVELS = "SELECT coalesce(sum(on_hand), 0), coalesce(sum(held), 0), (SELECT count(*) FROM orders) FROM stock"


@dataclass(frozen=True)
class Levels:
    """Sums over all items, and the number of orders."""

    on_hand: int
    held: int
    orders: int


@contextmanager
def durable_postgres() -> Iterator[PostgresCluster]:
    """A private server with fsync on, or the one that SHOPCORE_TEST_DATABASE_URL names."""
    with running_postgres({**os.environ, "SHOPCORE_TEST_PG_FSYNC": "1"}) as cluster:
        yield cluster


def levels(url: str) -> Levels:
    """Asked of the database itself: the shop's own word is not taken for it."""
    if url.startswith("sqlite:///"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as file:
            row = file.execute(LEVELS).fetchone()
    else:
        with psycopg.connect(url) as connection:
            row = connection.execute(LEVELS).fetchone()
    return Levels(*map(int, row or ()))


def database_cpu(url: str) -> float:
    """Seconds that a server on this machine's sockets has worked, all its processes; 0 where it is not known."""
    socket = parse_qs(urlsplit(url).query).get("host")
    with suppress(OSError, IndexError, ValueError):
        lock = Path(socket[0] if socket else "", ".s.PGSQL.5432.lock")
        return processes.cpu_seconds(int(lock.read_text().split()[0]))
    return 0.0


def version(url: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]).split()[0] if row else "unknown"
