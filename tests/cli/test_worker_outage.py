"""A worker outlives its database's absence."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from shopcore.carts.commands import AddItem
from shopcore_settings import Settings, open_shop
from terminal import Terminal, ended, wait_until


@contextmanager
def out_of_reach(url: str) -> Iterator[None]:
    """The database lets nobody in meanwhile, and throws out who is there."""
    parts = urlsplit(url)
    name = parts.path.removeprefix("/")
    elsewhere = urlunsplit(parts._replace(path="/postgres"))
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        yield
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def said(worker: subprocess.Popen[str]) -> str:
    assert worker.stderr is not None
    message: str = json.loads(worker.stderr.readline())["message"]
    return message


def test_a_worker_waits_for_a_database_that_is_gone_and_goes_on_when_it_is_back(
    nowhere: Terminal, postgres_url: str
) -> None:
    nowhere.run("db", "upgrade", DATABASE_URL=postgres_url)
    worker = nowhere.start("worker", "--interval", "0.1", settings={"DATABASE_URL": postgres_url, "LOG_FORMAT": "json"})
    assert said(worker) == "worker started, a round every 0.1 s"

    with out_of_reach(postgres_url):
        assert said(worker).endswith("waiting for it")

    assert said(worker) == "the store is back"
    shop = open_shop(Settings(database_url=postgres_url), logins=False)
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=5)
    shop.carts.handle([AddItem(owner="ann", item_id="mug", at=datetime.now(UTC) - timedelta(hours=1))])
    wait_until(lambda: shop.catalog.get("mug").stock == 5)
    shop.close()
    assert ended(worker).code == 0
