"""The number of SQL statements does not grow with the number of commands, lines or rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from shopcore.carts.commands import AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch
from shopcore_testing.selling import item, told
from stores import Opened

pytestmark = pytest.mark.parametrize("open_store", ["sqlite", "postgresql"], indirect=True)
MANY = 100

Make = Callable[[int], Sequence[CartCommand]]


def many(kind: Callable[..., CartCommand], **options: object) -> Make:
    """One command for each of so many owners, who have carts."""
    return lambda number: [kind(owner=f"o{n}", **options) for n in range(number)]


BATCHES: dict[str, Make] = {
    "add a line": many(AddItem, item_id="mug"),
    "add to a line": many(AddItem, item_id="cup"),
    "add as a newcomer": lambda number: [AddItem(owner=f"new{n}", item_id="mug") for n in range(number)],
    "decrease": many(SetQuantity, item_id="cup", quantity=1),
    "remove": many(RemoveItem, item_id="cup"),
    "clear": many(ClearCart),
    "order": many(PlaceOrder),
    "be refused": many(RemoveItem, item_id="mug"),
}


@pytest.fixture(autouse=True)
def carts(shop: Shop) -> None:
    """A hundred carts with two cups each."""
    item(shop, stock=1000)
    item(shop, "cup", 1000)
    shop.carts.handle(many(AddItem, item_id="cup", quantity=2)(MANY))


def statements(opened: Opened, shop: Shop, commands: Sequence[CartCommand]) -> int:
    with opened.statements() as sent:
        outcomes = shop.carts.handle(commands)
    assert len({told(outcome) for outcome in outcomes}) == 1
    return sum(not statement.startswith("BEGIN") for statement in sent)


@pytest.mark.parametrize("name", BATCHES)
def test_a_batch_of_a_hundred_sends_what_one_sends(opened: Opened, shop: Shop, name: str) -> None:
    several = statements(opened, shop, BATCHES[name](MANY)[1:])
    one = statements(opened, shop, BATCHES[name](1))
    print(f"\n{opened.kind}: {name}: {one} statements for one, {several} for {MANY - 1}")
    assert several == one
    assert 0 < one <= 20


@pytest.mark.parametrize("act", ["order", "clear"])
def test_a_cart_of_twenty_lines_sends_what_one_line_sends(opened: Opened, shop: Shop, act: str) -> None:
    kind = {"order": PlaceOrder, "clear": ClearCart}[act]
    shop.carts.handle([AddItem(owner="one", item_id="mug")])
    for number in range(20):
        item(shop, f"i{number}")
    shop.carts.handle([AddItem(owner="twenty", item_id=f"i{number}") for number in range(20)])
    sent = [statements(opened, shop, [kind(owner=owner)]) for owner in ("one", "twenty")]
    print(f"\n{opened.kind}: {act}: {sent[0]} statements for 1 line, {sent[1]} for 20")
    assert sent[0] == sent[1]


def test_a_mixed_batch_sends_no_more_than_its_kinds_together(opened: Opened, shop: Shop) -> None:
    def mixed(start: int, number: int) -> list[CartCommand]:
        owners = [f"o{n}" for n in range(start, start + number)]
        kinds: list[Callable[[str], CartCommand]] = [
            lambda owner: AddItem(owner=owner, item_id="mug"),
            lambda owner: RemoveItem(owner=owner, item_id="cup"),
            lambda owner: AddItem(owner=owner, item_id="cup"),
            lambda owner: PlaceOrder(owner=owner),
            lambda owner: AddItem(owner=owner, item_id="cup"),
        ]
        return [make(owner) for make in kinds for owner in owners]

    counted = [statements(opened, shop, mixed(start, number)) for start, number in ((0, 1), (1, 10), (11, 80))]
    print(f"\n{opened.kind}: mixed: {counted}")
    assert len(set(counted)) == 1


def test_reclaiming_many_carts_sends_what_reclaiming_one_sends(opened: Opened, shop: Shop, watch: Watch) -> None:
    for name, holders in (("one", 1), ("sixty", 60)):
        item(shop, name, 60)
        quantity = 60 // holders
        shop.carts.handle([AddItem(owner=f"{name}{n}", item_id=name, quantity=quantity) for n in range(holders)])
    watch.on(minutes=15)
    sent = [statements(opened, shop, [AddItem(owner="o1", item_id=name, quantity=5)]) for name in ("one", "sixty")]
    print(f"\n{opened.kind}: reclaim: {sent[0]} statements for 1 cart, {sent[1]} for 60")
    assert sent[0] == sent[1]


def test_a_sweep_and_a_page_send_the_same_for_few_and_many(opened: Opened, shop: Shop, watch: Watch) -> None:
    watch.on(minutes=15)
    acts: dict[str, Callable[[int], object]] = {
        "sweep": lambda limit: shop.inventory.sweep(limit=limit),
        "sweep the rest": lambda _: shop.inventory.sweep(),  # of lines that hold nothing a page tells what there is
        "carts": lambda limit: shop.carts.list(PageRequest(limit=limit)),
        "items": lambda limit: shop.catalog.list(None, PageRequest(limit=limit)),
        "removals": lambda limit: shop.removals.list(None, PageRequest(limit=limit)),
    }
    sent: dict[str, list[int]] = {}
    for name, act in acts.items():
        for limit in (1, 90):
            with opened.statements() as statements:
                act(limit)
            sent.setdefault(name, []).append(len(statements))
    del sent["sweep the rest"]
    print(f"\n{opened.kind}: {sent}")
    assert all(few == many for few, many in sent.values())
