"""More than the shop can serve: whoever cannot be served in time is told so at once, and all is well afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from shopcore.store import Transaction
from shopcore_http.coalesce import PATIENCE
from shopcore_memory import MemoryStore
from shopcore_testing.sound import must_be_sound
from webshop import Web, error_of, webshop

T = TypeVar("T")


class SlowStore(MemoryStore):
    """A store whose writes take `seconds`."""

    seconds = 0.0

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        time.sleep(self.seconds)
        return super().write(work, repeatable=repeatable)


def add(web: Web, item: str) -> Callable[[], int]:
    return lambda: web.post("/api/cart/items", {"itemId": item, "quantity": 1}, by="ann").status_code


def test_a_command_that_could_not_be_served_in_time_is_refused_at_once_and_before_anything_is_done_for_it() -> None:
    store = SlowStore()
    with webshop(store) as web, ThreadPoolExecutor() as shoppers:
        item = web.item(stock=10)
        web.token("ann")
        store.seconds = 0.9 * PATIENCE

        assert add(web, item)() == 200
        served = shoppers.submit(add(web, item))
        time.sleep(0.2 * store.seconds)
        refused = web.client.delete("/api/cart/items")
        looked = web.get(f"/api/items/{item}")
        assert not served.done()

        assert (refused.status_code, error_of(refused)["code"]) == (503, "STORE_BUSY")
        assert int(refused.headers["Retry-After"]) >= 1
        assert looked.status_code == 200, "who only looks is served"
        assert served.result() == 200

        store.seconds = 0.0
        assert add(web, item)() == 200
        cart = web.get("/api/cart", by="ann").json()
        assert [line["quantity"] for line in cart["items"]] == [3]
    must_be_sound(store)
