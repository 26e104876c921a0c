"""Whatever is done to a cart, in any order: units added are removed, in the cart or ordered; holds match levels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shopcore.carts.commands import PlaceOrder
from shopcore.carts.leaving import lapse, take_out
from shopcore.carts.rules import next_version, put_quantity
from shopcore.carts.view import shown_version
from shopcore.catalog.model import Sellable
from shopcore.checkout.rules import place_order
from shopcore.errors import ShopError
from shopcore.facts import HOLDING, CartFact, ItemAdded, ItemRemoved
from shopcore.inventory.model import Level
from shopcore_testing.samples import MINUTE, NOON, a_cart, a_level, an_item
from turns import a_turn, after

NAMES = ("mug", "cup", "song")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "take", "lapse", "reprice", "wait"]),
        st.sampled_from(NAMES),
        st.integers(1, 7),
    ),
    max_size=25,
)


class Shelf:
    """One cart, two counted items and one that is not."""

    def __init__(self) -> None:
        self.cart = a_cart("c1", "ann")
        self.items: dict[str, Sellable] = {name: an_item(name) for name in NAMES}
        self.levels: dict[str, Level] = {name: a_level(name, 5) for name in ("mug", "cup")}
        self.facts: list[CartFact] = []
        self.now = NOON
        self.versions = [1]

    def do(self, step: str, name: str, number: int) -> None:
        item, line = self.items[name], self.cart.lines.get(name)
        turn = a_turn(self.now)
        if step == "wait":
            self.now += timedelta(minutes=number)
        elif step == "reprice":
            self.items[name] = an_item(name, price_revision=item.price_revision + 1)
        elif step == "put":
            self.happen(put_quantity(self.cart, item, self.levels.get(name), number, turn, asked=number))
        elif step == "take" and line:
            version = next_version(self.cart, item)
            self.happen(take_out(self.cart, item, turn, reason="removed", version=version))
        elif step == "lapse" and line and not line.lapse:
            self.happen(lapse(self.cart, item, turn, reason="expired"))
        self.versions.append(shown_version(self.cart, self.items))

    def happen(self, facts: Iterable[CartFact]) -> None:
        try:
            happened = [fact for fact in facts if fact.cart_id == self.cart.id]
        except ShopError:
            return
        self.cart = after(self.cart, happened)
        self.facts += happened
        for fact in happened:
            if isinstance(fact, HOLDING) and fact.held:
                self.levels[fact.item_id] = self.levels[fact.item_id].after(fact)

    def must_add_up(self) -> None:
        added = Counter[str]()
        for fact in self.facts:
            if isinstance(fact, ItemAdded | ItemRemoved):
                added[fact.item_id] += fact.quantity if isinstance(fact, ItemAdded) else -fact.quantity
        assert {name: units for name, units in added.items() if units} == {
            name: line.counted for name, line in self.cart.lines.items() if line.counted
        }
        for name, level in self.levels.items():
            line = self.cart.lines.get(name)
            assert level.held == (line.held if line else 0)
            assert 0 <= level.held <= level.on_hand
            assert line is None or line.held == line.counted


@given(STEPS)
def test_units_and_holds_add_up_after_anything(steps: list[tuple[str, str, int]]) -> None:
    shelf = Shelf()
    for step in steps:
        shelf.do(*step)
        shelf.must_add_up()
    assert shelf.versions == sorted(shelf.versions)
    assert shelf.cart.removals == sum(isinstance(fact, ItemRemoved) for fact in shelf.facts)


@given(STEPS)
def test_facts_one_by_one_and_all_at_once_leave_the_same_cart(steps: list[tuple[str, str, int]]) -> None:
    shelf = Shelf()
    for step in steps:
        shelf.do(*step)
    begun = one_by_one = a_cart("c1", "ann")

    for fact in shelf.facts:
        one_by_one = one_by_one.after(fact)

    assert begun.after(*shelf.facts) == one_by_one == shelf.cart


@given(STEPS)
def test_an_order_takes_all_of_the_cart_out_of_the_stock(steps: list[tuple[str, str, int]]) -> None:
    shelf = Shelf()
    for step in steps:
        shelf.do(*step)
    shelf.now += 10 * MINUTE
    before, cart = dict(shelf.levels), shelf.cart
    command = PlaceOrder(owner="ann", if_version=shown_version(cart, shelf.items))

    shelf.happen(place_order(cart, command, shelf.items, shelf.levels, a_turn(shelf.now)))

    if shelf.cart.status == "ordered":
        for name, level in shelf.levels.items():
            sold = cart.lines[name].quantity if name in cart.lines else 0
            assert level == a_level(name, before[name].on_hand - sold)
