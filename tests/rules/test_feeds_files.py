"""Files as they come: encodings, compression, broken quotes, and things that are no product file at all."""

from __future__ import annotations

import gzip
import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed_files import SHOPIFY, WOOCOMMERCE, bad, items, only, read
from shopcore.catalog.feeds import FORMATS, BadRow, FeedRow, ItemDraft, read_feed, sniff, text_lines
from shopcore.errors import InvalidInput

HEADER = b"Handle,Title,Variant Price\n"
TABLE = HEADER + "pot,Töpfchen,9.99\ncup,Cup,5\n".encode()


def feed(data: bytes, *, format_name: str | None = None, filename: str = "") -> list[FeedRow]:
    return list(read_feed(io.BytesIO(data), currency="EUR", format_name=format_name, filename=filename))


def refusal(data: bytes, **options: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        feed(data, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        TABLE,
        b"\xef\xbb\xbf" + TABLE,
        gzip.compress(TABLE),
        gzip.compress(b"\xef\xbb\xbf" + TABLE),
        TABLE.replace(b"\n", b"\r\n"),
        TABLE.replace(b"\n", b"\r"),
        b"\n\n" + TABLE.rstrip(),
        TABLE.replace(b"Handle", b" HANDLE "),
    ],
    ids=["utf-8", "mark", "gzip", "gzip and mark", "crlf", "cr", "blank lines", "header in capitals"],
)
def test_text_files_of_every_make_are_read(data: bytes) -> None:
    assert [item.name for item in items(feed(data))] == ["Töpfchen", "Cup"]


def test_the_file_stays_open_for_whoever_opened_it() -> None:
    file = io.BytesIO(TABLE)
    list(text_lines(file))

    assert not file.closed


def test_whoever_opened_a_file_may_close_it_before_all_of_it_is_read() -> None:
    for data in (TABLE, gzip.compress(TABLE)):
        file = io.BytesIO(data)
        lines = text_lines(file)
        next(lines)
        file.close()
        del lines


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "file: is in none of the known formats shopify, woocommerce, jsonl: name its format"),
        (b"\n \n", "file: is in none of the known formats shopify, woocommerce, jsonl: name its format"),
        (b"PK\x03\x04\x14\x00", "file: is an Excel workbook or a zip archive: save it as CSV (UTF-8)"),
        (TABLE.decode().encode("utf-16"), "file: is encoded as UTF-16: save it as CSV (UTF-8)"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "file: is not encoded as UTF-8, at or after line 1: save it as CSV (UTF-8)"),
        (b"GIF89a\x00\n", "file: line 1 holds a NUL byte: this is not a text file"),
        (gzip.compress(TABLE)[:-9], "file: is damaged: its compressed data cannot be read to the end"),
        (b"\x1f\x8b garbage", "file: is damaged: its compressed data cannot be read to the end"),
        (b"x" * (1 << 20) + b"x", "file: line 1 has more than 1048576 characters"),
    ],
)
def test_what_is_no_text_file_is_refused_with_what_to_do(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


def test_a_file_in_an_older_encoding_is_refused_even_if_only_its_end_shows_it() -> None:
    data = HEADER + b"pot,Pot,1\n" * 20_000 + "pot,Töpfchen,9.99\n".encode("latin-1")

    assert "is not encoded as UTF-8" in refusal(data)


@pytest.mark.parametrize(
    ("data", "format_name", "reason"),
    [
        (b"", "shopify", "file: is empty"),
        (b"\n", "jsonl", "file: is empty"),
        (
            b"Handle,Name\n",
            "shopify",
            "file: is not a Shopify product CSV: its first line lacks the column title, variant price",
        ),
        (
            b"Handle;Title;Variant Price\n",
            "shopify",
            "file: is not a Shopify product CSV: its first line lacks the column handle, title, variant price "
            "(columns must be separated by commas)",
        ),
        (
            TABLE,
            "woocommerce",
            "file: is not a WooCommerce product CSV: its first line lacks the column type, name, regular price",
        ),
        (TABLE, "jsonl", "file: is not JSON lines: every line must be an object like {...}"),
        (TABLE, "xml", "format: must be one of shopify, woocommerce, jsonl"),
        (
            b'"Handle,Title\n',
            "shopify",
            "file: has a quote that is not closed properly in the row that starts at line 1; "
            "correct that row and try again",
        ),
    ],
)
def test_a_file_of_another_format_is_refused(data: bytes, format_name: str, reason: str) -> None:
    assert refusal(data, format_name=format_name) == reason


@pytest.mark.parametrize(
    "rows",
    [b'pot,"Pot,1\ncup,Cup,2\n', b'pot,"Pot,1\ncup,"Cup",2\n', b'pot,"Pot\nof ""clay"",1\n'],
    ids=["to the end", "to the next quote", "on the last line"],
)
def test_a_quote_that_is_never_closed_is_refused_where_it_starts(rows: bytes) -> None:
    assert refusal(HEADER + b"first,First,1\n" + rows) == (
        "file: has a quote that is not closed properly in the row that starts at line 3; correct that row and try again"
    )


def test_a_cell_beyond_what_csv_can_read_is_refused_where_it_starts() -> None:
    reason = refusal(HEADER + b"first,First,1\npot," + b"x" * 140_000 + b",1\n")

    assert reason.startswith("file: has a cell of more than 131072 characters in the row that starts at line 3")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b'pot,"12" pot",1', "is not well-formed: a quote inside of a cell must be doubled"),
        (b"pot,Pot", "has 2 cells, the header has 3"),
        (b"pot,Pot,1,299.00", "has 4 cells, the header has 3"),
    ],
)
def test_a_row_that_is_broken_within_its_line_costs_only_itself(row: bytes, reason: str) -> None:
    rows = feed(HEADER + b"first,First,1\n" + row + b"\nlast,Last,2\n")

    assert bad(rows) == [(3, (reason,))]
    assert sorted(row.name for row in rows if isinstance(row, ItemDraft)) == ["First", "Last"]


