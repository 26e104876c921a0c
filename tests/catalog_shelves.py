"""What tests of the catalog's pages share: small blocks, a model of a shelf, and writers in processes of their own."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import update

from racing import insist
from samples import NOON, SECOND, an_item, euros
from shopcore.catalog.model import Item, ItemFilter, Sort
from shopcore.paging import PageRequest
from shopcore.store import Store, Transaction
from shopcore.text import fold
from shopcore_sql import SqlStore
from shopcore_sql.recount import miscounted
from shopcore_sql.schema import catalog
from stores import Opened

BLOCK_SIZES = [1, 3, 1000]


def make_blocks_small(opened: Opened, size: int) -> None:
    """Let SQL stores cut the catalog into blocks of about `size` items."""
    if isinstance(opened.store, SqlStore):
        with opened.store._writer.begin() as connection:
            connection.execute(update(catalog).values(block_size=size))


def must_count_right(store: Store) -> None:
    """What is kept to list items quickly says what is there."""
    if isinstance(store, SqlStore):
        with store._reader.begin() as connection:
            assert list(miscounted(connection)) == []


def listed_naively(items: Iterable[Item], which: ItemFilter) -> list[Item]:
    """The whole listing, by looking at each item."""
    wanted = [item for item in items if item.status == "listed" and _is_wanted(item, which)]
    return sorted(wanted, key=lambda item: (_key(item, which.sort), item.id), reverse=which.order == "desc")


def _key(item: Item, sort: Sort) -> Any:
    return {"name": fold(item.name), "price": item.price.major, "createdAt": item.created_at}[sort]


def _is_wanted(item: Item, which: ItemFilter) -> bool:
    words = fold(f"{item.name} {item.sku or ''} {item.category or ''} {item.description}").split()
    return (
        all(any(word.startswith(start) for word in words) for start in which.words.split())
        and (which.category is None or item.category == which.category)
        and (which.min_price is None or item.price.major >= which.min_price)
        and (which.max_price is None or item.price.major <= which.max_price)
        and (which.in_stock is None or (item.stock != 0) == which.in_stock)
    )


def must_list(store: Store, which: ItemFilter, expected: Sequence[Item], *, limit: int) -> None:
    """Page after page, one past the end included, the store lists what is expected."""
    with store.read() as tx:
        for number in range(1, len(expected) // limit + 3):
            page = tx.items.page(which, PageRequest(page=number, limit=limit))
            assert list(page.items) == expected[page.limit * (number - 1) :][: page.limit]
            assert page.total == len(expected)


def write_items(url: str, writer: str, seed: int, batches: int) -> None:
    """Add, rename, reprice and withdraw items, in batches; some are only `writer`'s, some are everybody's."""
    chance = random.Random(seed)
    store = SqlStore(url)
    ids = [*(f"{writer}{n}" for n in range(30)), *(f"all{n}" for n in range(10))]
    for _ in range(batches):
        items = [_some_item(item_id, chance) for item_id in chance.sample(ids, chance.randint(1, 12))]

        assert insist(partial(store.write, partial(save_locked, items=items))) is None
    store.close()


def save_locked(tx: Transaction, items: Sequence[Item]) -> None:
    """Save as use cases do: with a lock on what is there already."""
    tx.items.lock(item.id for item in items)
    tx.items.save(items)


def _some_item(item_id: str, chance: random.Random) -> Item:
    return an_item(
        item_id,
        name=f"Thing {chance.randint(0, 50)}",
        price=euros(chance.randint(0, 50)),
        created_at=NOON + chance.randint(0, 50) * SECOND,
        status="listed" if chance.random() < 0.8 else "finishing",
    )
