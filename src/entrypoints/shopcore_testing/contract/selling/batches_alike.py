"""A batch of any commands gives the outcomes, and leaves the shop, that the same commands do one by one."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shopcore.carts.commands import (
    AbandonCart,
    AddItem,
    CartCommand,
    ClearCart,
    PlaceOrder,
    RemoveItem,
    SetQuantity,
    ShowCart,
)
from shopcore.money import Money
from shopcore.paging import PageRequest
from shopcore.removals.model import RemovalFilter
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch
from shopcore_testing.opened import OpenStore
from shopcore_testing.selling import ALL, EVERY_REASON, a_key, item, reprice
from shopcore_testing.sound import must_be_sound
from shopcore_testing.trying import tried

OWNERS = st.sampled_from(["ann", "bob", "cid"])
ITEMS = st.sampled_from(["mug", "cup", "few", "song", "gone"])
QUANTITIES = st.sampled_from([1, 2, 3, 5, 998])
CONSENT = st.sampled_from([None, Money(100, "EUR"), Money(10**6, "EUR")])
VERSIONS = st.sampled_from([None, None, None, 2, 4])
KEYS = st.sampled_from([None, None, None, "k1", "k2"])
COMMON: dict[str, Any] = {"owner": OWNERS, "if_version": VERSIONS}
REQUESTS: st.SearchStrategy[CartCommand] = st.one_of(
    st.builds(AddItem, item_id=ITEMS, quantity=QUANTITIES, **COMMON),
    st.builds(AddItem, item_id=ITEMS, quantity=QUANTITIES, **COMMON),
    st.builds(SetQuantity, item_id=ITEMS, quantity=QUANTITIES, **COMMON),
    st.builds(RemoveItem, item_id=ITEMS, **COMMON),
    st.builds(PlaceOrder, expected_total=CONSENT, **COMMON),
    st.builds(PlaceOrder, owner=OWNERS),
    st.builds(ClearCart, **COMMON),
    st.builds(AbandonCart, owner=OWNERS),
    st.builds(ShowCart, **COMMON),
)


def keyed(command: CartCommand, value: str | None) -> CartCommand:
    """`command` under a key, if there is one, of its kind of request."""
    operation = "order" if isinstance(command, PlaceOrder) else "cart"
    return replace(command, key=a_key(value, body=repr(command), operation=operation) if value else None)


COMMANDS = st.builds(keyed, REQUESTS, KEYS)
EARLIER = st.lists(st.tuples(COMMANDS, st.sampled_from([1, 400, 1000])), max_size=6)


def prepared(shop: Shop, watch: Watch, earlier: list[tuple[CartCommand, int]]) -> None:
    """Few units, some of them held by carts of others too, many past the deadline, and some prices changed."""
    for name, stock in (("mug", 6), ("cup", 4), ("few", 9), ("gone", 6)):
        item(shop, name, stock, max_per_customer=3 if name == "few" else None)
    item(shop, "song", None)
    for command, seconds in earlier:
        shop.carts.handle([command])
        watch.on(seconds=seconds)
    for owner in ("eve", "fay"):
        shop.carts.handle([AddItem(owner=owner, item_id=name, quantity=2) for name in ("mug", "cup", "gone")])
        watch.on(seconds=700)
    reprice(shop, "cup", "11.00")
    shop.catalog.archive("gone", actor="staff", mode="finish")


def told(answer: object) -> object:
    """An answer without what two shops cannot have in common: ids."""
    if isinstance(answer, Exception):
        return (type(answer).__name__, str(answer))
    if is_dataclass(answer):
        named = {field.name: getattr(answer, field.name) for field in fields(answer)}
        return {name: told(value) for name, value in named.items() if not name.endswith("id") or name == "item_id"}
    return tuple(map(told, answer)) if isinstance(answer, tuple | list) else answer


def state(shop: Shop) -> object:
    """Everything that can be asked, in an order that does not depend on ids."""
    page = PageRequest(limit=100)
    carts = sorted(map(repr, map(told, shop.carts.list(page))))
    removed = sorted(map(repr, map(told, shop.removals.list(ALL, page))))
    later = sorted(row.bought_later_order_id is not None for row in shop.removals.list(ALL, page))
    orders = sorted(repr(told(shop.orders.get(order.id))) for order in shop.orders.list(page))
    summary = [told(row) for row in shop.removals.summary("item", RemovalFilter(reasons=EVERY_REASON))]
    levels = [repr(told(shop.inventory.explain(name).level)) for name in ("mug", "cup", "few", "gone")]
    return carts, removed, later, orders, summary, levels


def test_a_batch_is_as_good_as_its_commands_one_by_one(open_store: OpenStore, contract_examples: int) -> None:
    @tried(contract_examples)
    @given(EARLIER, st.lists(COMMANDS, min_size=2, max_size=12))
    def alike(earlier: list[tuple[CartCommand, int]], commands: list[CartCommand]) -> None:
        with open_store() as one, open_store() as other:
            watches = Watch(), Watch()
            shops = [Shop(opened.store, clock=clock) for opened, clock in zip((one, other), watches, strict=True)]
            for shop, watch in zip(shops, watches, strict=True):
                prepared(shop, watch, earlier)

            together = shops[0].carts.handle(commands)
            alone = [outcome for command in commands for outcome in shops[1].carts.handle([command])]

            assert list(map(told, together)) == list(map(told, alone))
            assert state(shops[0]) == state(shops[1])
            must_be_sound(one.store)
            must_be_sound(other.store)

    alike()
