"""Removals from the command line: lists, counts, and files of any size."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from shopcore.carts.commands import AddItem, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.money import Money
from shopcore.removals.export import HEADER
from shopcore.removals.model import Removal
from shopcore.shop import Shop
from shopcore_cli.removed_files import write_parquet
from shopcore_cli.workbook import write_xlsx
from terminal import Terminal

DAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def history(terminal: Terminal, shop: Shop) -> Terminal:
    """Ann removes a mug and buys a cup on the first; Bob lowers and clears on the second and third."""
    for item in ("mug", "cup"):
        shop.catalog.add_item(item_id=item, name=item.title(), price="7.50")
    first, second, third = (DAY + timedelta(days=number, hours=12) for number in range(3))
    shop.carts.handle(
        [
            AddItem(owner="ann", item_id="mug", at=first),
            AddItem(owner="ann", item_id="cup", at=first),
            RemoveItem(owner="ann", item_id="mug", at=first),
            PlaceOrder(owner="ann", at=first),
            AddItem(owner="bob", item_id="cup", quantity=3, at=second),
            SetQuantity(owner="bob", item_id="cup", quantity=2, at=second),
            ClearCart(owner="bob", at=third),
        ]
    )
    return terminal


def found(terminal: Terminal, *words: str) -> list[tuple[str, str]]:
    return [(row["userId"], row["reason"]) for row in terminal.document("removed", "list", *words)["items"]]


CLEARED, LOWERED, REMOVED = ("bob", "cleared"), ("bob", "decreased"), ("ann", "removed")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], [CLEARED, LOWERED, REMOVED]),
        (["--state", "draft"], [CLEARED, LOWERED]),
        (["--state", "checked_out"], [REMOVED]),
        (["--outcome", "lost"], [REMOVED]),
        (["--reason", "cleared", "--reason", "removed"], [CLEARED, REMOVED]),
        (["--reason", "expired"], []),
        (["--user", "ann"], [REMOVED]),
        (["--item", "cup"], [CLEARED, LOWERED]),
        (["--since", "2026-05-02"], [CLEARED, LOWERED]),
        (["--until", "2026-05-02"], [LOWERED, REMOVED]),
        (["--until", "2026-05-02T12:00:00Z"], [REMOVED]),
        (["--since", "2026-05-02T14:00+02:00", "--until", "2026-05-02"], [LOWERED]),
    ],
)
def test_list_summary_and_export_agree_under_every_filter(
    history: Terminal, words: list[str], expected: list[tuple[str, str]]
) -> None:
    exported = history.run("removed", "export", *words).out
    counted = history.document("removed", "summary", "--by", "customer", *words)["items"]

    assert found(history, *words) == expected
    assert [(row["userId"], row["reason"]) for row in csv.DictReader(io.StringIO(exported))] == expected[::-1]
    assert sum(row["removals"] for row in counted) == len(expected)


def test_time_can_be_given_backwards_from_now(terminal: Terminal, shop: Shop) -> None:
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for owner, at in (("ann", yesterday), ("bob", datetime.now(UTC))):
        shop.carts.handle([AddItem(owner=owner, item_id="mug", at=at), RemoveItem(owner=owner, item_id="mug", at=at)])

    assert found(terminal, "--since", "2d") == [("bob", "removed"), ("ann", "removed")]
    assert found(terminal, "--since", "12h") == [("bob", "removed")]
    assert found(terminal, "--until", "90m") == [("ann", "removed")]


@pytest.mark.parametrize("time", ["yesterday", "30", "2026-02-30", "d", "-1d", "9999999w"])
def test_a_time_that_is_none_is_wrong_usage(terminal: Terminal, time: str) -> None:
    ended = terminal.run("removed", "list", f"--since={time}")

    assert (ended.code, ended.out) == (2, "")
    assert "is no time" in ended.err


def test_a_record_is_shown_as_the_api_shows_it(history: Terminal, shop: Shop) -> None:
    [removal] = shop.removals.list(owner="ann")

    [shown] = history.document("removed", "list", "--user", "ann")["items"]

    assert tuple(shown) == HEADER
    assert (shown["id"], shown["unitPrice"], shown["isDraft"]) == (removal.id, 7.5, False)
    assert shown["removedAt"] == "2026-05-01T12:00:00Z"


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("item", ["cup", "mug"]),
        ("customer", ["bob", "ann"]),
        ("reason", ["cleared", "decreased", "removed"]),
        ("day", ["2026-05-03", "2026-05-02", "2026-05-01"]),
    ],
)
def test_removals_are_counted_by(history: Terminal, by: str, keys: list[str]) -> None:
    page = history.document("removed", "summary", "--by", by)
    table = history.run("removed", "summary", "--by", by)

    assert [row["key"] for row in page["items"]] == keys
    assert [line.split()[0] for line in table.out.splitlines()] == ["key", *keys]


def test_a_summary_has_exact_values(history: Terminal) -> None:
    cup = history.document("removed", "summary", "--by", "item")["items"][0]

    assert cup == {
        "key": "cup",
        "label": "Cup",
        "removals": 2,
        "quantity": 3,
        "value": 22.5,
        "currency": "EUR",
        "customers": 1,
        "carts": 1,
        "lost": 0,
        "recovered": 0,
        "boughtLater": 0,
    }


def test_an_export_is_the_same_on_stdout_and_in_a_file(history: Terminal) -> None:
    for file_format in ("csv", "ndjson"):
        written = history.run("removed", "export", "--format", file_format, "-o", "out")
        printed = history.process("removed", "export", "--format", file_format)

        assert (written.code, written.out) == (0, "")
        assert (history.folder / "out").read_text(encoding="utf-8") == printed.out


def test_lines_of_json_are_the_records_of_the_list(history: Terminal) -> None:
    lines = history.run("removed", "export", "--format", "ndjson").out.splitlines()

    assert [json.loads(line) for line in lines] == history.document("removed", "list")["items"][::-1]


def test_an_export_can_be_one_document(history: Terminal) -> None:
    assert history.document("removed", "export") == history.document("removed", "list")["items"][::-1]
    assert history.document("removed", "export", "--item", "nothing") == []
    assert history.run("removed", "export", "--json", "--format", "csv").code == 2


@pytest.mark.parametrize("file_format", ["xlsx", "parquet"])
def test_a_terminal_is_spared_what_it_cannot_show(history: Terminal, file_format: str) -> None:
    shown = history.at_a_terminal("removed", "export", "--format", file_format)

    assert shown.code == 2
    assert "name a file" in shown.out


# ---- files that need a library


def removals(number: int) -> Iterator[Removal]:
    for each in range(number):
        yield replace(REMOVAL, id=f"r{each}")


REMOVAL = Removal(
    id="r",
    cart_id="c",
    owner="u",
    item_id="mug",
    sku="=1+1",
    item_name="+Mug",
    quantity=2,
    unit_price=Money(750, "EUR"),
    reason="removed",
    added_at=DAY,
    removed_at=DAY + timedelta(milliseconds=1),
)


def sheets(file: io.BytesIO) -> list[list[list[str]]]:
    """The texts of a workbook's cells, by sheet and row."""
    namespace = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    book = zipfile.ZipFile(file)
    assert book.testzip() is None
    names = sorted(name for name in book.namelist() if name.startswith("xl/worksheets/"))
    parsed = [ET.fromstring(book.read(name)) for name in names]
    assert [list(sheet.iter(f"{namespace}f")) for sheet in parsed] == [[]] * len(parsed), "no formulas"
    return [[["".join(cell.itertext()) for cell in row] for row in sheet.iter(f"{namespace}row")] for sheet in parsed]


