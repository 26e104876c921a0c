"""Books of carts, their lines, their owners, and what was removed from them."""

from __future__ import annotations

from sqlalchemy import Text, and_, cast, func, select

from shopcore.facts import CartClosed, CartOpened, ItemAdded, ItemRemoved
from shopcore_sql.audit.sums import Arm, agree, number, ones, totals, union, when, word
from shopcore_sql.schema import cart_lines, carts, journal, order_lines, orders, removals

OWNERS = (
    select(carts.c.owner, func.count().label("active"))
    .where(carts.c.status == "active")
    .group_by(carts.c.owner)
    .order_by(carts.c.owner)
)

_before = func.lag(number("version")).over(partition_by=journal.c.cart_id, order_by=journal.c.position)
_timeline = (
    select(
        journal.c.cart_id,
        journal.c.kind,
        journal.c.position,
        number("version").label("version"),
        _before.label("before"),
    )
    .where(journal.c.cart_id.is_not(None))
    .subquery()
)
_opened = _timeline.c.kind == CartOpened.kind
_closed = _timeline.c.kind == CartClosed.kind
_odd_lines = cart_lines.join(carts, and_(carts.c.id == cart_lines.c.cart_id, carts.c.currency != cart_lines.c.currency))
_carts = union(
    Arm(
        carts,
        cart_id=carts.c.id,
        carts=1,
        status=carts.c.status,
        version=carts.c.version,
        order_id=carts.c.order_id,
        noted_removals=carts.c.removals,
    ),
    Arm(removals, cart_id=removals.c.cart_id, removals=1),
    Arm(orders, cart_id=orders.c.cart_id, orders=1),
    Arm(_odd_lines, cart_id=cart_lines.c.cart_id, odd_lines=1),
    Arm(
        _timeline,
        cart_id=_timeline.c.cart_id,
        openings=when(_opened),
        closings=when(_closed),
        first_version=when(_opened, _timeline.c.version),
        last_version=_timeline.c.version,
        regressions=when(_timeline.c.version < _timeline.c.before),
        last=_timeline.c.position,
        closed_at=when(_closed, _timeline.c.position),
    ),
)
CARTS = (
    select(
        _carts.c.cart_id,
        *totals(_carts, "carts", "noted_removals", "removals", "orders", "odd_lines"),
        *totals(_carts, "openings", "closings", "regressions"),
        *ones(_carts, "status", "version", "order_id", "first_version", "last_version", "last", "closed_at"),
    )
    .group_by(_carts.c.cart_id)
    .order_by(_carts.c.cart_id)
)

_removed_entry = journal.c.kind == ItemRemoved.kind
_added_entry = journal.c.kind == ItemAdded.kind
_lines = union(
    Arm(
        journal,
        journal.c.kind.in_([ItemAdded.kind, ItemRemoved.kind]),
        cart_id=journal.c.cart_id,
        item_id=journal.c.item_id,
        added=when(_added_entry, number("quantity")),
        last_added=when(_added_entry, journal.c.position),
        last_removed=when(_removed_entry, journal.c.position),
    ),
    Arm(
        removals,
        cart_id=removals.c.cart_id,
        item_id=removals.c.item_id,
        removed=removals.c.quantity,
        records=1,
        unreturned=when(removals.c.returned_at.is_(None)),
    ),
    Arm(
        cart_lines,
        cart_id=cart_lines.c.cart_id,
        item_id=cart_lines.c.item_id,
        lines=1,
        quantity=cart_lines.c.quantity,
        counted=when(cart_lines.c.lapse.is_(None), cart_lines.c.quantity),
    ),
    Arm(
        order_lines.join(orders, orders.c.id == order_lines.c.order_id),
        cart_id=orders.c.cart_id,
        item_id=order_lines.c.item_id,
        sales=1,
        sold=order_lines.c.quantity,
    ),
)
_by_line = (
    select(
        _lines.c.cart_id,
        _lines.c.item_id,
        *ones(_lines, "last_added", "last_removed"),
        *totals(_lines, "added", "removed", "records", "unreturned", "lines", "quantity", "counted", "sales", "sold"),
    )
    .group_by(_lines.c.cart_id, _lines.c.item_id)
    .subquery()
)
LINES = (
    select(_by_line, carts.c.status)
    .outerjoin(carts, carts.c.id == _by_line.c.cart_id)
    .order_by(_by_line.c.cart_id, _by_line.c.item_id)
)

_UNITS = ("cart_id", "item_id", "quantity")
_STORY = ("owner", "item_name", "sku", "unit_price", "currency", "reason", "removed_at")
_records = union(
    Arm(
        removals,
        removal_id=removals.c.id,
        records=1,
        outcome=removals.c.outcome,
        order_id=removals.c.order_id,
        later_order_id=removals.c.bought_later_order_id,
        **{name: removals.c[name] for name in (*_UNITS, *_STORY) if name != "sku"},
        sku=func.coalesce(removals.c.sku, ""),
    ),
    Arm(
        journal,
        _removed_entry,
        removal_id=word("removal_id"),
        entries=1,
        cart_id=journal.c.cart_id,
        item_id=journal.c.item_id,
        quantity=number("quantity"),
        owner=word("owner"),
        item_name=cast(word("item_name"), Text),
        sku=func.coalesce(word("sku"), ""),
        unit_price=number("unit_price", "amount"),
        currency=cast(word("unit_price", "currency"), Text),
        reason=cast(word("reason"), Text),
        removed_at=journal.c.at,
    ),
)
_by_removal = (
    select(
        _records.c.removal_id,
        *totals(_records, "records", "entries"),
        *ones(_records, "cart_id", "item_id", "owner", "outcome", "order_id", "later_order_id"),
        agree([_records.c[name] for name in _UNITS]).label("same_units"),
        agree([_records.c[name] for name in _STORY]).label("same_story"),
    )
    .group_by(_records.c.removal_id)
    .subquery()
)
_later, _sold, _sold_later = orders.alias("later"), order_lines.alias("sold"), order_lines.alias("sold_later")
REMOVALS = (
    select(
        *(_by_removal.c[name] for name in ("removal_id", "records", "entries", "same_units", "same_story")),
        *(_by_removal.c[name] for name in ("outcome", "order_id", "later_order_id")),
        carts.c.status.label("cart_status"),
        carts.c.order_id.label("cart_order_id"),
        _sold.c.item_id.is_not(None).label("ordered"),
        _sold_later.c.item_id.is_not(None).label("bought"),
    )
    .outerjoin(carts, carts.c.id == _by_removal.c.cart_id)
    .outerjoin(_sold, and_(_sold.c.order_id == carts.c.order_id, _sold.c.item_id == _by_removal.c.item_id))
    .outerjoin(
        _later,
        and_(
            _later.c.id == _by_removal.c.later_order_id,
            _later.c.owner == _by_removal.c.owner,
            _later.c.cart_id != _by_removal.c.cart_id,
        ),
    )
    .outerjoin(_sold_later, and_(_sold_later.c.order_id == _later.c.id, _sold_later.c.item_id == _by_removal.c.item_id))
    .order_by(_by_removal.c.removal_id)
)
