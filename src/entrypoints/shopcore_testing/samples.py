"""Values to hand to a store as they are, past the rules that would make them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shopcore.carts.model import Cart, Hold, Line
from shopcore.carts.ports import CartChange
from shopcore.catalog.model import Item
from shopcore.idempotency import Answered
from shopcore.inventory.model import Level
from shopcore.journal.model import Entry
from shopcore.money import Money
from shopcore.orders.model import Order, OrderEvent, OrderLine
from shopcore.removals.model import Removal
from shopcore.store import Store, Transaction

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
MICRO = timedelta(microseconds=1)


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def an_item(item_id: str, **fields: Any) -> Item:
    item = Item(id=item_id, name=item_id.title(), price=euros(1000), created_at=NOON)
    return replace(item, **fields)


def a_level(item_id: str, on_hand: int, held: int = 0) -> Level:
    return Level(item_id=item_id, on_hand=on_hand, held=held)


def a_line(item_id: str, quantity: int = 1, *, until: datetime | None = None, **fields: Any) -> Line:
    """A line that holds its units until `until`; with `hold=None` it holds nothing."""
    line = Line(item_id=item_id, quantity=quantity, seen_price=euros(1000), price_revision=0, added_at=NOON)
    return replace(line, **{"hold": Hold(id=f"of {item_id}", since=NOON, until=until), **fields})


def a_cart(cart_id: str, owner: str, *lines: Line, **fields: Any) -> Cart:
    """A cart whose holds are its own."""
    own = {line.item_id: replace(line, hold=line.hold and _of(cart_id, line.hold)) for line in lines}
    cart = Cart(id=cart_id, owner=owner, currency="EUR", opened_at=NOON, changed_at=NOON, lines=own)
    return replace(cart, **fields)


def _of(cart_id: str, hold: Hold) -> Hold:
    return replace(hold, id=f"{cart_id} {hold.id}")


def new(cart: Cart) -> CartChange:
    return CartChange(cart=cart, items=frozenset(cart.lines), is_new=True)


def an_order(order_id: str, cart: Cart, *lines: OrderLine, **fields: Any) -> Order:
    total = euros(sum(line.line_total.amount for line in lines))
    order = Order(
        id=order_id,
        owner=cart.owner,
        cart_id=cart.id,
        created_at=NOON,
        currency="EUR",
        lines=lines,
        subtotal=total,
        discount=euros(0),
        total=total,
        history=(OrderEvent(status="placed", at=NOON, actor=cart.owner),),
    )
    return replace(order, **fields)


def a_sale(item_id: str, quantity: int = 1, cents: int = 1000, **fields: Any) -> OrderLine:
    line = OrderLine(
        item_id=item_id,
        sku=None,
        name=item_id.title(),
        unit_price=euros(cents),
        quantity=quantity,
        line_total=euros(cents) * quantity,
        discount=euros(0),
    )
    return replace(line, **fields)


def a_removal(removal_id: str, cart: Cart, item_id: str, **fields: Any) -> Removal:
    removal = Removal(
        id=removal_id,
        cart_id=cart.id,
        owner=cart.owner,
        item_id=item_id,
        sku=None,
        item_name=item_id.title(),
        quantity=1,
        unit_price=euros(1000),
        reason="removed",
        added_at=NOON,
        removed_at=NOON,
    )
    return replace(removal, **fields)


def an_entry(operation: str, **fields: Any) -> Entry:
    return replace(Entry(operation=operation, kind="tested", at=NOON, actor="ann", data={}), **fields)


def an_answer(value: str, **fields: Any) -> Answered:
    answered = Answered(caller="ann", operation="order", value=value, fingerprint="f", answer={"n": 1}, at=NOON)
    return replace(answered, **fields)


def stock_up(store: Store, *levels: Level) -> None:
    """Keep items, with these levels."""

    def work(tx: Transaction) -> None:
        tx.items.save([an_item(level.item_id) for level in levels])
        tx.stock.track(levels)

    store.write(work)


def open_carts(store: Store, *carts: Cart) -> Sequence[Cart]:
    """Keep carts, some of them closed already."""
    store.write(lambda tx: tx.carts.save([new(cart) for cart in carts]))
    return carts


def keep_items(store: Store, *items: Item) -> None:
    store.write(lambda tx: tx.items.save(items))


def keep_leveled(store: Store, *items: tuple[Item, Level | None]) -> None:
    def work(tx: Transaction) -> None:
        tx.items.save([item for item, _ in items])
        tx.stock.track([level for _, level in items if level])

    store.write(work)