def test_a_workbook_has_texts_for_texts_and_goes_on_in_a_further_sheet() -> None:
    pytest.importorskip("xlsxwriter")
    file = io.BytesIO()

    write_xlsx(removals(5), file, sheet_rows=3)

    first, second, third = sheets(file)
    assert [row[0] for row in first] == ["id", "r0", "r1"]
    assert [row[0] for row in second] == ["id", "r2", "r3"]
    assert [row[0] for row in third] == ["id", "r4"]
    assert first[1][:7] == ["r0", "mug", "=1+1", "+Mug", "2", "7.5", "EUR"]


def test_a_workbook_that_is_exactly_full_and_one_without_records_can_be_opened() -> None:
    pytest.importorskip("xlsxwriter")
    for number in (0, 2):
        file = io.BytesIO()
        write_xlsx(removals(number), file, sheet_rows=3)
        assert sum(len(sheet) - 1 for sheet in sheets(file)) == number


def test_a_parquet_file_keeps_exact_prices_and_times() -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    file = io.BytesIO()

    write_parquet(removals(25_000), file)

    table: Any = parquet.read_table(file)
    assert table.num_rows == 25_000
    assert table.column_names == list(HEADER)
    row = table.slice(24_999, 1).to_pylist()[0]
    assert (row["id"], str(row["unitPrice"]), row["removedAt"]) == ("r24999", "7.5000", REMOVAL.removed_at)
    assert (row["isDraft"], row["orderId"]) == (True, None)


@pytest.mark.parametrize(("file_format", "module"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
def test_a_spreadsheet_comes_whole_or_not_at_all(history: Terminal, file_format: str, module: str) -> None:
    pytest.importorskip(module)

    written = history.process("removed", "export", "--format", file_format, "-o", "out")
    full = history.process("removed", "export", "--format", file_format, "-o", "/dev/full")

    assert (written.code, written.err) == (0, "")
    assert (history.folder / "out").stat().st_size > 1000
    assert full.code == 1
    assert full.err == "Error: the output cannot be written: No space left on device; make room and try again\n"
