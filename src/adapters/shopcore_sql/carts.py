"""Carts and their lines in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, literal_column, or_, select

from shopcore.carts.model import Cart, Hold, Line
from shopcore.carts.ports import CartChange, CartFilter
from shopcore.money import Money
from shopcore.paging import Page, PageRequest
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.paging import fetch_page
from shopcore_sql.prepared import Prepared
from shopcore_sql.remembered import Memory
from shopcore_sql.schema import cart_lines, carts, items
from shopcore_sql.sets import ChangeSet, EachSet, InsertSet, planned_anew
from shopcore_sql.types import Moment, one_of, texts

_now = bindparam("now", type_=Moment())
_is_active = carts.c.status == literal_column("'active'")  # spelled out: there is an index of these alone
_recalled = select(items.c.id).where(items.c.id == cart_lines.c.item_id, items.c.status == "recalled").exists()
_lapsed = (
    select(carts)
    .join(cart_lines, cart_lines.c.cart_id == carts.c.id)
    .where(_is_active)
    .order_by(cart_lines.c.hold_until, carts.c.id)
    .limit(bindparam("limit"))
    .with_for_update(of=carts, skip_locked=True)
)
_active = select(carts).where(one_of(carts.c.owner, texts("owners")), _is_active)
_ACTIVE = Prepared(_active)
_LOCK = Prepared(_active.order_by(carts.c.owner).with_for_update())
_GET = Prepared(select(carts).where(one_of(carts.c.id, texts("ids"))))
_LINES = Prepared(select(cart_lines).where(one_of(cart_lines.c.cart_id, texts("ids"))))
_OVERDUE = Prepared(_lapsed.where(cart_lines.c.hold_until <= _now))
_OVERDUE_OF = Prepared(
    _lapsed.where(
        one_of(cart_lines.c.item_id, texts("items")),
        or_(cart_lines.c.hold_until <= _now, and_(cart_lines.c.lapse.is_(None), _recalled)),
    )
)
_OPEN = InsertSet(carts)
_CHANGED = ("id", "status", "version", "removals", "currency", "changed_at", "order_id")
_CHANGE = ChangeSet(carts, _CHANGED[0], values=_CHANGED[1:])
_PUT_LINES = InsertSet(cart_lines, keys=("cart_id", "item_id"))
_DROP_LINES = EachSet(
    [cart_lines.c.cart_id, cart_lines.c.item_id],
    lambda given: delete(cart_lines).where(
        cart_lines.c.cart_id == given["cart_id"], cart_lines.c.item_id == given["item_id"]
    ),
)


class SqlCarts:
    """`one_state`: all statements of the transaction see the same, whether rows are locked or not."""

    def __init__(self, connection: Connection, memory: Memory, *, one_state: bool) -> None:
        self._connection = connection
        self._memory = memory.carts
        self._one_state = one_state
        self._sure: dict[str, Cart] = {}

    def remember(self) -> None:
        """Remember the carts that this transaction was sure of; only when it is over, and well."""
        self._memory.put(self._sure)

    def lock(self, owners: Iterable[str]) -> dict[str, Cart]:
        return {cart.owner: cart for cart in self._sure_of(self._load(_LOCK, owners=owners))}

    def lock_lapsed(self, now: datetime, *, items: Iterable[str] | None = None, limit: int) -> list[Cart]:
        if items is None:
            planned_anew(self._connection)
            return self._sure_of(self._load(_OVERDUE, now=now, limit=limit))
        return self._sure_of(self._load(_OVERDUE_OF, now=now, items=items, limit=limit))

    def get(self, cart_ids: Iterable[str]) -> dict[str, Cart]:
        return {cart.id: cart for cart in self._load(_GET, ids=cart_ids)}

    def active(self, owners: Iterable[str]) -> dict[str, Cart]:
        found = self._load(_ACTIVE, owners=owners)
        return {cart.owner: cart for cart in (self._sure_of(found) if self._one_state else found)}

    def page(self, which: CartFilter, page: PageRequest) -> Page[Cart]:
        query = select(carts).order_by(carts.c.opened_at.desc(), carts.c.id.desc())
        if which.owner is not None:
            query = query.where(carts.c.owner == which.owner)
        if which.active_only:
            query = query.where(carts.c.status == "active")
        found = fetch_page(self._connection, query, page, lambda row: row)
        return Page(items=self._with_lines(found.items), page=found.page, limit=found.limit, total=found.total)

    def save(self, changes: Sequence[CartChange]) -> None:
        self._sure_of([change.cart for change in changes])
        _CHANGE.run(self._connection, [_changed_row(change.cart) for change in changes if not change.is_new])
        with lost_race_on_conflict():
            _OPEN.run(self._connection, [_row(change.cart) for change in changes if change.is_new])
        put = [
            _line_row(change.cart.id, change.cart.lines[item])
            for change in changes
            for item in sorted(change.items & change.cart.lines.keys())
        ]
        drop = [
            (change.cart.id, item)
            for change in changes
            for item in change.items - change.cart.lines.keys()
            if not change.is_new
        ]
        _PUT_LINES.run(self._connection, put)
        _DROP_LINES.run(self._connection, drop)

    def _sure_of(self, carts: list[Cart]) -> list[Cart]:
        self._sure |= {cart.id: cart for cart in carts}
        return carts

    def _load(self, query: Prepared, **values: Any) -> list[Cart]:
        return self._with_lines(query.rows(self._connection, values))

    def _with_lines(self, rows: Sequence[Any]) -> list[Cart]:
        """Carts of rows of `carts`; the lines come in a statement of their own, so that they are as new as the lock."""
        found = {row[0]: row for row in rows}
        known = self._memory.some(found)
        # Each change makes another version, at another time: where the row is the same, so are the lines.
        new = [cart_id for cart_id, row in found.items() if cart_id not in known or _row(known[cart_id]) != tuple(row)]
        lines: dict[str, dict[str, Line]] = {cart_id: {} for cart_id in new}
        if new:
            for row in _LINES.rows(self._connection, {"ids": new}):
                cart_id, line = _read_line(row)
                lines[cart_id][line.item_id] = line
            known |= {cart_id: _read_cart(found[cart_id], lines[cart_id]) for cart_id in new}
        return [known[cart_id] for cart_id in found]


def _read_cart(row: Any, lines: dict[str, Line]) -> Cart:
    cart_id, owner, status, version, removals, currency, opened_at, changed_at, order_id = row
    return Cart(
        id=cart_id,
        owner=owner,
        currency=currency,
        opened_at=opened_at,
        changed_at=changed_at,
        status=status,
        version=version,
        removals=removals,
        order_id=order_id,
        lines=lines,
    )


def _read_line(row: Any) -> tuple[str, Line]:
    # By position: to look up eleven names in each row took longer than to fetch it.
    cart_id, item_id, quantity, price, currency, revision, added_at, lapse, hold_id, since, until = row
    return cart_id, Line(
        item_id=item_id,
        quantity=quantity,
        seen_price=Money(price, currency),
        price_revision=revision,
        added_at=added_at,
        lapse=lapse,
        hold=Hold(id=hold_id, since=since, until=until) if hold_id else None,
    )


_changed_row = attrgetter(*_CHANGED)
_row = attrgetter(*carts.c.keys())
"""Carts as rows, in the order of their columns, which have the names of a cart's own fields."""


def _line_row(cart_id: str, line: Line) -> tuple[Any, ...]:
    """A line as a row of its table, in the order of the columns."""
    price, hold = line.seen_price, line.hold
    kept = (hold.id, hold.since, hold.until) if hold else (None, None, None)
    seen = (price.amount, price.currency, line.price_revision)
    return (cart_id, line.item_id, line.quantity, *seen, line.added_at, line.lapse, *kept)
