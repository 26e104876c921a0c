"""Who is first takes what others hold too long: the next shopper, or a sweeper."""

from __future__ import annotations

import pytest

from shopcore.carts.commands import AddItem, ClearCart
from shopcore.errors import CheckoutRefused, NotInCart, OutOfStock
from shopcore.shop import Shop
from shopcore_testing.accounts import Watch, raised
from shopcore_testing.samples import MINUTE
from shopcore_testing.selling import item, level, lines, problems, reasons, removed, until


@pytest.fixture
def overdue(shop: Shop, watch: Watch) -> None:
    """Ann holds 4 of 5 mugs and one of 5 cups past the deadline; it is a quarter past twelve, to the microsecond."""
    item(shop)
    item(shop, "cup")
    shop.carts.add_item("ann", "mug", 4)
    shop.carts.add_item("ann", "cup")
    watch.on(minutes=15)


@pytest.mark.usefixtures("overdue")
def test_the_next_add_of_the_item_takes_what_is_overdue(shop: Shop, watch: Watch) -> None:
    shop.carts.add_item("bob", "mug", 3)
    assert lines(shop, "bob") == {"mug": (3, "live")}
    assert lines(shop, "ann") == {"mug": (4, "expired"), "cup": (1, "live")}
    assert level(shop) == (5, 3)
    [record] = removed(shop)
    assert (record.owner, record.reason, record.quantity, record.removed_at) == ("ann", "expired", 4, watch.now)
    assert until(shop, "ann") is None


@pytest.mark.usefixtures("overdue")
def test_a_raise_of_a_line_takes_it_too(shop: Shop) -> None:
    shop.carts.add_item("bob", "mug", 1)
    assert lines(shop, "ann")["mug"] == (4, "live")
    shop.carts.set_quantity("bob", "mug", 5)
    assert lines(shop, "ann")["mug"] == (4, "expired")
    assert level(shop) == (5, 5)


def test_a_microsecond_before_the_deadline_nothing_can_be_taken(shop: Shop, watch: Watch) -> None:
    item(shop)
    shop.carts.add_item("ann", "mug", 4)
    watch.on(minutes=15, microseconds=-1)
    error = raised(lambda: shop.carts.add_item("bob", "mug", 3))
    assert isinstance(error, OutOfStock)
    assert error.available == 1
    assert shop.inventory.sweep() == 0
    watch.on(microseconds=1)
    assert shop.carts.add_item("bob", "mug", 3).lines[0].quantity == 3


@pytest.mark.usefixtures("overdue")
def test_where_enough_is_left_nobody_loses_anything(shop: Shop) -> None:
    shop.carts.add_item("bob", "mug")
    shop.carts.add_item("cid", "cup", 4)
    assert lines(shop, "ann") == {"mug": (4, "live"), "cup": (1, "live")}
    assert removed(shop) == []


@pytest.mark.usefixtures("overdue")
def test_what_is_too_little_even_then_is_refused_with_what_there_is_now(shop: Shop) -> None:
    error = raised(lambda: shop.carts.add_item("bob", "mug", 6))
    assert isinstance(error, OutOfStock)
    assert (error.requested, error.available) == (6, 5)
    assert lines(shop, "bob") == {}


@pytest.mark.usefixtures("overdue")
def test_ones_own_overdue_hold_is_ones_own(shop: Shop, watch: Watch) -> None:
    assert isinstance(raised(lambda: shop.carts.add_item("ann", "mug", 2)), OutOfStock)
    assert lines(shop, "ann")["mug"] == (4, "live")
    shop.carts.add_item("ann", "mug")
    assert lines(shop, "ann")["mug"] == (5, "live")
    assert until(shop, "ann") == watch.now + 15 * MINUTE


@pytest.mark.usefixtures("overdue")
def test_a_sweep_takes_all_that_is_overdue_once(shop: Shop) -> None:
    assert [shop.inventory.sweep() for _ in range(2)] == [1, 0]
    assert lines(shop, "ann") == {"mug": (4, "expired"), "cup": (1, "expired")}
    assert sorted(reasons(shop)) == [("ann", "expired", 1), ("ann", "expired", 4)]
    assert [level(shop, "mug"), level(shop, "cup")] == [(5, 0), (5, 0)]


@pytest.mark.usefixtures("overdue")
def test_a_sweep_leaves_what_the_same_cart_took_later(shop: Shop) -> None:
    shop.carts.set_quantity("ann", "cup", 2)
    shop.inventory.sweep()
    assert lines(shop, "ann") == {"mug": (4, "expired"), "cup": (2, "live")}