def test_blank_rows_and_empty_cells_behind_the_last_column_do_no_harm() -> None:
    rows = feed(HEADER + b"\n,,\npot,Pot,1,,\n\n")

    assert [item.row for item in items(rows)] == [4]


def test_a_quote_inside_an_unquoted_cell_is_just_a_quote() -> None:
    assert only(feed(HEADER + b'pot,12" pot,1\n')).name == '12" pot'


def test_a_file_with_a_header_and_nothing_else_has_no_rows() -> None:
    assert feed(HEADER) == []


@pytest.mark.parametrize(
    ("line", "filename", "name"),
    [
        (SHOPIFY + "\n", "", "shopify"),
        ("\ufeffTitle,URL handle,Price\r\n", "x.csv", "shopify"),
        (WOOCOMMERCE, "", "woocommerce"),
        ('ID,Type,SKU,Name,"Is featured?","Regular price"', "", "woocommerce"),
        (' {"name": "Mug"}', "mugs.csv", "jsonl"),
        ("", "empty.jsonl", "jsonl"),
        ("", "EMPTY.NDJSON.gz", "jsonl"),
    ],
)
def test_the_format_is_told_from_the_first_line_and_else_from_the_name(line: str, filename: str, name: str) -> None:
    assert sniff(line, filename) == name


@pytest.mark.parametrize("line", ["", "a,b,c", '"', "x" * 140_000 + ",b", "Handle;Title;Variant Price"])
def test_an_unknown_first_line_is_refused(line: str) -> None:
    with pytest.raises(InvalidInput, match="none of the known formats"):
        sniff(line, "products.csv")


headers = st.sampled_from(
    [SHOPIFY.encode() + b"\n", WOOCOMMERCE.encode() + b"\n", HEADER, b'{"name": "a", "price": 1}\n', b""]
)
scraps = st.lists(
    st.sampled_from(
        [
            b",",
            b'"',
            b"\n",
            b"\r",
            b"pot",
            b"9.99",
            b"<p>",
            b"variation",
            b"\xff",
            b"\x00",
            "ü".encode(),
            b"-1",
            b"{",
            b"}",
        ]
    ),
    max_size=60,
).map(b"".join)


@settings(max_examples=300)
@given(head=headers, rest=scraps | st.binary(max_size=60), name=st.sampled_from([None, *FORMATS]))
def test_whatever_a_file_holds_is_read_or_refused(head: bytes, rest: bytes, name: str | None) -> None:
    rows: list[FeedRow] = []

    with suppress(InvalidInput):
        rows = feed(head + rest, format_name=name)

    assert all(row.row >= 1 for row in rows)
    assert all(row.reasons for row in rows if isinstance(row, BadRow))


@settings(max_examples=60)
@given(spoiled=st.sets(st.integers(0, 19)), format_name=st.sampled_from(["shopify", "woocommerce", "jsonl"]))
def test_bad_rows_are_reported_one_by_one_and_nothing_else_is_lost(spoiled: set[int], format_name: str) -> None:
    prices = ["oops" if n in spoiled else f"{n}.25" for n in range(20)]
    lines = {
        "shopify": ["Handle,Title,Variant Price\n", *(f"pot-{n},Pot {n},{price}\n" for n, price in enumerate(prices))],
        "woocommerce": ["Type,Name,Regular price\n", *(f"simple,Pot {n},{price}\n" for n, price in enumerate(prices))],
        "jsonl": ["\n", *(f'{{"name": "Pot {n}", "price": {price}}}\n' for n, price in enumerate(prices))],
    }[format_name]

    rows = read(format_name, lines)

    assert {row for row, _ in bad(rows)} == {n + 2 for n in spoiled}
    assert {row.row: row.name for row in rows if isinstance(row, ItemDraft)} == {
        n + 2: f"Pot {n}" for n in range(20) if n not in spoiled
    }
