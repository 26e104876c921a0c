"""Real shoppers' events put through the shop: what each of them means."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from event_files import COUNTED, Row, event_file, independent_count, removal_counts, replayed
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_memory import MemoryStore
from shopcore_testing.sound import must_be_sound
from terminal import Ended, Terminal

OCTOBER, NOVEMBER = "2019-10-05 10:00:{:02}", "2019-11-05 10:00:{:02}"


def replay(terminal: Terminal, *rows: Row, words: tuple[str, ...] = (), name: str = "events.csv") -> Ended:
    (terminal.folder / name).write_text(event_file(rows))
    return terminal.run("replay", terminal.folder / name, *words, "--json")


def counted(ended: Ended) -> dict[str, int]:
    assert ended.code == 0, ended.err
    return {name: ended.document[name] for name in COUNTED if ended.document[name]}


def test_views_do_nothing_and_products_become_items_without_stock(terminal: Terminal, shop: Shop) -> None:
    ended = replay(terminal, Row("ann", "look", "1"), Row("ann", "add", "9007199254740993", price="3.50"))

    assert (ended.document["views"], ended.document["events"], ended.document["items"]) == (1, 1, 1)
    [item] = shop.catalog.list()
    assert (item.id, item.name, item.price.major, item.stock) == (
        *("9007199254740993", "Product 9007199254740993", Decimal("3.50"), None),
    )


def test_adding_again_raises_and_removing_takes_the_whole_line(terminal: Terminal, shop: Shop) -> None:
    ended = replay(
        terminal,
        *[Row("ann", "add", "mug", OCTOBER.format(second)) for second in range(3)],
        Row("ann", "remove", "mug", OCTOBER.format(3)),
        Row("ann", "remove", "mug", OCTOBER.format(3)),
    )

    assert counted(ended) == {"added": 1, "raised": 2, "removed": 1, "refused": 1, "removedDraft": 1}
    [removal] = shop.removals.list()
    assert removal.quantity == 3
    assert removal.removed_at == datetime(2019, 10, 5, 10, 0, 3, tzinfo=UTC)


def test_what_is_bought_in_one_second_is_one_order_of_the_whole_cart(terminal: Terminal, shop: Shop) -> None:
    ended = replay(
        terminal,
        Row("ann", "add", "mug"),
        Row("ann", "add", "cup"),
        Row("ann", "add", "pot"),
        Row("ann", "remove", "pot"),
        Row("ann", "buy", "mug", OCTOBER.format(7)),
        Row("bob", "add", "mug", OCTOBER.format(7)),
        Row("ann", "buy", "cup", OCTOBER.format(7)),
        Row("ann", "buy", "mug", OCTOBER.format(8)),
    )

    assert counted(ended) == {
        **{"added": 4, "removed": 1, "orders": 1, "orderLines": 2, "ordersRefused": 1, "removedFinal": 1},
    }
    [removal] = shop.removals.list()
    assert (removal.outcome, removal.is_draft) == ("lost", False)


def test_a_cart_that_is_open_when_a_new_month_begins_is_abandoned(terminal: Terminal, shop: Shop) -> None:
    ended = replay(
        terminal,
        Row("ann", "add", "mug", OCTOBER.format(0)),
        Row("ann", "remove", "mug", OCTOBER.format(1)),
        Row("ann", "add", "cup", OCTOBER.format(2)),
        Row("ann", "buy", "cup", NOVEMBER.format(0)),
    )

    assert counted(ended) == {"added": 2, "removed": 1, "ordersRefused": 1, "removedDraft": 1}
    assert ended.document["abandoned"] == 1
    assert [removal.outcome for removal in shop.removals.list()] == ["abandoned"]


def test_prefill_puts_in_first_what_was_evidently_there(terminal: Terminal, shop: Shop) -> None:
    rows = [
        Row("ann", "add", "mug", OCTOBER.format(0)),
        Row("ann", "remove", "cup", OCTOBER.format(1)),
        Row("ann", "remove", "mug", OCTOBER.format(2)),
        Row("ann", "buy", "pot", OCTOBER.format(3)),
        Row("ann", "add", "cup", OCTOBER.format(4)),
    ]

    ended = replay(terminal, *rows, words=("--prefill",))

    assert counted(ended) == {
        **{"prefilled": 2, "added": 2, "removed": 2, "orders": 1, "orderLines": 1, "removedFinal": 2},
    }
    [order] = terminal.document("orders", "list")["items"]
    [line] = terminal.document("orders", "show", order["id"])["items"]
    assert (line["itemId"], line["quantity"]) == ("pot", 1)


def test_each_month_is_prefilled_for_itself(terminal: Terminal, shop: Shop) -> None:
    ended = replay(
        terminal,
        Row("ann", "remove", "mug", OCTOBER.format(0)),
        Row("ann", "remove", "mug", NOVEMBER.format(0)),
        words=("--prefill",),
    )

    assert counted(ended) == {"prefilled": 2, "removed": 2, "removedDraft": 2}


def test_prices_move_with_the_events_and_stop_nobody_from_buying(terminal: Terminal, shop: Shop) -> None:
    ended = replay(
        terminal,
        Row("ann", "add", "mug", OCTOBER.format(0), price="2.50"),
        Row("bob", "add", "mug", OCTOBER.format(1), price="4.00"),
        Row("bob", "remove", "mug", OCTOBER.format(2), price="3.00"),
        Row("ann", "buy", "mug", OCTOBER.format(3), price="3.75"),
    )

    assert counted(ended)["orders"] == 1
    [order] = shop.orders.list(PageRequest())
    assert order.total.major == Decimal("3.75")
    [removal] = shop.removals.list()
    assert removal.unit_price.major == Decimal("3.00")
    assert shop.catalog.get("mug").price.major == Decimal("3.75")


def test_the_order_of_the_file_counts_and_not_its_times(terminal: Terminal, shop: Shop) -> None:
    ended = replay(
        terminal,
        Row("ann", "add", "mug", OCTOBER.format(9)),
        Row("ann", "remove", "mug", OCTOBER.format(3)),
        Row("ann", "add", "cup", "2019-09-30 23:00:00"),
    )

    assert counted(ended) == {"added": 2, "removed": 1, "removedDraft": 1}
    [removal] = shop.removals.list()
    assert removal.added_at == removal.removed_at


def test_a_broken_row_is_told_by_its_number_and_the_rest_goes_on(terminal: Terminal, shop: Shop) -> None:
    good = event_file([Row("ann", "add", "mug"), Row("ann", "add", "cup")]).splitlines()
    broken = [
        "soon,cart,1,1,,,2.50,ann,s",
        "2019-10-01 10:00:00 UTC,steal,1,1,,,2.50,ann,s",
        "2019-10-01 10:00:00 UTC,cart,1,1,,,-2.50,ann,s",
        "2019-10-01 10:00:00 UTC,cart,,1,,,2.50,,s",
        "2019-10-01 10:00:00 UTC,cart",
    ]
    file = terminal.folder / "events.csv"
    file.write_text("\n".join([*good[:2], *broken, good[2]]) + "\n")

    ended = terminal.run("replay", file)
    document = terminal.run("replay", file, "--json", "--dry-run", DATABASE_URL="sqlite:///other.db").document

    assert ended.code == 1
    assert [line.split(":")[0] for line in ended.err.splitlines()[:5]] == [f"row {row} broken" for row in range(3, 8)]
    assert "price: must not be negative" in ended.err
    assert ended.err.endswith("Error: 5 rows could not be read\n")
    assert (document["added"], document["broken"], len(document["brokenRows"])) == (2, 5, 5)
    assert shop.catalog.list().total == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "lacks the column event_time"),
        (gzip.compress(event_file([Row("ann", "add", "mug")]).encode())[:60], "is damaged"),
        (b"\xff\xfe\x00", "is encoded as UTF-16"),
    ],
)
def test_a_file_that_is_none_is_one_clear_line_and_makes_no_shop(nowhere: Terminal, content: bytes, words: str) -> None:
    (nowhere.folder / "events.csv").write_bytes(content)

    ended = nowhere.run("replay", "events.csv")

    assert (ended.code, ended.out) == (1, "")
    assert words in ended.err
    assert ended.err.count("\n") == 1
    assert not (nowhere.folder / "shop.db").exists()


def test_the_same_file_twice_is_refused_and_changes_nothing(terminal: Terminal, shop: Shop) -> None:
    rows = [Row("ann", "add", "mug"), Row("bob", "remove", "cup")]
    replay(terminal, *rows)
    before = terminal.document("carts", "list")

    for words in ((), ("--prefill",), ("--dry-run",)):
        again = replay(terminal, *rows, words=words)
        assert (again.code, again.out) == (5, "")
        assert "already" in again.err

    assert terminal.document("carts", "list") == before


def test_a_file_that_goes_on_with_the_same_shoppers_is_taken(terminal: Terminal, shop: Shop) -> None:
    replay(terminal, Row("ann", "add", "mug", OCTOBER.format(0)), Row("bob", "add", "mug", OCTOBER.format(0)))

    later = replay(
        terminal,
        Row("ann", "buy", "mug", OCTOBER.format(9)),
        Row("bob", "remove", "mug", NOVEMBER.format(0)),
        name="later.csv",
    )

    assert counted(later) == {"orders": 1, "orderLines": 1, "refused": 1}
    assert later.document["abandoned"] == 1


def test_a_dry_run_counts_and_keeps_nothing(terminal: Terminal, shop: Shop) -> None:
    rehearsed = replay(terminal, Row("ann", "add", "mug"), words=("--dry-run",))

    assert counted(rehearsed) == {"added": 1}
    assert shop.catalog.list().total == 0
    assert counted(replay(terminal, Row("ann", "add", "mug"))) == {"added": 1}


def test_an_item_that_the_shop_has_keeps_its_name_and_gets_the_price(terminal: Terminal, shop: Shop) -> None:
    shop.catalog.add_item(item_id="mug", name="Stoneware mug", price="9.00")

    replay(terminal, Row("ann", "add", "mug", price="2.50"))

    item = shop.catalog.get("mug")
    assert (item.name, item.price.major) == ("Stoneware mug", Decimal("2.50"))


def test_the_counts_are_printed_for_people_too(terminal: Terminal, shop: Shop) -> None:
    (terminal.folder / "events.csv").write_text(event_file([Row("ann", "add", "mug")]))

    ended = terminal.run("replay", "events.csv")

    assert ended.code == 0
    assert "added          1\n" in ended.out


SHOPPERS, ITEMS = st.sampled_from(["ann", "bob"]), st.sampled_from(["mug", "cup", "pot"])
ACTS = st.sampled_from(["look", "add", "add", "remove", "buy"])
MOMENTS = st.sampled_from([f"2019-1{month}-05 10:00:{second:02}" for month in range(3) for second in range(4)])
ROWS = st.lists(st.builds(Row, SHOPPERS, ACTS, ITEMS, MOMENTS, st.sampled_from(["2.50", "3.00"])), max_size=40)


@given(rows=ROWS, prefill=st.booleans(), batch=st.sampled_from([1, 3, 250]))
@settings(max_examples=60)
def test_whatever_shoppers_do_it_comes_to_what_an_independent_count_says(
    rows: list[Row], prefill: bool, batch: int
) -> None:
    rows.sort(key=lambda row: row.time)
    store = MemoryStore()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shopcore_cli.rees46.replay.BATCH", batch)

        shop, counts = replayed(store, event_file(rows), prefill=prefill)

    draft, final = removal_counts(shop)
    assert {**{name: counts[name] for name in COUNTED}, "removedDraft": draft, "removedFinal": final} == (
        independent_count(rows, prefill=prefill)
    )
    must_be_sound(store)
