"""Several servers, workers and machines' worth of processes are one shop."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest

from postgres import PostgresCluster
from secured_shop import cheap
from serving import served, wait_until_ready
from shopcore.shop import Shop
from shopcore_memory import MemoryStore
from shopcore_security import JwtTokens
from shopcore_sql import SqlStore
from shopcore_testing.accounts import PASSWORD
from source_tree import ROOTS
from stores import migrate

SECRET = "a-secret-that-all-of-the-servers-share"
UNITS, SHOPPERS = 10, 24
ASKED = 16
"""Requests on a connection each, so that every worker gets some."""


@dataclass
class Served:
    """One shop behind several addresses, and the way in for a test."""

    shop: Shop
    addresses: Sequence[str]

    def ask(self, method: str, path: str, token: str = "", body: object = None, *, at: int = 0) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = self.addresses[at % len(self.addresses)]
        return httpx.request(method, address + path, headers=headers, json=body, timeout=30)

    def everywhere(self, path: str, token: str) -> Counter[int]:
        """What each worker of each server says, by status."""
        asked = range(ASKED * len(self.addresses))
        with ThreadPoolExecutor(4) as pool:
            return Counter(pool.map(lambda at: self.ask("GET", path, token, at=at).status_code, asked))

    def token(self, name: str) -> str:
        return self.shop.accounts.log_in(name, PASSWORD).tokens.access_token

    def buy(self, item: str, token: str, at: int) -> int:
        """Take a unit at one server and order it at another; the first refusal, or 201."""
        taken = self.ask("POST", "/api/cart/items", token, {"itemId": item, "quantity": 1}, at=at)
        if taken.status_code != 200:
            return taken.status_code
        return self.ask("POST", "/api/cart/checkout", token, {}, at=at + 1).status_code

    def sell_out(self) -> Counter[int]:
        item = self.shop.catalog.add_item(name="Mug", price="7.50", stock=UNITS).id
        names = [f"shopper{number}" for number in range(SHOPPERS)]
        for name in names:
            self.shop.accounts.create(name, PASSWORD, role="customer", actor="test")
        buys = [partial(self.buy, item, self.token(name), at) for at, name in enumerate(names)]
        with ThreadPoolExecutor(SHOPPERS) as pool:
            answers = Counter(pool.map(lambda buy: buy(), buys))
        level = self.shop.inventory.explain(item).level
        assert (level.on_hand, level.held) == (0, 0)
        return answers

    def counted(self, route: str, *, at: int) -> float:
        text = self.ask("GET", "/metrics", at=at).text
        found = re.findall(rf'request_seconds_count{{method="GET",route="{route}",status="\d+"}} (\S+)', text)
        return sum(map(float, found))


@contextmanager
def serving(url: str, tmp_path: Path, *, servers: int) -> Iterator[Served]:
    settings = {"SHOPCORE_DATABASE_URL": url, "SHOPCORE_JWT_SECRET": SECRET, "SHOPCORE_LOG_LEVEL": "warning"}
    store = SqlStore(url)
    shop = Shop(store, passwords=cheap(), tokens=JwtTokens([SECRET.encode()]))
    with ExitStack() as stack:
        stack.callback(shop.close)
        running = [stack.enter_context(served(tmp_path, workers=2, **settings)) for _ in range(servers)]
        for client, server in running:
            wait_until_ready(client, server)
        yield Served(shop, [str(client.base_url).rstrip("/") for client, _ in running])
        assert shop.auditor.run().clean


@contextmanager
def worker(url: str) -> Iterator[None]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, ROOTS)), "SHOPCORE_DATABASE_URL": url}
    command = [sys.executable, "-m", "shopcore_cli", "worker", "--interval", "0.1"]
    running = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        assert running.wait(30) == 0


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def two(postgres_cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Two servers of two workers, and a worker that tidies up, on one PostgreSQL."""
    with (
        postgres_cluster.database(template=postgres_cluster.template("current", migrate)) as url,
        worker(url),
        serving(url, tmp_path_factory.mktemp("two"), servers=2) as two,
    ):
        yield two


def test_the_last_units_go_to_as_many_shoppers_whichever_server_they_ask(two: Served) -> None:
    assert two.sell_out() == {201: UNITS, 409: SHOPPERS - UNITS}


def test_who_is_out_is_out_at_every_worker_at_once(two: Served) -> None:
    two.shop.accounts.create("ann", PASSWORD, role="customer", actor="test")
    asked = ASKED * len(two.addresses)
    token = two.token("ann")
    assert two.everywhere("/api/auth/me", token) == {200: asked}

    two.ask("POST", "/api/auth/logout", token)
    assert two.everywhere("/api/auth/me", token) == {401: asked}

    token = two.token("ann")
    assert two.everywhere("/api/auth/me", token) == {200: asked}
    two.shop.accounts.disable("ann", actor="test")
    assert two.everywhere("/api/auth/me", token) == {401: asked}


def test_what_lapsed_comes_back_although_no_server_tidies_up(two: Served) -> None:
    an_hour_ago = Shop(two.shop.store, clock=lambda: datetime.now(UTC) - timedelta(hours=1))
    cup = an_hour_ago.catalog.add_item(name="Cup", price="1.00", stock=1).id
    an_hour_ago.carts.add_item("late", cup)

    for _ in range(300):
        if two.shop.inventory.explain(cup).level.held == 0:
            break
        time.sleep(0.05)

    assert two.shop.inventory.explain(cup).level.available == 1


def test_a_scrape_tells_of_all_workers_of_its_server(two: Served) -> None:
    assert two.everywhere("/api/items?page=1", "") == {200: ASKED * 2}

    for server in range(2):
        told = {two.counted("/api/items", at=server) for _ in range(ASKED)}

        assert told == {ASKED}


def test_what_a_worker_counted_outlives_it_and_what_it_was_doing_does_not(tmp_path: Path) -> None:
    settings = {"SHOPCORE_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}"}
    with served(tmp_path, workers=2, **settings) as (client, server):
        wait_until_ready(client, server)
        one = Served(Shop(MemoryStore()), [str(client.base_url).rstrip("/")])
        one.everywhere("/api/items?page=1", "")
        victim = children(server.pid)[0]

        os.kill(victim, signal.SIGKILL)
        for _ in range(300):
            if victim not in children(server.pid) and len(children(server.pid)) == 2:
                break
            time.sleep(0.05)
        wait_until_ready(client, server)
        text = one.ask("GET", "/metrics").text

        assert one.counted("/api/items", at=0) == ASKED
    assert "shopcore_http_requests_running 1.0" in text
    assert float(re.findall(r"^process_resident_memory_bytes (\S+)", text, re.MULTILINE)[0]) > 0


def test_two_workers_on_one_sqlite_file_are_exact(tmp_path: Path) -> None:
    with serving(f"sqlite:///{tmp_path / 'shop.db'}", tmp_path, servers=1) as one:
        assert one.sell_out() == {201: UNITS, 409: SHOPPERS - UNITS}
