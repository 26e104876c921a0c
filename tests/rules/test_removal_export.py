"""Files of removal records: a stable layout, exact values, and nothing that a spreadsheet would execute."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from shopcore.money import Money
from shopcore.removals.export import HEADER, csv_chunks, ndjson_chunks
from shopcore.removals.model import Removal

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
REMOVAL = Removal(
    id="r1",
    cart_id="c1",
    owner="u1",
    item_id="mug",
    sku=None,
    item_name="Mug, blue",
    quantity=2,
    unit_price=Money(750, "EUR"),
    reason="removed",
    added_at=NOON,
    removed_at=NOON + timedelta(minutes=1, microseconds=5),
)


def read_csv(removal: Removal) -> dict[str, str]:
    [row] = csv.DictReader(io.StringIO("".join(csv_chunks([removal])), newline=""))
    return row


def test_the_header_is_that_of_the_api_and_stays_as_it_is() -> None:
    assert "".join(csv_chunks([])) == (
        "id,itemId,sku,itemName,quantity,unitPrice,currency,reason,removedAt,addedAt,userId,username,cartId,isDraft,"
        "orderId,outcome,returnedAt,boughtLaterOrderId\r\n"
    )


def test_a_csv_row_has_exact_prices_and_times_in_utc() -> None:
    elsewhere = REMOVAL.added_at.astimezone(timezone(timedelta(hours=2)))

    row = read_csv(replace(REMOVAL, added_at=elsewhere))

    assert row["unitPrice"] == "7.50"
    assert row["addedAt"] == "2026-05-01T12:00:00Z"
    assert row["removedAt"] == "2026-05-01T12:01:00.000005Z"
    assert (row["sku"], row["isDraft"], row["orderId"]) == ("", "true", "")


def test_a_row_of_json_has_the_same_names_and_the_price_as_a_number() -> None:
    line = "".join(ndjson_chunks([replace(REMOVAL, unit_price=Money(1_000_000_000_007, "EUR"), order_id="o1")]))

    record = json.loads(line, parse_float=Decimal)

    assert tuple(record) == HEADER
    assert record["unitPrice"] == Decimal("10000000000.07")
    assert record["sku"] is None
    assert (record["isDraft"], record["quantity"]) == (False, 2)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_what_a_spreadsheet_would_take_for_a_formula_becomes_text(start: str) -> None:
    row = read_csv(replace(REMOVAL, item_name=f"{start}1+1", sku=f"{start}x", username=f"{start}ann"))

    assert (row["itemName"], row["sku"], row["username"]) == (f"'{start}1+1", f"'{start}x", f"'{start}ann")


def test_whatever_a_name_holds_comes_back_from_the_file() -> None:
    name = 'a "b", c\nd\re\r\n; é \u2028 漢'

    assert read_csv(replace(REMOVAL, item_name=name))["itemName"] == name
    assert json.loads("".join(ndjson_chunks([replace(REMOVAL, item_name=name)])))["itemName"] == name


def test_memory_does_not_grow_with_the_rows() -> None:
    def many() -> Iterator[Removal]:
        for number in range(20_000):
            yield replace(REMOVAL, id=f"r{number}")

    tracemalloc.start()
    try:
        rows = sum(chunk.count("\n") for chunk in csv_chunks(many()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert rows == 20_001
    assert peak < 2_000_000
