"""Items from the command line: files in and out, lists, and counting stock."""

from __future__ import annotations

import gzip
import json
from decimal import Decimal
from pathlib import Path

import pytest

from shopcore.shop import Shop
from terminal import Terminal

SHOPIFY = """Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,Variant Price
mug,Mug,Size,Small,MUG-S,4,7.50
mug,,Size,Large,MUG-L,2,9.00
cup,Cup,Title,Default Title,,1,3.00
"""


def write(terminal: Terminal, name: str, text: str) -> Path:
    file = terminal.folder / name
    file.write_text(text)
    return file


def test_a_product_file_is_taken_in_and_taking_it_in_again_changes_nothing(terminal: Terminal, shop: Shop) -> None:
    file = write(terminal, "products.csv", SHOPIFY)

    first = terminal.document("items", "import", file, "--actor", "clerk")
    again = terminal.document("items", "import", file)

    assert (first["added"], first["rejected"]) == (3, 0)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)
    large = shop.catalog.search("mug large").items[0]
    assert (large.sku, large.price.major, large.stock) == ("MUG-L", Decimal("9.00"), 2)
    assert shop.inventory.explain(large.id).entries[0].actor == "clerk"


def test_a_file_may_be_compressed_or_come_from_stdin(terminal: Terminal, shop: Shop) -> None:
    (terminal.folder / "products.csv.gz").write_bytes(gzip.compress(SHOPIFY.encode()))

    assert terminal.run("items", "import", terminal.folder / "products.csv.gz").code == 0
    assert terminal.run("items", "import", "-", stdin=SHOPIFY).code == 0
    assert shop.catalog.list().total == 3


def test_a_bad_row_is_told_with_its_number_and_the_rest_is_imported(terminal: Terminal, shop: Shop) -> None:
    file = write(terminal, "products.csv", SHOPIFY.replace("9.00", "dear"))

    ended = terminal.run("items", "import", file)
    document = terminal.run("items", "import", file, "--json")

    assert ended.code == 1
    assert ended.err == ("row 3 rejected: price: must be a decimal number\nError: 1 of 3 rows could not be taken\n")
    assert document.document["rows"] == [
        {"row": 3, "outcome": "rejected", "reasons": ["price: must be a decimal number"]}
    ]
    assert shop.catalog.list().total == 2


def test_a_dry_run_says_what_would_happen_and_does_nothing(terminal: Terminal, shop: Shop) -> None:
    file = write(terminal, "products.csv", SHOPIFY)

    document = terminal.document("items", "import", file, "--dry-run")

    assert (document["added"], document["dryRun"]) == (3, True)
    assert shop.catalog.list().total == 0


def test_what_is_read_before_a_file_breaks_off_is_told(terminal: Terminal, shop: Shop) -> None:
    lines = "".join(f'{{"id": "i{number}", "name": "Item", "price": 1}}\n' for number in range(5000))
    packed = gzip.compress(lines.encode())
    (terminal.folder / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])

    ended = terminal.run("items", "import", terminal.folder / "cut.jsonl.gz")

    assert (ended.code, ended.out) == (1, "")
    assert "is damaged: its compressed data cannot be read to the end" in ended.err
    assert ended.err.count("\n") == 1
    assert f"(before that {shop.catalog.list().total} items went in; importing again goes on)" in ended.err


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "a,b\n1,2\n", "is in none of the known formats"),
        ("a.csv", "", "a.csv is"),
        ("a.xlsx", "PK\x03\x04", "is an Excel workbook"),
    ],
)
def test_a_file_of_another_kind_is_one_clear_line(terminal: Terminal, name: str, text: str, words: str) -> None:
    ended = terminal.run("items", "import", write(terminal, name, text))

    assert (ended.code, ended.out) == (1, "")
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_an_export_is_taken_in_by_another_shop_as_it_was(terminal: Terminal, shop: Shop, tmp_path: Path) -> None:
    terminal.run("items", "import", "-", stdin=SHOPIFY)
    other = f"sqlite:///{tmp_path / 'other.db'}"

    lines = terminal.run("items", "export").out
    assert terminal.run("items", "import", "-", stdin=lines, DATABASE_URL=other).code == 0

    assert terminal.run("items", "export", DATABASE_URL=other).out == lines
    assert [json.loads(line) for line in lines.splitlines()] == terminal.document("items", "export")


def test_an_export_of_nothing_is_empty_and_its_document_an_empty_list(terminal: Terminal) -> None:
    assert terminal.run("items", "export").out == ""
    assert terminal.document("items", "export") == []


