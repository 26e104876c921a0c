"""An add to a line that is there leaves the indexes of its cart and its level alone: PostgreSQL counts such updates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import TypeVar

import pytest
from sqlalchemy import text

from shopcore import Shop
from shopcore.store import Transaction
from shopcore_sql import SqlStore
from shopcore_sql.store import SqlTransaction
from shopcore_testing.accounts import Watch
from shopcore_testing.selling import item
from stores import Opened

pytestmark = pytest.mark.parametrize("open_store", ["postgresql"], indirect=True)
T = TypeVar("T")
_UPDATES = text("SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables WHERE n_tup_upd > 0")


class Counted(SqlStore):
    """`updated` has, by table, how many rows were updated, and how many of them in place, as a transaction saw it.

    Those of transactions shortly before are among them.
    """

    updated: dict[str, tuple[int, int]]

    def write(self, work: Callable[[Transaction], T], *, repeatable: bool = False) -> T:
        def counted(tx: Transaction) -> T:
            assert isinstance(tx, SqlTransaction)
            done = work(tx)
            self.updated = {name: (all_, hot) for name, all_, hot in tx._connection.execute(_UPDATES)}
            return done

        return super().write(counted, repeatable=repeatable)


@pytest.fixture
def counted(opened: Opened) -> Iterator[Counted]:
    with closing(Counted(opened.url)) as store:
        yield store


def test_an_add_changes_no_index_of_its_cart_and_of_its_level(counted: Counted, watch: Watch) -> None:
    shop = Shop(counted, clock=watch)
    item(shop, "mug", 10)
    shop.carts.add_item("ann", "mug")
    watch.on(minutes=1)

    shop.carts.add_item("ann", "mug", 2)

    for table in ("carts", "stock"):
        updated, in_place = counted.updated[table]
        assert updated == in_place > 0, table
