"""What the use cases cost on each store, side by side in one run: `python -m bench.use_cases`.

Machines differ and are noisy, so each figure also stands as a ratio to the store in memory, measured in turns in the
same run; the median of the rounds is shown. A batch is 100 commands of 100 shoppers in one call.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from postgres import running_postgres  # the tests' own server
from shopcore import AddItem, PageRequest, PlaceOrder, RemoveItem, Shop, Store
from shopcore_memory import MemoryStore
from shopcore_sql import SqlStore

ROUNDS = 5
BATCH = 100
SHOPPERS = [f"shopper-{number}" for number in range(BATCH)]
ITEMS = [f"item-{number}" for number in range(200)]


@contextmanager
def stores() -> Iterator[dict[str, Store]]:
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        cluster = stack.enter_context(running_postgres({**os.environ, "SHOPCORE_TEST_PG_FSYNC": "1"}))
        yield {
            "memory": MemoryStore(),
            "sqlite": SqlStore(f"sqlite:///{folder}/shop.db"),
            "postgresql": SqlStore(stack.enter_context(cluster.database()), migrate=True),
        }


def steps(shop: Shop) -> dict[str, tuple[int, Callable[[], object]]]:
    """What is measured, in order, each with how many commands it is."""
    add = [AddItem(owner=owner, item_id=ITEMS[number]) for number, owner in enumerate(SHOPPERS)]
    return {
        "add, one by one": (20, lambda: [shop.carts.add_item("ann", item) for item in ITEMS[:20]]),
        "read the cart": (20, lambda: [shop.carts.get("ann") for _ in range(20)]),
        "remove, one by one": (20, lambda: [shop.carts.remove_item("ann", item) for item in ITEMS[:20]]),
        "add, a batch": (BATCH, lambda: shop.carts.handle(add)),
        "remove, a batch": (
            BATCH // 2,
            lambda: shop.carts.handle([RemoveItem(owner=one.owner, item_id=one.item_id) for one in add[::2]]),
        ),
        "checkout, a batch": (
            BATCH // 2,
            lambda: shop.carts.handle([PlaceOrder(owner=one.owner) for one in add[1::2]]),
        ),
        "a page of items": (20, lambda: [shop.catalog.list(page=PageRequest(page=5)) for _ in range(20)]),
    }


def main() -> None:
    seconds: dict[tuple[str, str], list[float]] = {}
    with stores() as opened:
        shops = {name: Shop(store) for name, store in opened.items()}
        for shop in shops.values():
            for item in ITEMS:
                shop.catalog.add_item(item_id=item, name=item, price="1.00", stock=1_000_000)
        for _ in range(ROUNDS):
            for name, shop in shops.items():
                for step, (commands, run) in steps(shop).items():
                    began = time.perf_counter()
                    run()
                    seconds.setdefault((step, name), []).append((time.perf_counter() - began) / commands)
        for name, shop in shops.items():
            if not shop.auditor.run().clean:
                raise SystemExit(f"{name}: the shop is not sound any more")
            shop.close()
        report({key: statistics.median(values) for key, values in seconds.items()}, list(shops))


def report(medians: dict[tuple[str, str], float], names: list[str]) -> None:
    print(f"{'microseconds a command':24}" + "".join(f"{name:>12}{'ratio':>8}" for name in names))
    for step in dict.fromkeys(step for step, _ in medians):
        base = medians[step, names[0]]
        cells = (f"{medians[step, name] * 1e6:12.0f}{medians[step, name] / base:8.1f}" for name in names)
        print(f"{step:24}" + "".join(cells))


if __name__ == "__main__":
    main()
