"""A machine that does whatever shoppers, staff and time do, in any order, to a shop and to its model."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from shopcore.carts.commands import AbandonCart, AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.carts.desk import Outcome
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.model_books import Thing
from shopcore_testing.opened import OpenStore
from shopcore_testing.samples import euros
from shopcore_testing.selling import a_key, item, reprice, track
from shopcore_testing.shop_compared import (
    answer_of,
    carts,
    expected_carts,
    expected_levels,
    expected_orders,
    expected_removals,
    levels,
    orders,
    removals,
)
from shopcore_testing.shop_model import Model, Refusal
from shopcore_testing.sound import must_be_sound

OWNERS = st.sampled_from(["ann", "bob", "cid"])
ITEMS = st.sampled_from(["cup", "few", "mug", "song"])
UNITS = st.sampled_from([1, 1, 2, 3, 5, 997])
CENTS = st.sampled_from([800, 1000, 1200])
MINUTES = st.sampled_from([1, 7, 14, 15, 40])
EXPECTED = st.sampled_from([None, None, 1000, 5000, 10**9])


class Trade(RuleBasedStateMachine):
    """Each rule is done to the shop and to the model; then all that can be seen of both is compared."""

    def __init__(self, open_store: OpenStore) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.opened = self.stack.enter_context(open_store())
        self.watch = Watch()
        self.shop = self.other = Shop(self.opened.store, clock=self.watch)
        if self.opened.elsewhere:
            self.other = Shop(self.opened.elsewhere(), clock=self.watch)
            self.stack.callback(self.other.close)
        stock = {"cup": 3, "few": 9, "mug": 6, "song": None}
        for name, units in stock.items():
            item(self.shop, name, units, max_per_customer=3 if name == "few" else None)
        things = {name: Thing(1000, units, 3 if name == "few" else None) for name, units in stock.items()}
        self.model = Model(self.watch.now, things)
        self.orders: list[str] = []
        self.steps = 0
        self.keyed: list[tuple[CartCommand, Outcome]] = []

    def teardown(self) -> None:
        must_be_sound(self.opened.store)
        if self.opened.must_be_idle:
            self.opened.must_be_idle()
        self.stack.close()

    @rule()
    def go_to_the_other_program(self) -> None:
        """What one has done the other knows, whatever it remembers."""
        self.shop, self.other = self.other, self.shop

    def do(self, kind: type[CartCommand], expected: Refusal, keyed: bool = False, **values: Any) -> Outcome:
        key = a_key(f"k{len(self.keyed)}") if keyed else None
        command = kind(key=key, **values)
        [outcome] = self.shop.carts.handle([command])
        assert answer_of(outcome) == expected
        if keyed and not expected:
            self.keyed.append((command, outcome))
        return outcome

    # ---- shoppers

    @initialize(adds=st.lists(st.tuples(OWNERS, ITEMS, st.integers(1, 3)), min_size=2, max_size=6), minutes=MINUTES)
    def begin(self, adds: list[tuple[str, str, int]], minutes: int) -> None:
        for owner, item_id, quantity in adds:
            self.add(owner, item_id, quantity, keyed=False)
            self.time_goes_on()
        self.wait(minutes)

    @rule(owner=OWNERS, item_id=ITEMS, quantity=UNITS, keyed=st.booleans())
    def add(self, owner: str, item_id: str, quantity: int, keyed: bool) -> None:
        expected = self.model.add(owner, item_id, quantity)
        self.do(AddItem, expected, keyed, owner=owner, item_id=item_id, quantity=quantity)

    @rule(item_id=st.sampled_from(["cup", "mug"]), data=st.data())
    def add_what_is_there(self, item_id: str, data: st.DataObject) -> None:
        """And one unit more, if it is by what others hold."""
        quantity = data.draw(st.integers(1, 1 + max(1, self.model.available(item_id))))
        self.add(data.draw(OWNERS), item_id, quantity, keyed=False)

    @precondition(lambda self: self.lines())
    @rule(data=st.data(), quantity=st.sampled_from([0, 1, 2, 4, 999]))
    def set_quantity(self, data: st.DataObject, quantity: int) -> None:
        owner, item_id = data.draw(st.sampled_from(self.lines()))
        expected = self.model.put(owner, item_id, quantity)
        self.do(SetQuantity, expected, owner=owner, item_id=item_id, quantity=quantity)

    @precondition(lambda self: self.lines())
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        owner, item_id = data.draw(st.sampled_from(self.lines()))
        self.do(RemoveItem, self.model.remove(owner, item_id), owner=owner, item_id=item_id)

    @precondition(lambda self: self.steps % 5 == 0)
    @rule(owner=OWNERS, item_id=ITEMS, removed=st.booleans())
    def change_what_may_not_be_there(self, owner: str, item_id: str, removed: bool) -> None:
        if removed:
            self.do(RemoveItem, self.model.remove(owner, item_id), owner=owner, item_id=item_id)
        else:
            self.do(SetQuantity, self.model.put(owner, item_id, 2), owner=owner, item_id=item_id, quantity=2)

    @precondition(lambda self: self.steps % 5 == 1)
    @rule(owner=OWNERS, leave=st.booleans())
    def clear_or_abandon(self, owner: str, leave: bool) -> None:
        if leave:
            self.do(AbandonCart, self.model.abandon(owner), owner=owner)
        else:
            self.do(ClearCart, self.model.clear(owner), owner=owner)

    @precondition(lambda self: self.steps % 3 == 2)
    @rule(owner=OWNERS, expected=EXPECTED, keyed=st.booleans())
    def order(self, owner: str, expected: int | None, keyed: bool) -> None:
        refusal = self.model.order(owner, expected)
        total = None if expected is None else euros(expected)
        outcome = self.do(PlaceOrder, refusal, keyed, owner=owner, expected_total=total)
        if not refusal:
            self.orders.append(outcome.take(Order).id)

    @precondition(lambda self: self.lines())
    @rule(data=st.data(), minutes=MINUTES)
    def order_some_time_later(self, data: st.DataObject, minutes: int) -> None:
        owner, _ = data.draw(st.sampled_from(self.lines()))
        self.wait(minutes)
        self.time_goes_on()
        self.order(owner, 10**9, keyed=True)

    @precondition(lambda self: self.keyed)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        command, before = data.draw(st.sampled_from(self.keyed))
        [outcome] = self.shop.carts.handle([command])
        assert outcome.replayed
        assert outcome.answer == before.answer

    # ---- time and staff

    @rule(minutes=MINUTES)
    def wait(self, minutes: int) -> None:
        self.watch.on(minutes=minutes)

    @rule()
    def sweep(self) -> None:
        while self.shop.inventory.sweep(limit=2):
            pass
        self.model.sweep()

    @rule(item_id=ITEMS, cents=CENTS)
    def reprice(self, item_id: str, cents: int) -> None:
        error = raised(lambda: reprice(self.shop, item_id, str(euros(cents).major)))
        assert answer_of(error) == self.model.reprice(item_id, cents)

    @rule(item_id=ITEMS, units=st.integers(0, 8), release=st.booleans())
    def count(self, item_id: str, units: int, release: bool) -> None:
        options: dict[str, Any] = {"release_holds": "newest-first"} if release else {}
        error = raised(lambda: self.shop.inventory.change(item_id, on_hand=units, reason="c", actor="s", **options))
        assert answer_of(error) == self.model.count(item_id, units, release)

    @precondition(lambda self: self.steps > 12 and self.model.things["song"].on_hand is None)
    @rule(units=st.integers(0, 6))
    def track(self, units: int) -> None:
        error = raised(lambda: track(self.shop, "song", units))
        assert answer_of(error) == self.model.track("song", units)

    @precondition(lambda self: self.steps > 18)
    @rule(item_id=ITEMS, mode=st.sampled_from(["finish", "recall"]))
    def archive(self, item_id: str, mode: Any) -> None:
        self.shop.catalog.archive(item_id, actor="staff", mode=mode)
        self.model.archive(item_id, mode)

    @precondition(lambda self: self.orders)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, len(self.orders) - 1))
        self.shop.orders.cancel(self.orders[number], actor="support")
        self.model.cancel(number)

    # ---- what must be the same

    @invariant()
    def all_that_can_be_seen_is_the_same(self) -> None:
        assert levels(self.shop) == expected_levels(self.model)
        assert carts(self.shop) == expected_carts(self.model)
        assert removals(self.shop, self.orders) == expected_removals(self.model)
        assert orders(self.shop, self.orders) == expected_orders(self.model)

    @invariant()
    def time_goes_on(self) -> None:
        """No two steps happen at one moment."""
        self.watch.on(seconds=1)
        self.model.now = self.watch.now
        self.steps += 1

    def lines(self) -> list[tuple[str, str]]:
        return [(owner, name) for owner, cart in self.model.carts.items() for name in cart]
