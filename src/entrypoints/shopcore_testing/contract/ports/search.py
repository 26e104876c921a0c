"""Every store finds the same items for the same words."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcore.catalog.model import ItemFilter
from shopcore.errors import InvalidInput
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore.text import fold
from shopcore_testing.accounts import raised
from shopcore_testing.opened import Opened
from shopcore_testing.samples import an_item
from shopcore_testing.shelves import listed_naively
from shopcore_testing.trying import tried

SHELF = {
    "cafe": "Café Crème 2",
    "caff": "Caffè-Latte",
    "tee": "T-Shirt, L'Été (rot)",
    "strasse": "Straße STRASSE",
    "tiger": "李小龙 Tiger",
    "dragon": "龙井茶 dragon well",
    "hindi": "हिन्दी किताब",
    "greek": "Ὀδυσσεύς όρος",
    "turkish": "İstanbul \u0131ş\u0131k",
    "arabic": "قهوة عربية",
    "thai": "กาแฟ ร้อน",
    "ligature": "ﬁne oﬃce ½ Ⅳ x²",
    "emoji": "Mug 🛒☕ gift",
    "under": "snake_case __init__",
    "number": "007 1e9 3.14",
    "and": "and or not near",
    "twice": "tea tea tea",
    "blank": "!!! ???",
}
QUERIES = {
    "cafe": {"cafe"},
    "CAFÉ": {"cafe"},
    "caf": {"cafe", "caff"},
    "latte caff": {"caff"},
    "caffe-latte": {"caff"},
    "afe": set(),
    "shirt t": {"tee"},
    "ete": {"tee"},
    "strasse": {"strasse"},
    "straß": {"strasse"},
    "李小龙": {"tiger"},
    "李": {"tiger"},
    "龙": {"dragon"},
    "ह": {"hindi"},
    "οδυσσευς": {"greek"},
    "ὄρος": {"greek"},
    "istanbul": {"turkish"},
    "قهو": {"arabic"},
    "กาแฟ": {"thai"},
    "fine office": {"ligature"},
    "iv": {"ligature"},
    "x2": {"ligature"},
    "mug gift": {"emoji"},
    "mug ☕": {"emoji"},
    "init": {"under"},
    "snake_case": {"under"},
    "7": set(),
    "00": {"number"},
    "1e9": {"number"},
    "3.14": {"number"},
    "and": {"and"},
    "AND": {"and"},
    "OR NOT": {"and"},
    "NEAR(and or)": {"and"},
    "tea tea": {"twice"},
    '"tea"*': {"twice"},
    "tea*": {"twice"},
    "'; DROP TABLE items; --": set(),
    "tea & dragon": set(),
    "tea | dragon": set(),
    "!tea": {"twice"},
    "tea:*": {"twice"},
    "%": set(),
    "🛒": set(),
    "search_text : tea": set(),
    "\\": set(),
    "(((": set(),
}


def found(store: Store, query: str) -> set[str]:
    return {item.id for item in Shop(store).catalog.search(query, None, PageRequest(limit=100))}


def fill(store: Store, texts: dict[str, str]) -> None:
    store.write(lambda tx: tx.items.save([an_item(item_id, name=text) for item_id, text in texts.items()]))


def test_words_find_the_items_that_have_words_beginning_with_them(raw_store: Store) -> None:
    fill(raw_store, SHELF)
    assert {query: found(raw_store, query) for query in QUERIES} == QUERIES


def test_an_item_is_found_by_name_sku_category_and_description(raw_store: Store) -> None:
    item = an_item("mug", name="Becher", sku="SKU-77", category="Küche", description="aus Ton, <b>handbemalt</b>")
    raw_store.write(lambda tx: tx.items.save([item]))
    for query in ("becher", "sku-77", "77", "kuche ton", "handbemalt"):
        assert found(raw_store, query) == {"mug"}


def test_a_changed_item_is_found_by_its_new_words_only(raw_store: Store) -> None:
    fill(raw_store, {"mug": "red mug", "cup": "red cup"})
    fill(raw_store, {"mug": "blue mug"})
    raw_store.write(lambda tx: tx.items.save([an_item("cup", name="red cup", status="finishing")]))
    assert found(raw_store, "red") == set()
    assert found(raw_store, "mug") == found(raw_store, "blue mug") == {"mug"}


def test_a_search_keeps_filter_order_and_pages(raw_store: Store) -> None:
    raw_store.write(
        lambda tx: tx.items.save([an_item(f"t{n}", name=f"Tea {n}", category="ab"[n % 2]) for n in range(9)])
    )
    search = Shop(raw_store).catalog.search
    page = search("tea", ItemFilter(category="a", sort="name", order="desc"), PageRequest(page=2, limit=2))
    assert ([item.id for item in page], page.total) == (["t4", "t2"], 5)


def test_a_search_for_nothing_is_refused_and_one_for_signs_finds_nothing(raw_store: Store) -> None:
    fill(raw_store, SHELF)
    for blank in ("", "  \t\n", "\u3000"):
        assert isinstance(raised(partial(found, raw_store, blank)), InvalidInput)
    assert found(raw_store, "!?") == set()


LONG = "x" * 5000


@pytest.mark.parametrize("text", [LONG, "é" * 5000, "字" * 5000, " ".join(f"w{n}" for n in range(3000))])
def test_words_of_any_length_and_number_can_be_kept_and_found(raw_store: Store, text: str) -> None:
    item = an_item("long", name="Scroll", description=text)
    raw_store.write(lambda tx: tx.items.save([item]))
    assert found(raw_store, "scroll") == {"long"}
    assert found(raw_store, text[:20]) == {"long"}
    assert found(raw_store, text) == {"long"}
    assert found(raw_store, text[:-1] + "!" + text[-1] + "y") == set()


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)


def test_any_text_is_found_by_the_beginnings_of_its_words(opened: Opened) -> None:
    """The query is a part of some item's name, so that there is something to be found."""

    @tried(60)
    @given(st.lists(WORDS, min_size=1, max_size=6), st.data())
    def finds_them(names: list[str], data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(names))
        start = data.draw(st.integers(0, len(name)))
        query = name[start : start + data.draw(st.integers(0, 6))]
        shelf = [an_item(f"i{number}", name=dict(enumerate(names)).get(number, "")) for number in range(6)]
        opened.store.write(lambda tx: tx.items.save(shelf))
        if query.strip():
            expected = listed_naively(shelf, ItemFilter(words=fold(query))) if fold(query) else []
            assert found(opened.store, query) == {item.id for item in expected}, (query, fold(query))

    finds_them()
