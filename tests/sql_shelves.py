"""The blocks that SQL stores list items by: made small for tests, checked, and written by processes of their own."""

from __future__ import annotations

import random
from functools import partial

from sqlalchemy import update

from shopcore.catalog.model import Item
from shopcore.store import Store
from shopcore_sql import SqlStore
from shopcore_sql.recount import miscounted
from shopcore_sql.schema import catalog
from shopcore_testing.racing import insist
from shopcore_testing.samples import NOON, SECOND, an_item, euros
from shopcore_testing.shelves import save_locked


def make_blocks_small(store: SqlStore, size: int) -> None:
    """Let the store cut the catalog into blocks of about `size` items."""
    with store._writer.begin() as connection:
        connection.execute(update(catalog).values(block_size=size))


def must_count_right(store: Store) -> None:
    """What is kept to list items quickly says what is there."""
    if isinstance(store, SqlStore):
        with store._reader.begin() as connection:
            assert list(miscounted(connection)) == []


def write_items(url: str, writer: str, seed: int, batches: int) -> None:
    """Add, rename, reprice and withdraw items, in batches; some are only `writer`'s, some are everybody's."""
    chance = random.Random(seed)
    store = SqlStore(url)
    ids = [*(f"{writer}{n}" for n in range(30)), *(f"all{n}" for n in range(10))]
    for _ in range(batches):
        items = [_some_item(item_id, chance) for item_id in chance.sample(ids, chance.randint(1, 12))]

        assert insist(partial(store.write, partial(save_locked, items=items))) is None
    store.close()


def _some_item(item_id: str, chance: random.Random) -> Item:
    return an_item(
        item_id,
        name=f"Thing {chance.randint(0, 50)}",
        price=euros(chance.randint(0, 50)),
        created_at=NOON + chance.randint(0, 50) * SECOND,
        status="listed" if chance.random() < 0.8 else "finishing",
    )
