"""A server that is told to end while it is busy: whatever it has taken in is answered, and nothing else is done."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import httpx
import pytest

from secured_shop import cheap
from serving import served, wait_until_ready
from shopcore.shop import Shop
from shopcore_security import JwtTokens
from shopcore_sql import SqlStore
from shopcore_testing.sound import must_be_sound

SECRET = "a-secret-of-more-than-thirty-two-bytes"
SHOPPERS = 12


class Shopper(threading.Thread):
    """Puts one unit after the other in the cart until the server is gone."""

    def __init__(self, address: str, token: str, item_id: str) -> None:
        super().__init__()
        self.statuses: list[int] = []
        self._client = httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self._body = {"itemId": item_id, "quantity": 1}

    def run(self) -> None:
        with self._client:
            try:
                while True:
                    self.statuses.append(self._client.post("/api/cart/items", json=self._body).status_code)
            except httpx.TransportError:
                return


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_admitted_is_answered_and_what_was_answered_is_all_that_was_done(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    store = SqlStore(url, migrate=True)
    shop = Shop(store, passwords=cheap(), tokens=JwtTokens([SECRET.encode()]))
    item = shop.catalog.add_item(name="Mug", price="7.50", stock=1_000_000)
    names = [f"shopper{number}" for number in range(SHOPPERS)]
    for name in names:
        shop.accounts.create(name, "correct horse", role="customer", actor="test")
    tokens = [shop.accounts.log_in(name, "correct horse").tokens.access_token for name in names]

    with served(tmp_path, SHOPCORE_DATABASE_URL=url, SHOPCORE_JWT_SECRET=SECRET, SHOPCORE_LOG_LEVEL="warning") as (
        client,
        server,
    ):
        wait_until_ready(client, server)
        shoppers = [Shopper(str(client.base_url), token, item.id) for token in tokens]
        for shopper in shoppers:
            shopper.start()
        time.sleep(1)
        server.send_signal(signal.SIGTERM)
        for shopper in shoppers:
            shopper.join(30)
        server.communicate(timeout=30)

    answered = [status for shopper in shoppers for status in shopper.statuses]
    held = shop.inventory.explain(item.id).level.held
    assert answered.count(200) == held > 0, sorted(set(answered))
    assert set(answered) <= {200, 503}
    assert server.returncode == 0
    must_be_sound(store)
    store.close()
