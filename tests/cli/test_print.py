"""What is printed: exact, aligned, and harmless."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcore_cli.cells import cell
from shopcore_cli.json_text import json_text
from shopcore_cli.tables import Table

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SCALARS = st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False)
DOCUMENTS = st.recursive(
    SCALARS, lambda parts: st.lists(parts, max_size=4) | st.dictionaries(st.text(), parts, max_size=4), max_leaves=20
)


@given(DOCUMENTS)
def test_a_document_comes_back_exactly_as_it_was_printed(document: Any) -> None:
    assert json.loads(json_text(document), parse_float=Decimal) == document
    assert json.loads(json_text(document, indent=None), parse_float=Decimal) == document


def test_money_keeps_its_decimals_and_a_time_is_utc() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=2)))

    assert json_text({"price": Decimal("7.50"), "at": elsewhere, "none": [], "tags": ("a", "b")}) == (
        '{\n  "price": 7.50,\n  "at": "2026-05-01T12:00:00Z",\n  "none": [],\n  "tags": [\n    "a",\n    "b"\n  ]\n}'
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        (True, "yes"),
        (Decimal("7.50"), "7.50"),
        (NOON, "2026-05-01 12:00:00Z"),
        (["a", 1], "a, 1"),
        ({"size": "L"}, "size: L"),
        ("a\nb\x1b[31m\u202e", r"a\nb\x1b[31m\u202e"),
        ("\udcff", r"\udcff"),
        ("é漢", "é漢"),
    ],
)
def test_a_value_is_shown_in_words_that_do_nothing_to_a_terminal(value: Any, shown: str) -> None:
    assert cell(value) == shown


def test_columns_are_as_wide_as_what_stands_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    Table(["name", "units"], [["漢字", "10"], ["mug", "1"], ["cafe\u0301", "100"]], [False, True]).print()

    assert capsys.readouterr().out == "name  units\n漢字     10\nmug       1\ncafe\u0301    100\n"
