"""Books of levels, their ledger, and holds."""

from __future__ import annotations

from sqlalchemy import BigInteger, and_, cast, func, literal_column, or_, select

from shopcore.facts import (
    HoldChanged,
    HoldCommitted,
    HoldExpired,
    HoldReleased,
    HoldTaken,
    ItemAdded,
    StockAdjusted,
    StockReceived,
    StockRestocked,
)
from shopcore_sql.audit.sums import Arm, Column, agree, number, ones, total, totals, union, when, word
from shopcore_sql.schema import cart_lines, carts, journal, order_lines, orders, stock

_nothing: Column = literal_column("0")
IS_LEDGER = or_(journal.c.on_hand != _nothing, journal.c.held != _nothing)
"""In the words of the index on the ledger, with no parameter, so that a database sees that it fits."""

_ran_on_hand, _ran_held = (
    func.sum(column).over(partition_by=journal.c.item_id, order_by=journal.c.position, rows=(None, 0))
    for column in (journal.c.on_hand, journal.c.held)
)
_ledger = (
    select(
        journal.c.item_id,
        journal.c.kind,
        journal.c.on_hand,
        journal.c.held,
        _ran_held.label("ran_held"),
        (_ran_on_hand - _ran_held).label("ran_free"),
    )
    .where(IS_LEDGER)
    .subquery()
)
_items = union(
    Arm(stock, item_id=stock.c.item_id, tracked=1, on_hand=stock.c.on_hand, held=stock.c.held),
    Arm(cart_lines, cart_lines.c.hold_id.is_not(None), item_id=cart_lines.c.item_id, live=cart_lines.c.quantity),
    Arm(
        _ledger,
        item_id=func.coalesce(_ledger.c.item_id, ""),
        entries=1,
        ledger_on_hand=_ledger.c.on_hand,
        ledger_held=_ledger.c.held,
        received=when(_ledger.c.kind == StockReceived.kind, _ledger.c.on_hand),
        adjusted=when(_ledger.c.kind == StockAdjusted.kind, _ledger.c.on_hand),
        restocked=when(_ledger.c.kind == StockRestocked.kind, _ledger.c.on_hand),
        sold=when(_ledger.c.kind == HoldCommitted.kind, -_ledger.c.on_hand),
        ran_held=_ledger.c.ran_held,
        ran_free=_ledger.c.ran_free,
    ),
)
STOCK = (
    select(
        _items.c.item_id,
        (total(_items.c.tracked) > 0).label("tracked"),
        *totals(_items, "on_hand", "held", "live", "entries", "ledger_on_hand", "ledger_held"),
        *totals(_items, "received", "adjusted", "restocked", "sold"),
        cast(func.coalesce(func.min(_items.c.ran_held), 0), BigInteger).label("least_held"),
        cast(func.coalesce(func.min(_items.c.ran_free), 0), BigInteger).label("least_free"),
    )
    .group_by(_items.c.item_id)
    .order_by(_items.c.item_id)
)

LEDGER = (
    select(
        journal.c.operation,
        func.count().label("entries"),
        *(func.min(journal.c[name]).label(name) for name in ("kind", "actor", "item_id", "hold_id", "order_id")),
        func.min(word("reason")).label("reason"),
        *(func.min(number(name)).label(name) for name in ("quantity", "line_quantity")),
        func.min(journal.c.on_hand).label("on_hand"),
        func.min(journal.c.held).label("held"),
    )
    .where(IS_LEDGER)
    .group_by(journal.c.operation)
    .order_by(journal.c.operation)
)

_starts = or_(
    journal.c.kind == HoldTaken.kind,
    and_(journal.c.kind == ItemAdded.kind, journal.c.operation == journal.c.hold_id + "/start"),
)
_takes = journal.c.kind.in_([ItemAdded.kind, HoldTaken.kind, HoldChanged.kind])
_ends = journal.c.kind.in_([HoldReleased.kind, HoldExpired.kind, HoldCommitted.kind])
_lives = cart_lines.join(carts, carts.c.id == cart_lines.c.cart_id)
_sales = order_lines.join(orders, orders.c.id == order_lines.c.order_id)
_named = union(
    Arm(
        journal,
        journal.c.hold_id.is_not(None),
        hold_id=journal.c.hold_id,
        item_id=journal.c.item_id,
        cart_id=journal.c.cart_id,
        order_id=journal.c.order_id,
        starts=when(_starts),
        released=when(journal.c.kind == HoldReleased.kind),
        expired=when(journal.c.kind == HoldExpired.kind),
        committed=when(journal.c.kind == HoldCommitted.kind),
        taken=when(_takes, journal.c.held),
        ended=when(_ends, -journal.c.held),
        position=journal.c.position,
        started_at=when(_starts, journal.c.position),
        ended_at=when(_ends, journal.c.position),
    ),
    Arm(
        _lives,
        cart_lines.c.hold_id.is_not(None),
        hold_id=cart_lines.c.hold_id,
        item_id=cart_lines.c.item_id,
        cart_id=cart_lines.c.cart_id,
        lines=1,
        idle_lines=when(carts.c.status != "active"),
        line_units=cart_lines.c.quantity,
    ),
    Arm(
        _sales,
        order_lines.c.hold_id.is_not(None),
        hold_id=order_lines.c.hold_id,
        item_id=order_lines.c.item_id,
        cart_id=orders.c.cart_id,
        order_id=order_lines.c.order_id,
        sales=1,
        sold=order_lines.c.quantity,
    ),
)
HOLDS = (
    select(
        _named.c.hold_id,
        agree([_named.c.item_id, _named.c.cart_id]).label("one_line"),
        agree([_named.c.order_id]).label("one_order"),
        *totals(_named, "starts", "released", "expired", "committed", "taken", "ended"),
        func.min(_named.c.position).label("first"),
        func.max(_named.c.position).label("last"),
        *ones(_named, "started_at", "ended_at"),
        *totals(_named, "lines", "idle_lines", "line_units", "sales", "sold"),
    )
    .group_by(_named.c.hold_id)
    .order_by(_named.c.hold_id)
)
