"""What sales see of removals: records, their summary, and their export."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import repeat

import pytest

from shopcore import Shop
from shopcore.errors import StoreBusy
from shopcore.money import Money
from shopcore.removals.export import HEADER
from shopcore.removals.model import Removal
from shopcore_http.counter import EXPORTS, Counter
from shopcore_http.export import streamed
from shopcore_http.limits import LoginLimit
from shopcore_memory import MemoryStore
from webshop import Web


def removed(web: Web, name: str, *item_ids: str) -> None:
    web.fill(name, *item_ids)
    for item_id in item_ids:
        web.call("DELETE", f"/api/cart/items/{item_id}", by=name)


def rows(web: Web, query: str = "") -> list[dict[str, object]]:
    answer = web.get(f"/api/removed-items?page=1&{query}", by="sales")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["items"]
    return found


def test_a_removal_is_a_draft_until_its_cart_is_checked_out(any_web: Web) -> None:
    mug, pot = any_web.item(sku="MUG-1"), any_web.item(name="Pot")
    any_web.fill("ann", mug, quantity=2)
    any_web.watch.on(seconds=5)
    any_web.call("DELETE", f"/api/cart/items/{mug}", by="ann")

    [draft] = rows(any_web)
    order = any_web.order("ann", pot)
    [final] = rows(any_web)

    assert tuple(draft) == HEADER
    assert draft | {"id": "", "cartId": "", "userId": ""} == {
        "id": "",
        "itemId": mug,
        "sku": "MUG-1",
        "itemName": "Mug",
        "quantity": 2,
        "unitPrice": 7.5,
        "currency": "EUR",
        "reason": "removed",
        "removedAt": "2026-05-01T12:00:05Z",
        "addedAt": "2026-05-01T12:00:00Z",
        "userId": "",
        "username": "ann",
        "cartId": "",
        "isDraft": True,
        "orderId": None,
        "outcome": "open",
        "returnedAt": None,
        "boughtLaterOrderId": None,
    }
    assert final == {**draft, "isDraft": False, "orderId": order["id"], "outcome": "lost"}


def test_what_comes_back_is_recovered_and_what_is_bought_later_is_told(web: Web) -> None:
    mug, pot, pan = web.item(), web.item(name="Pot"), web.item(name="Pan")
    removed(web, "ann", mug, pot)
    web.order("ann", mug, pan)
    later = web.order("ann", pot)

    fates = {row["itemId"]: row for row in rows(web)}

    assert (fates[mug]["outcome"], fates[mug]["returnedAt"]) == ("recovered", "2026-05-01T12:00:00Z")
    assert (fates[pot]["outcome"], fates[pot]["boughtLaterOrderId"]) == ("lost", later["id"])


def test_removals_are_filtered(any_web: Web) -> None:
    mug, pot = any_web.item(stock=100), any_web.item(name="Pot")
    removed(any_web, "ann", mug)
    any_web.order("ann", pot)
    any_web.watch.on(days=2)
    any_web.log_in("ann")
    any_web.token("bob")
    removed(any_web, "bob", pot)
    bob = any_web.shop.accounts.find("bob").id

    def items(query: str) -> list[object]:
        return [row["itemId"] for row in rows(any_web, query)]

    assert items("") == [pot, mug]
    assert items("state=draft") == [pot]
    assert items("state=checked_out") == [mug]
    assert items("outcome=lost") == [mug]
    assert items("reason=cleared") == []
    assert items("reason=all") == [pot, mug]
    assert items(f"userId={bob}") == [pot]
    assert items(f"itemId={mug}") == [mug]
    assert items("from=2026-05-02") == [pot]
    assert items("to=2026-05-01") == [mug]
    assert items("from=2026-05-01T12:00:00Z&to=2026-05-01T12:00:00Z") == []
    assert items("from=2026-05-01T14:00:00%2B02:00&to=2026-05-03") == [pot, mug]


def test_removals_of_the_shop_itself_are_asked_for_by_reason(web: Web) -> None:
    mug = web.item()
    web.fill("ann", mug)
    web.watch.on(minutes=16)
    web.shop.inventory.sweep()

    assert rows(web) == []
    assert [row["reason"] for row in rows(web, "reason=expired")] == ["expired"]


def test_a_summary_counts_removals_and_distinct_carts(any_web: Web) -> None:
    mug = any_web.item(price="7.50")
    removed(any_web, "ann", mug)
    removed(any_web, "ann", mug)
    removed(any_web, "bob", mug)

    [row] = any_web.get("/api/removed-items/summary?by=item&page=1", by="sales").json()["items"]

    assert row == {
        "key": mug,
        "label": "Mug",
        "currency": "EUR",
        "removals": 3,
        "quantity": 3,
        "value": 22.5,
        "customers": 2,
        "carts": 2,
        "lost": 0,
        "recovered": 0,
        "boughtLater": 0,
    }


@pytest.mark.parametrize(("by", "labels"), [("customer", {"ann"}), ("reason", {"removed"}), ("day", {"2026-05-01"})])
def test_a_summary_is_by_what_is_asked_for(web: Web, by: str, labels: set[str]) -> None:
    removed(web, "ann", web.item())

    page = web.get(f"/api/removed-items/summary?by={by}&page=1", by="sales").json()

    assert {row["label"] for row in page["items"]} == labels


def exported(web: Web, file_format: str, query: str = "") -> list[dict[str, object]]:
    answer = web.get(f"/api/removed-items/export?format={file_format}&{query}", by="sales")
    assert answer.status_code == 200
    assert f'filename="removed-items.{file_format}"' in answer.headers["content-disposition"]
    if file_format == "csv":
        return list(csv.DictReader(io.StringIO(answer.text)))
    return [json.loads(line) for line in answer.text.splitlines()]


def test_an_export_has_what_the_pages_have_oldest_first(any_web: Web) -> None:
    mug, pot = any_web.item(), any_web.item(name="Pot")
    removed(any_web, "ann", mug)
    any_web.watch.on(seconds=1)
    removed(any_web, "bob", pot)

    assert exported(any_web, "ndjson") == rows(any_web)[::-1]
    assert [row["itemId"] for row in exported(any_web, "csv")] == [mug, pot]
    assert [row["itemId"] for row in exported(any_web, "csv", f"itemId={pot}")] == [pot]


def test_an_export_without_removals_is_a_header(table: Web) -> None:
    answer = table.get("/api/removed-items/export?format=csv", by="sales")

    assert answer.text == ",".join(HEADER) + "\r\n"
    assert answer.headers["content-type"].startswith("text/csv")


def test_a_spreadsheet_does_not_run_what_a_name_says(web: Web) -> None:
    removed(web, "ann", web.item(name="=HYPERLINK(1)"))

    assert exported(web, "csv")[0]["itemName"] == "'=HYPERLINK(1)"


def test_an_export_of_many_pieces_is_complete(web: Web) -> None:
    mug = web.item(stock=2)
    for _ in range(1100):
        web.shop.carts.add_item("ann", mug)
        web.shop.carts.remove_item("ann", mug)

    assert len(exported(web, "csv")) == 1100


def test_exports_that_nobody_reads_leave_the_store_to_the_shoppers() -> None:
    def many() -> Iterator[Removal]:
        yield from repeat(removal, 5000)

    async def rush() -> None:
        sending = [await streamed(many(), "csv", counter) for _ in range(EXPORTS)]
        with pytest.raises(StoreBusy):
            await streamed(many(), "csv", counter)
        del sending[0]
        sending.append(await streamed(many(), "csv", counter))

    noon = datetime(2026, 1, 31, 12, tzinfo=UTC)
    removal = Removal(
        id="r1",
        cart_id="c1",
        owner="ann",
        item_id="mug",
        sku=None,
        item_name="Mug",
        quantity=1,
        unit_price=Money(750, "EUR"),
        reason="removed",
        added_at=noon,
        removed_at=noon,
    )
    shop = Shop(MemoryStore())
    counter = Counter(shop, LoginLimit(shop.limits, 0))

    asyncio.run(rush())

    counter.close()
