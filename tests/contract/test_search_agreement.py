"""Search gives the same answers in memory, on SQLite and on PostgreSQL, for any text that people can type.

Each database has an idea of its own of what a word is, and of a Unicode of its own age. Neither may show.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from postgres import PostgresCluster
from shopcore.catalog.model import Item, ItemFilter, Sort
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.samples import an_item, euros
from shopcore_testing.shelves import listed_naively, must_list, save_locked
from sql_shelves import must_count_right
from stores import in_memory, migrate, on_postgresql, on_sqlite


@pytest.fixture
def stores(tmp_path: Path, sqlite_template: Path, postgres_cluster: PostgresCluster) -> Iterator[list[Store]]:
    """One store of each kind."""
    current = postgres_cluster.template("current", migrate)
    with ExitStack() as stack:
        opened = (
            in_memory(),
            on_sqlite(sqlite_template, tmp_path / "shop.db"),
            on_postgresql(postgres_cluster.database(template=current)),
        )
        yield [stack.enter_context(one).store for one in opened]


CODES = (0x10D0, 0x1C90, 0xAB70, 0x13A0, 0xA7AE, 0x104B0, 0x104D8, 0x1E900, 0x1E922, 0x16E40, 0x1DF00, 0x19B1, 0x1CF2)
YOUNG = "".join(map(chr, CODES))
"""Letters, big and small, that Unicode had later, or not as letters, when some databases' tables of them were made."""

ODD = (
    "ıİiIßẞſςσΣέ̈ﬁǅŉ½²Ⅳ٣४〇Ⓐｱアガｶﾞ가각ﷺ㌀ªº"  # noqa: RUF001
    + "_'\"\\*:&|!()<->-+^{}~%#@,.;/\t\n"
    + "\u200b\u200d\u00ad\ufeff\u202e\u0300\u0345\u093f\u20dd"
)
LETTERS = (
    st.sampled_from("abkKaAéÉ 01")
    | st.sampled_from(YOUNG + ODD)
    | st.characters(codec="utf-8", exclude_characters="\x00")
)
texts = st.text(LETTERS, max_size=12)
words = st.text(LETTERS.filter(lambda char: not char.isspace()), min_size=1, max_size=3)


def some_item(number: int, name: str, description: str, label: str, listed: bool) -> Item:
    return an_item(
        f"i{number}",
        name=name,
        description=description,
        category=label or None,
        sku=f"{label}-{number}",
        status="listed" if listed else "finishing",
    )


shelves = st.lists(st.tuples(texts, texts, words, st.integers(0, 4).map(bool)), min_size=1, max_size=8).map(
    lambda rows: [some_item(number, *row) for number, row in enumerate(rows)]
)


def pieces(items: list[Item]) -> list[str]:
    """Queries that find something: beginnings, ends and middles of what the items are made of."""
    cut = [text[start : start + 4] for item in items for text in (item.name, item.description) for start in range(3)]
    both = [" ".join(pair) for pair in zip(cut, reversed(cut), strict=True)]
    return [piece for piece in (*cut, *both, *(item.category or "" for item in items)) if piece.strip()]


def answers(store: Store, queries: list[str]) -> dict[str, list[tuple[int, list[str]]]]:
    """All that is found, and the last of it: databases read the one from the words, the other from the shelf."""
    search = partial(Shop(store).catalog.search, which=ItemFilter(sort="name", order="desc"))
    found = {query: [search(query, page=PageRequest(limit=limit)) for limit in (100, 1)] for query in queries}
    return {query: [(page.total, [item.id for item in page]) for page in pages] for query, pages in found.items()}


def test_every_store_finds_the_same_for_any_text(stores: list[Store]) -> None:
    @settings(max_examples=25, derandomize=True, database=None)
    @given(shelves, shelves, st.lists(texts.filter(str.strip), max_size=5))
    @example([some_item(0, YOUNG, " ".join(YOUNG), "ꞯ", True)], [], list(YOUNG))
    def find_the_same(first: list[Item], second: list[Item], queries: list[str]) -> None:
        asked = [*queries, *pieces(first)[:15], *pieces(second)[:15]]
        gone = [an_item(f"i{number}", status="recalled") for number in range(8)]
        for shelf in (gone, first, second):  # renamed, withdrawn, listed again
            for store in stores:
                store.write(partial(save_locked, items=shelf))
            memory, *databases = (answers(store, asked) for store in stores)
            assert databases == [memory, memory]

    find_the_same()
    for store in stores:
        must_count_right(store)


def test_letters_of_every_script_are_found(stores: list[Store]) -> None:
    known = [chr(code) for code in range(0x110000) if chr(code).isalnum()][::301]
    shelf = [an_item(f"i{start:05}", name=" ".join(known[start : start + 10])) for start in range(0, len(known), 10)]
    for store in stores:
        store.write(partial(save_locked, items=shelf))

    memory, *databases = (answers(store, known) for store in stores)

    assert databases == [memory, memory]
    assert all(total for pages in memory.values() for total, _ in pages)


def test_a_rare_word_and_one_that_all_have_are_counted_alike(stores: list[Store]) -> None:
    shelf = [
        an_item(f"i{n:03}", name=f"Shop {n}", price=euros(n), category="ab"[n % 2], description="rare" * (n == 77))
        for n in range(300)
    ]
    for store in stores:
        store.write(partial(save_locked, items=shelf))
    narrower: list[dict[str, Any]] = [{}, {"category": "a"}, {"max_price": Decimal(1)}]
    for words, more in product(("shop", "rare", "sho rare", "7"), narrower):
        for sort in get_args(Sort):
            which = ItemFilter(words=words, sort=sort, order="desc", **more)
            for store in stores:
                must_list(store, which, listed_naively(shelf, which), limit=100)
