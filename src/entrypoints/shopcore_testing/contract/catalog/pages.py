"""Pages of the catalog are those of one sorted list, whatever was done to the items and however they are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcore.catalog.model import Item, ItemFilter, Sort, SortOrder
from shopcore.errors import SkuTaken
from shopcore.paging import PageRequest
from shopcore.store import Transaction
from shopcore_testing.accounts import raised
from shopcore_testing.opened import Contents, Opened, OpenStore
from shopcore_testing.samples import NOON, SECOND, a_level, an_item, euros
from shopcore_testing.shelves import listed_naively, must_list
from shopcore_testing.trying import tried

Batch = Sequence[Item]
Levels = Mapping[str, tuple[int, int]]

few = st.integers(0, 12)
ids = st.integers(0, 50).map(lambda number: f"{'iI'[number % 2]}{number}")
some_item = st.builds(
    lambda item_id, name, price, second, category, status: an_item(
        item_id,
        name=f"{('Tea', 'tea cup', 'Cup', 'Çup', 'Steak')[name % 5]} {name}",
        price=euros(price),
        created_at=NOON + second * SECOND,
        category=("a", "b", None)[category % 3],
        status=("listed", "listed", "listed", "finishing", "recalled")[status % 5],
    ),
    *[ids, few, st.integers(0, 6), few, few, few],
)
batches = st.lists(some_item, min_size=5, max_size=25, unique_by=lambda item: item.id)
levels = st.dictionaries(ids, st.sampled_from([(0, 0), (2, 2), (2, 1)]), max_size=8)
prices = st.none() | st.sampled_from(["-1", "0", "0.01", "0.03", "0.05", "0.055", "7", "1e30", "Infinity"]).map(Decimal)
filters = st.builds(
    ItemFilter,
    words=st.sampled_from(["", "", "te", "cup", "tea cup", "c 1", "nothing"]),
    category=st.sampled_from([None, None, "a", "b", "c"]),
    min_price=prices,
    max_price=prices,
    in_stock=st.sampled_from([None, None, True, False]),
    sort=st.sampled_from(get_args(Sort)),
    order=st.sampled_from(get_args(SortOrder)),
)


class Shelf:
    """A store, and what must be in it."""

    def __init__(self, opened: Opened) -> None:
        self.store = opened.store
        self.must_be_in_step = opened.must_be_in_step or (lambda: None)
        self.items: dict[str, Item] = {}

    def take(self, batch: Batch, levels: Levels) -> None:
        """Save a batch, and give items other levels, in one transaction."""
        old = {item_id: item.level for item_id, item in self.items.items()}
        self.items |= {item.id: replace(item, level=old.get(item.id)) for item in batch}
        new = {item_id: a_level(item_id, *level) for item_id, level in levels.items() if item_id in self.items}
        begun = [level for item_id, level in new.items() if old.get(item_id) is None]
        changes = {
            item_id: (new[item_id].on_hand - level.on_hand, new[item_id].held - level.held)
            for item_id, level in old.items()
            if level and item_id in new
        }

        def work(tx: Transaction) -> None:
            tx.stock.lock(new)
            tx.items.save(batch)
            tx.stock.track(begun)
            tx.stock.change(changes)

        self.store.write(work)
        self.must_be_in_step()
        self.items |= {item_id: replace(self.items[item_id], level=level) for item_id, level in new.items()}


def test_pages_are_those_of_a_sorted_list_whatever_was_done(open_store: OpenStore) -> None:
    @tried(20)
    @given(st.lists(st.tuples(batches, levels), min_size=1, max_size=6), st.lists(filters, min_size=4, max_size=8), few)
    def lists_right(done: list[tuple[Batch, Levels]], asked: list[ItemFilter], limit: int) -> None:
        with open_store() as opened:
            shelf = Shelf(opened)
            for batch, changes in done:
                shelf.take(batch, changes)
                for which in (ItemFilter(), *asked):
                    must_list(opened.store, which, listed_naively(shelf.items.values(), which), limit=limit + 1)

    lists_right()


@pytest.mark.parametrize("sort", get_args(Sort))
@pytest.mark.parametrize("order", get_args(SortOrder))
def test_every_page_of_a_shelf_of_hundreds(opened: Opened, sort: Sort, order: SortOrder) -> None:
    """Enough for what a store counts in blocks to be cut again and again, with ties that reach over many."""
    shelf = Shelf(opened)
    for start in range(0, 400, 80):
        shelf.take(
            [an_item(f"i{n * 7919 % 1000:03}", name=f"n{n % 3}", price=euros(n % 2)) for n in range(start, start + 80)],
            {},
        )
    shelf.take(
        [
            replace(item, price=euros(3), status="finishing" if item.id < "i2" else "listed")
            for item in list(shelf.items.values())[::2]
        ],
        {},
    )
    which = ItemFilter(sort=sort, order=order)
    must_list(opened.store, which, listed_naively(shelf.items.values(), which), limit=17)


def test_a_rolled_back_change_leaves_the_pages_as_they_were(opened: Opened, contents: Contents) -> None:
    shelf = Shelf(opened)
    shelf.take([an_item(f"i{n}", sku=f"S{n}") for n in range(9)], {"i3": (1, 1)})
    before = contents()

    def broken(tx: Transaction) -> None:
        tx.items.save([an_item(f"i{n}", name="Other", status="finishing" if n % 2 else "listed") for n in range(20)])
        tx.stock.change({"i3": (1, 0)})
        raise SkuTaken("S")

    assert isinstance(raised(lambda: opened.store.write(broken)), SkuTaken)
    assert contents() == before
    shelf.must_be_in_step()


def test_a_total_is_that_of_the_catalog_as_it_is_now(opened: Opened) -> None:
    """Totals of filters are remembered: a change anywhere in the catalog must make all of them be counted again."""
    shelf = Shelf(opened)
    which = ItemFilter(words="tea")
    for number in range(3):
        shelf.take([an_item(f"i{number}", name="Tea")], {})
        must_list(opened.store, which, listed_naively(shelf.items.values(), which), limit=1)
    shelf.take([replace(shelf.items["i1"], status="recalled")], {})
    must_list(opened.store, which, listed_naively(shelf.items.values(), which), limit=1)


def test_a_reader_sees_the_pages_of_one_moment(opened: Opened) -> None:
    shelf = Shelf(opened)
    shelf.take([an_item("a", name="Tea"), an_item("c", name="Tea")], {})
    which = ItemFilter(words="tea", sort="name")
    with opened.store.read() as tx:
        first = tx.items.page(which, PageRequest(limit=1))

        shelf.take([an_item("b", name="Tea"), an_item("0", name="A")], {})

        again = [tx.items.page(asked, PageRequest(page=2, limit=1)) for asked in (which, ItemFilter(sort="name"))]
    assert (first.total, [(page.total, [item.id for item in page]) for page in again]) == (2, [(2, ["c"])] * 2)
    must_list(opened.store, which, listed_naively(shelf.items.values(), which), limit=2)
