"""How cost grows with the shop: the same calls of the library in shops of 10^3 to 10^6 of everything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from statistics import median

from bench import copies
from bench.results import Grown
from bench.shop import THINGS, WORDS
from postgres import PostgresCluster
from shopcore import AddItem, PageRequest, PlaceOrder, Shop
from shopcore.catalog.rules import check_item
from shopcore_sql import SqlStore

SIZES = (1_000, 10_000, 100_000)
GREAT_SIZES = (*SIZES, 1_000_000)
ORIGINALS = 50
CALLS = 30
DEEP = 5_000
PLENTY = 1_000_000_000
Say = Callable[[str], None]


def grow(cluster: PostgresCluster, sizes: tuple[int, ...], say: Say) -> Iterator[Grown]:
    """Each kind of thing in a database of its own. Raises AssertionError where an audit finds anything."""
    for of, fill, calls in (
        ("items", _items, _in_catalog),
        ("carts", _carts, _in_carts),
        ("orders", _orders, _in_orders),
        ("removals", _removals, _in_removals),
    ):
        with _database(cluster) as (url, store):
            have = 0
            fill(store)
            for size in sizes:
                began = time.perf_counter()
                copy = copies.copy_items if of == "items" else copies.copy_lives
                copy(url, have // ORIGINALS + (have == 0), size // ORIGINALS - 1)
                have = size
                if of == "items":
                    store.recount()
                say(f"{size:,} {of} after {time.perf_counter() - began:.0f} s")
                shop = Shop(store)
                for what, call in calls(shop, size).items():
                    yield Grown(what, of, size, _milliseconds(call))
            report = Shop(store).auditor.run()
            assert report.clean, report.violations[0]


@contextmanager
def _database(cluster: PostgresCluster) -> Iterator[tuple[str, SqlStore]]:
    with cluster.database() as url:
        store = SqlStore(url, migrate=True)
        try:
            yield url, store
        finally:
            store.close()


def _milliseconds(call: Callable[[], object]) -> float:
    """The median; the first call, which warms what is cold, does not count."""
    took = []
    for _ in range(CALLS + 1):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return median(took[1:]) * 1000


# ---- what there is much of: originals, of which the rest are copies


def _items(store: SqlStore) -> None:
    shop = copies.originals(store)
    for number in range(ORIGINALS):
        _item(shop, f"{copies.MARK}-{number:02}", number)


def _shelf(store: SqlStore) -> Shop:
    """A few items that many carts are about."""
    plain = Shop(store)
    for number in range(ORIGINALS):
        _item(plain, f"item-{number:02}", number)
    return copies.originals(store)


def _item(shop: Shop, item_id: str, number: int) -> None:
    draft = check_item(
        item_id=item_id,
        name=f"{WORDS[number % 10]} {THINGS[number // 10 % 10]} {item_id}",
        price=f"{1 + number}.50",
        currency="EUR",
        category=WORDS[number % 7],
        stock=PLENTY,
    )
    shop.catalog.add(draft, actor="bench")


def _carts(store: SqlStore) -> None:
    shop = _shelf(store)
    shop.carts.handle(
        [
            AddItem(owner=f"{copies.MARK}-{number:02}", item_id=f"item-{(number + more) % ORIGINALS:02}")
            for number in range(ORIGINALS)
            for more in range(2)
        ]
    )


def _orders(store: SqlStore) -> None:
    shop = _shelf(store)
    for number in range(ORIGINALS):
        owner = f"{copies.MARK}-{number:02}"
        for more in range(2):
            shop.carts.add_item(owner, f"item-{(number + more) % ORIGINALS:02}")
        shop.checkout.place_order(owner)


def _removals(store: SqlStore) -> None:
    shop = _shelf(store)
    for number in range(ORIGINALS):
        owner = f"{copies.MARK}-{number:02}"
        shop.carts.add_item(owner, f"item-{number:02}")
        shop.carts.add_item(owner, f"item-{(number + 1) % ORIGINALS:02}")
        shop.carts.remove_item(owner, f"item-{number:02}")


# ---- what is done in it


def _in_catalog(shop: Shop, size: int) -> dict[str, Callable[[], object]]:
    numbers = count(1)
    pages = size // 20
    middle = f"x{size // ORIGINALS // 2:07}-07"
    return {
        "list, page 1": lambda: shop.catalog.list(page=PageRequest(page=1)),
        f"list, page {DEEP:,} or the last": lambda: shop.catalog.list(page=PageRequest(page=min(DEEP, pages))),
        "search, one word": lambda: shop.catalog.search("walnut"),
        "search, two words": lambda: shop.catalog.search("walnut mug"),
        "search, one item's own word": lambda: shop.catalog.search(middle.partition("-")[0]),
        "one item": lambda: shop.catalog.get(middle),
        "add to a cart": lambda: shop.carts.add_item(f"new-{next(numbers)}", middle),
    }


def _in_carts(shop: Shop, size: int) -> dict[str, Callable[[], object]]:
    numbers = count(1)
    owner = f"x{size // ORIGINALS // 2:07}-07"
    return {
        "read a cart": lambda: shop.carts.get(owner),
        "add to a cart": lambda: shop.carts.add_item(owner, "item-20"),
        "add to a new cart": lambda: shop.carts.add_item(f"{size}-{next(numbers)}", "item-20"),
        "staff: carts, page 1": lambda: shop.carts.list(PageRequest(page=1)),
    }


def _in_orders(shop: Shop, size: int) -> dict[str, Callable[[], object]]:
    numbers = count(1)
    owner = f"x{size // ORIGINALS // 2:07}-07"

    def buy() -> None:
        buyer = f"{size}-{next(numbers)}"
        shop.carts.handle([AddItem(owner=buyer, item_id="item-20"), PlaceOrder(owner=buyer)])

    return {
        "add and check out": buy,
        "own orders": lambda: shop.orders.list(PageRequest(page=1), owner=owner),
        "staff: orders, page 1": lambda: shop.orders.list(PageRequest(page=1)),
    }


def _in_removals(shop: Shop, size: int) -> dict[str, Callable[[], object]]:
    numbers = count(1)

    def change_of_mind() -> None:
        owner = f"{size}-{next(numbers)}"
        shop.carts.add_item(owner, "item-20")
        shop.carts.remove_item(owner, "item-20")

    return {
        "add and remove": change_of_mind,
        "removed items, page 1": lambda: shop.removals.list(page=PageRequest(page=1)),
        "removed items, summary by reason": lambda: shop.removals.summary("reason"),
    }