def test_items_are_found_filtered_and_sorted(terminal: Terminal, shop: Shop) -> None:
    for name, price, stock, category in (("Mug", "7.50", 1, "kitchen"), ("Mugwort", "2", 0, "garden")):
        shop.catalog.add_item(item_id=name.lower(), name=name, price=price, stock=stock, category=category)

    def ids(*words: str) -> list[str]:
        return [item["id"] for item in terminal.document("items", "list", *words)["items"]]

    assert ids("--search", "mug", "--sort", "price") == ["mugwort", "mug"]
    assert ids("--sort", "name", "--order", "desc") == ["mugwort", "mug"]
    assert ids("--in-stock") == ["mug"]
    assert ids("--sold-out") == ["mugwort"]
    assert ids("--category", "garden") == ["mugwort"]
    assert terminal.run("items", "list", "--search", " ").code == 2


def test_an_item_is_shown_as_the_api_shows_it(terminal: Terminal, shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=3, attributes={"glaze": "blue"}, max_per_customer=2)

    document = terminal.document("items", "show", mug.id)
    table = terminal.run("items", "show", mug.id)

    assert document == {
        "id": mug.id,
        "name": "Mug",
        "price": 7.5,
        "currency": "EUR",
        "sku": None,
        "description": "",
        "category": None,
        "imageUrls": [],
        "stock": 3,
        "createdAt": mug.created_at.isoformat().replace("+00:00", "Z"),
        "glaze": "blue",
        "maxPerCustomer": 2,
        "status": "listed",
    }
    assert '"price": 7.50,' in terminal.run("items", "show", mug.id, "--json").out
    assert "price              7.50 EUR\n" in table.out


def test_stock_is_set_to_what_was_counted(terminal: Terminal, shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=3)
    shop.carts.add_item("ann", mug.id, quantity=2)

    rehearsed = terminal.document("items", "set-stock", mug.id, "9", "--reason", "count", "--dry-run")
    assert shop.catalog.get(mug.id).stock == 1
    done = terminal.document("items", "set-stock", mug.id, "9", "--reason", "count", "--actor", "clerk")

    assert rehearsed == done == {"itemId": mug.id, "onHand": 9, "held": 2, "available": 7}
    assert shop.inventory.explain(mug.id).entries[0].actor == "clerk"


def test_less_than_is_held_is_a_conflict_unless_carts_may_lose_it(terminal: Terminal, shop: Shop) -> None:
    mug = shop.catalog.add_item(name="Mug", price="7.50", stock=3)
    shop.carts.add_item("ann", mug.id)
    shop.carts.add_item("bob", mug.id, quantity=2)

    refused = terminal.run("items", "set-stock", mug.id, "1", "--reason", "count")
    done = terminal.document("items", "set-stock", mug.id, "1", "--reason", "count", "--release", "newest-first")

    assert (refused.code, refused.out) == (5, "")
    assert "carts hold 3, 2 more than the level asked for" in refused.err
    assert done["available"] == 0
    assert [line.hold for line in shop.carts.get("ann").lines] == ["live"]
    assert [line.hold for line in shop.carts.get("bob").lines] == ["expired"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nothing", "5", "--reason", "count"], 4),
        (["song", "5", "--reason", "count"], 5),
        (["mug", "5", "--reason", " "], 2),
        (["mug", "--reason", "count", "--", "-5"], 2),
        (["mug", "many", "--reason", "count"], 2),
        (["mug", "5"], 2),
    ],
)
def test_stock_that_cannot_be_set_stays(terminal: Terminal, shop: Shop, words: list[str], code: int) -> None:
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=3)
    shop.catalog.add_item(item_id="song", name="Song", price="1")

    assert terminal.run("items", "set-stock", *words).code == code
    assert shop.catalog.get("mug").stock == 3


def test_real_product_files_are_taken_whole_and_twice_is_once(terminal: Terminal, shop: Shop, real_data: Path) -> None:
    for name in ("shopify_apparel.csv", "shopify_home-and-garden.csv"):
        first = terminal.document("items", "import", real_data / "catalogs" / name)
        again = terminal.document("items", "import", real_data / "catalogs" / name)

        assert first["added"] > 0
        assert (first["rejected"], again["added"], again["changed"]) == (0, 0, 0)
        assert again["unchanged"] == first["added"]


def test_an_item_that_is_not_there_is_not_found(terminal: Terminal) -> None:
    assert terminal.run("items", "show", "nothing").code == 4
