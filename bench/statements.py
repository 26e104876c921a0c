"""How many statements a batch costs, as the server itself counts them."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
from psycopg import sql

from bench.shop import House
from shopcore import AddItem, CartView, Shop
from shopcore_sql import SqlStore

COUNTED = re.compile(rb"LOG:  (statement|execute [^:]*): ")


def of_a_batch(url: str, house: House, *, commands: int = 100) -> list[str]:
    """What the server was told for a batch of adds of as many shoppers, BEGIN and COMMIT included, in order.

    Empty where the server is not ours, so that its log cannot be read.
    """
    socket = parse_qs(urlsplit(url).query).get("host", [""])[0]
    log = Path(socket, "log")
    if not log.exists():
        return []
    name = sql.Identifier(urlsplit(url).path.removeprefix("/"))
    store = SqlStore(url)
    try:
        shop = Shop(store)
        batch = [AddItem(owner=one.owner, item_id=one.items[0]) for one in house.adders[:commands]]
        _log_all(url, name, "all")
        shop.carts.get(batch[0].owner)  # connects, so that what a connection begins with is not counted
        for _ in range(2):
            before = log.stat().st_size
            for outcome in shop.carts.handle(batch):
                outcome.take(CartView)
        with log.open("rb") as told:
            told.seek(before)
            return [line.split(b": ", 2)[2].decode()[:100].strip() for line in told if COUNTED.search(line)]
    finally:
        _log_all(url, name, "none")
        store.close()


def _log_all(url: str, name: sql.Identifier, what: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER DATABASE {} SET log_statement = {}").format(name, what))
