"""A database and its copy at a streaming replica, which can be told to stand still."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from shopcore.shop import Shop

OpenShop = Callable[..., Shop]


class Follower:
    """The replica's side of a database."""

    def __init__(self, server: str, replica: str, database: str) -> None:
        self.primary = database
        self.url = urlunsplit(urlsplit(replica)._replace(path=urlsplit(database).path))
        self._server = server
        self._replica = replica

    def send(self) -> str:
        """Have the server send off all that was written so far; gives up to where."""
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute("SET synchronous_commit = local")
            server.execute("SELECT pg_logical_emit_message(true, 'test', '')")
            row = server.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        assert row
        return str(row[0])

    def catch_up(self) -> None:
        """Wait until it has all that the server has."""
        sent = self.send()
        for _ in range(600):
            if self.tell("SELECT pg_last_wal_replay_lsn() >= %s", [sent]):
                return
            time.sleep(0.05)
        pytest.fail("the replica does not follow")

    def pause(self) -> None:
        """Have it stand still from now on, as of everything that is done."""
        self.catch_up()
        self.tell("SELECT pg_wal_replay_pause()")

    def resume(self) -> None:
        self.tell("SELECT pg_wal_replay_resume()")
        self.catch_up()

    def tell(self, statement: str, values: Sequence[str] | None = None) -> object:
        with psycopg.connect(self._replica, autocommit=True) as replica:
            row = replica.execute(statement, values).fetchone()
        assert row
        return row[0]