def test_a_sweep_takes_no_more_carts_than_it_is_told_to(shop: Shop, watch: Watch) -> None:
    item(shop, stock=50)
    for number in range(7):
        shop.carts.add_item(f"o{number}", "mug")
        watch.on(seconds=1)
    watch.on(minutes=15)
    assert [shop.inventory.sweep(limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert [record.owner for record in removed(shop)][:3] == ["o0", "o1", "o2"]


@pytest.mark.usefixtures("overdue")
def test_a_sweep_of_an_item_leaves_who_holds_none_of_it_alone(shop: Shop) -> None:
    item(shop, "pot")
    assert shop.inventory.sweep(items=["pot"]) == 0
    assert lines(shop, "ann") == {"mug": (4, "live"), "cup": (1, "live")}


# ---- a line whose hold has ended


@pytest.fixture
def lapsed(shop: Shop, overdue: None) -> None:
    shop.inventory.sweep()


@pytest.mark.usefixtures("lapsed")
def test_a_line_without_its_hold_stays_a_wish_at_todays_price(shop: Shop, watch: Watch) -> None:
    watch.on(days=3)
    cart = shop.carts.get("ann")
    assert [(line.quantity, line.hold, line.until) for line in cart.lines] == [
        (1, "expired", None),
        (4, "expired", None),
    ]
    assert cart.problems == ()
    assert str(cart.total) == "50.00 EUR"


@pytest.mark.usefixtures("lapsed")
@pytest.mark.parametrize(("command", "quantity"), [("add", 5), ("set", 3), ("same", 4)])
def test_the_next_change_of_the_line_takes_its_stock_again(
    shop: Shop, watch: Watch, command: str, quantity: int
) -> None:
    if command == "add":
        shop.carts.add_item("ann", "mug")
    else:
        shop.carts.set_quantity("ann", "mug", quantity)
    assert lines(shop, "ann") == {"mug": (quantity, "live"), "cup": (1, "expired")}
    assert level(shop) == (5, quantity)
    assert until(shop, "ann") == watch.now + 15 * MINUTE
    by_item = {record.item_id: record.returned_at for record in removed(shop)}
    assert by_item == {"mug": watch.now, "cup": None}


@pytest.mark.usefixtures("lapsed")
def test_if_it_cannot_be_taken_again_the_line_stays_as_it_was(shop: Shop) -> None:
    shop.carts.add_item("bob", "mug", 3)
    before = shop.carts.get("ann")
    assert isinstance(raised(lambda: shop.carts.set_quantity("ann", "mug", 4)), OutOfStock)
    assert shop.carts.get("ann") == before
    assert shop.carts.set_quantity("ann", "mug", 2).lines[-1].hold == "live"


@pytest.mark.usefixtures("lapsed")
def test_taking_the_line_out_or_clearing_the_cart_records_nothing_more(shop: Shop) -> None:
    records = len(removed(shop))
    shop.carts.remove_item("ann", "mug")
    assert lines(shop, "ann") == {"cup": (1, "expired")}
    shop.carts.clear("ann")
    assert lines(shop, "ann") == {}
    assert len(removed(shop)) == records == 2
    assert isinstance(raised(lambda: shop.carts.remove_item("ann", "mug")), NotInCart)


@pytest.mark.usefixtures("lapsed")
def test_checkout_takes_the_stock_again_where_there_is_some(shop: Shop, watch: Watch) -> None:
    order = shop.checkout.place_order("ann")
    assert {line.item_id: line.quantity for line in order.lines} == {"mug": 4, "cup": 1}
    assert [level(shop, "mug"), level(shop, "cup")] == [(1, 0), (4, 0)]
    fates = {(record.reason, record.outcome, record.returned_at) for record in removed(shop)}
    assert fates == {("expired", "recovered", watch.now)}


@pytest.mark.usefixtures("lapsed")
def test_checkout_names_the_lines_that_cannot_be_had_any_more(shop: Shop) -> None:
    shop.carts.add_item("bob", "mug", 2)
    shop.carts.add_item("bob", "cup", 5)
    shown = shop.carts.get("ann")

    error = raised(lambda: shop.checkout.place_order("ann"))

    assert isinstance(error, CheckoutRefused)
    assert error.code == "HOLD_EXPIRED"
    facts = [(problem.code, problem.item_id, problem.requested, problem.available) for problem in error.problems]
    assert facts == [("HOLD_EXPIRED", "cup", 1, 0), ("HOLD_EXPIRED", "mug", 4, 3)]
    assert tuple(error.problems) == shown.problems
    assert shop.carts.get("ann") == shown
    assert level(shop) == (5, 2)


@pytest.mark.usefixtures("lapsed")
def test_checkout_first_takes_what_others_hold_too_long(shop: Shop, watch: Watch) -> None:
    shop.carts.add_item("bob", "mug", 3)
    watch.on(minutes=16)
    assert problems(shop.carts.get("ann")) == [("HOLD_EXPIRED", "mug")]
    shop.checkout.place_order("ann")
    assert lines(shop, "bob") == {"mug": (3, "expired")}
    assert level(shop) == (1, 0)


@pytest.mark.usefixtures("overdue")
def test_the_clock_of_a_command_from_the_past_is_its_own(shop: Shop, watch: Watch) -> None:
    """A history that is put in afterwards expires nothing that was not overdue then."""
    early = watch.now - 5 * MINUTE
    [outcome] = shop.carts.handle([AddItem(owner="bob", item_id="mug", quantity=3, at=early)])
    assert isinstance(outcome.answer, OutOfStock)
    assert lines(shop, "ann")["mug"] == (4, "live")
    shop.carts.handle([ClearCart(owner="ann", at=early)])
    assert {record.removed_at for record in removed(shop)} == {early}
