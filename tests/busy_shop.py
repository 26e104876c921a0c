"""A shop in which everything has happened that can happen in one, the same on every store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from secured_shop import cheap
from shopcore.carts.commands import AddItem, ClearCart, PlaceOrder
from shopcore.catalog.drafts import ItemDraft
from shopcore.errors import ShopError
from shopcore.idempotency import Key
from shopcore.money import Money
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_security import JwtTokens
from shopcore_testing.accounts import OTHER, PASSWORD, Watch

STAFF = "sue"


def busy_shop(store: Store) -> Shop:
    """Fills `store`, through the use cases only."""
    watch = Watch()
    numbers = count(1)
    shop = Shop(
        store,
        clock=watch,
        make_id=lambda: f"id-{next(numbers):04}",
        passwords=cheap(),
        tokens=JwtTokens([b"s" * 32], clock=watch),
    )
    _stock_the_shelves(shop)
    _shoppers_change_their_minds(shop, watch)
    _holds_run_out(shop, watch)
    _staff_take_units_back(shop)
    _orders_are_undone(shop)
    _what_was_untracked_is_counted(shop)
    _accounts_come_and_go(shop, watch)
    return shop


def _stock_the_shelves(shop: Shop) -> None:
    for name, price, stock in (
        ("mug", "7.50", 10),
        ("tea", "3.20", 8),
        ("fan", "19.99", 20),
        ("hat", "15", 2),
        ("cap", "12", 1),
        ("pen", "0.99", None),
        ("lamp", "40", None),
    ):
        shop.catalog.add_item(item_id=name, name=name.title(), sku=f"SKU-{name}", price=price, stock=stock)
    shop.inventory.change("mug", delta=5, reason="delivery", actor=STAFF, key=_key("stock", "more mugs"))
    shop.inventory.change("mug", on_hand=14, reason="one is broken", actor=STAFF)


def _shoppers_change_their_minds(shop: Shop, watch: Watch) -> None:
    carts = shop.carts
    carts.add_item("ann", "mug", 3)
    carts.add_item("ann", "pen", 2)
    carts.remove_item("ann", "pen")
    watch.on(minutes=1)
    carts.add_item("ann", "pen", 4)
    carts.set_quantity("ann", "mug", 2)
    carts.add_item("ann", "tea")
    carts.set_quantity("ann", "tea", 3)
    carts.remove_item("ann", "tea")
    carts.handle([PlaceOrder(owner="ann", key=_key("ann", "order"))])
    carts.add_item("ann", "tea", 2)
    shop.checkout.place_order("ann")
    # a price that rose, and is consented to
    carts.add_item("cid", "mug")
    _reprice(shop, "mug", "8.00")
    shop.checkout.place_order("cid", expected_total=Money(800, "EUR"))
    # one transaction for many, a refusal and a cart that is cleared among them
    outcomes = carts.handle(
        [
            AddItem(owner="dot", item_id="mug", quantity=2, key=_key("dot", "add")),
            AddItem(owner="eli", item_id="mug", quantity=99),
            AddItem(owner="fay", item_id="tea"),
            AddItem(owner="fay", item_id="pen", quantity=7),
            ClearCart(owner="fay"),
            AddItem(owner="fay", item_id="pen", quantity=5),
        ]
    )
    assert [isinstance(outcome.answer, ShopError) for outcome in outcomes] == [False, True, False, False, False, False]
    carts.add_item("gil", "mug")
    carts.remove_item("gil", "mug")
    carts.abandon("gil")


def _holds_run_out(shop: Shop, watch: Watch) -> None:
    carts = shop.carts
    carts.add_item("bob", "tea", 2)
    carts.add_item("hal", "cap")
    carts.add_item("ivy", "mug")
    watch.on(minutes=16)
    carts.add_item("jon", "cap")  # the last one, which hal held for too long
    assert shop.inventory.sweep() == 3  # of bob, dot and ivy
    carts.set_quantity("bob", "tea", 3)
    shop.checkout.place_order("bob")
    shop.checkout.place_order("ivy")  # takes its hold again
    carts.remove_item("dot", "mug")  # a wish is dropped
    carts.remove_item("jon", "cap")
    shop.checkout.place_order("hal")


def _staff_take_units_back(shop: Shop) -> None:
    shop.carts.add_item("kim", "fan", 5)
    shop.carts.add_item("leo", "fan", 4)
    shop.inventory.change("fan", on_hand=6, reason="counted", actor=STAFF, release_holds="newest-first")
    shop.carts.add_item("mia", "hat")
    shop.carts.add_item("ned", "hat")
    shop.checkout.place_order("ned")
    shop.catalog.archive("hat", actor=STAFF, mode="recall")


def _orders_are_undone(shop: Shop) -> None:
    shop.carts.add_item("oda", "tea")
    shop.carts.add_item("oda", "pen", 2)
    order = shop.checkout.place_order("oda")
    shop.orders.cancel(order.id, actor="oda", owner="oda", reason="too late")
    shop.orders.cancel(order.id, actor=STAFF)


def _what_was_untracked_is_counted(shop: Shop) -> None:
    shop.carts.add_item("pat", "lamp", 2)
    shop.checkout.place_order("pat")
    shop.carts.add_item("pat", "lamp", 3)
    shop.carts.add_item("quinn", "lamp")
    shop.carts.add_item("uma", "lamp")
    lamp = ItemDraft.of(shop.catalog.get("lamp"))
    shop.catalog.change(replace(lamp, stock=5), actor=STAFF, keep_stock=False)
    shop.carts.add_item("uma", "lamp")  # and with the second one, the first is held too
    shop.carts.remove_item("uma", "lamp")
    shop.checkout.place_order("pat")


def _accounts_come_and_go(shop: Shop, watch: Watch) -> None:
    accounts = shop.accounts
    for name in ("rita", "saul", "tess"):
        accounts.sign_up(name, PASSWORD, display_name=name.title(), email=f"{name}@example.org", key=_key(name, "up"))
    first = accounts.log_in("rita", PASSWORD)
    accounts.refresh(first.tokens.refresh_token)
    _refused(lambda: accounts.refresh(first.tokens.refresh_token))  # seen again: its session ends
    second = accounts.refresh(accounts.log_in("rita", PASSWORD).tokens.refresh_token)
    accounts.change_password(accounts.authenticate(second.tokens.access_token), PASSWORD, OTHER)
    accounts.log_in("saul", PASSWORD)
    accounts.disable("saul", actor=STAFF)
    tess = accounts.log_in("tess", PASSWORD).account.id
    shop.carts.add_item(tess, "tea")
    shop.carts.add_item(tess, "pen", 2)
    shop.carts.remove_item(tess, "pen")
    watch.on(seconds=1)
    accounts.erase("tess", actor=STAFF)
    shop.catalog.add(ItemDraft(id="jar", name="Jar", price=Money(500, "EUR")), actor=STAFF, key=_key("staff", "jar"))


def _reprice(shop: Shop, item_id: str, price: str) -> None:
    draft = ItemDraft.of(shop.catalog.get(item_id))
    shop.catalog.change(replace(draft, price=Money.parse(price, "EUR")), actor=STAFF)


def _refused(act: Callable[[], object]) -> None:
    try:
        act()
    except ShopError:
        return
    raise AssertionError


def _key(caller: str, value: str) -> Key:
    return Key(caller=caller, operation="test", value=value.replace(" ", "-"), fingerprint="0" * 64)
