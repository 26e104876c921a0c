"""The auditor on every store: nothing to say of a shop that was only used, whatever happened in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from busy_shop import busy_shop
from shop_copies import Rows, in_memory, read_rows, write_rows
from shopcore.audit import AuditReport, Violation
from shopcore.audit.books import StockBook
from shopcore.audit.model import Tally
from shopcore.audit.rules import STOCK
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_sql import SqlStore
from stores import Opened, migrate, on_sqlite

QUESTIONS = ["stock", "ledger", "holds", "lines", "removals", "carts", "owners", "orders", "keys", "users", "sessions"]


def books(store: Store) -> dict[str, list[Any]]:
    with store.read() as tx:
        return {question: list(getattr(tx.audit, question)()) for question in QUESTIONS}


def test_a_shop_in_which_everything_has_happened_is_clean(opened: Opened) -> None:
    shop = busy_shop(opened.store)

    report = shop.auditor.run()

    assert report.violations == ()
    assert report.clean
    assert min(report.checked.values()) > 0
    assert opened.must_be_idle is not None
    opened.must_be_idle()


def test_an_empty_shop_is_clean(opened: Opened) -> None:
    report = Shop(opened.store).auditor.run()

    assert report == AuditReport(violations=(), found=0, checked=dict.fromkeys(report.checked, 0))


def test_all_stores_keep_the_same_books(rows: Rows, loose_sqlite: SqlStore, loose_postgresql: SqlStore) -> None:
    write_rows(loose_sqlite.url, rows)
    write_rows(loose_postgresql.url, rows)

    kept = [books(store) for store in (in_memory(rows), loose_sqlite, loose_postgresql)]

    assert kept[0] == kept[1] == kept[2]


def test_all_books_are_of_one_moment(opened: Opened) -> None:
    shop = Shop(opened.store)
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=10)
    shop.carts.add_item("ann", mug.id)

    with opened.store.read() as tx:
        [stock] = tx.audit.stock()
        shop.carts.add_item("bob", mug.id)
        lines, carts = list(tx.audit.lines()), list(tx.audit.carts())

    assert stock.live == 1
    assert len(lines) == len(carts) == 1


def test_an_audit_changes_nothing(tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/shop.db")
    shop = busy_shop(store)
    before = read_rows(store.url)

    shop.auditor.run()

    assert read_rows(store.url) == before
    shop.close()


def test_the_number_of_statements_does_not_grow_with_the_shop(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/template.db")
    with on_sqlite(tmp_path / "template.db", tmp_path / "shop.db") as opened:
        with opened.statements() as of_an_empty_shop:
            Shop(opened.store).auditor.run()
        shop = busy_shop(opened.store)

        with opened.statements() as of_a_busy_shop:
            shop.auditor.run()

    assert len(of_a_busy_shop) == len(of_an_empty_shop) <= 20


def test_a_report_keeps_some_violations_and_counts_them_all(rows: Rows) -> None:
    store = in_memory({**rows, "stock": [{**level, "on_hand": 999} for level in rows["stock"]]})

    report = Shop(store).auditor.run(most=3)

    assert len(report.violations) == 3
    assert report.found == len(Shop(store).auditor.run().violations) == 2 * len(rows["stock"])
    assert not report.clean


def test_a_violation_says_which_rule_is_broken_by_what_and_how() -> None:
    violation = Violation(rule="S2", subject="item mug", message="3 held, but live holds add up to 2")
    assert str(violation) == "S2: item mug: 3 held, but live holds add up to 2"


def test_memory_does_not_grow_with_the_books() -> None:
    """A tally takes a stream as it comes: it has judged each book before the next one is there."""
    seen: list[int] = []
    tally = Tally(most=1)

    def stream() -> Iterator[StockBook]:
        for number in range(3):
            seen.append(tally.report().found)
            yield StockBook(item_id=str(number), tracked=True, on_hand=0, held=1)

    tally.check(stream(), STOCK[:1])

    assert seen == [0, 1, 2]
    assert tally.report().checked == {"S1": 3}
