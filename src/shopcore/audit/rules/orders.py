"""Rules C5, O1 to O6, I1 and I2: orders add up, stay as they were, and are what keys answered."""

from __future__ import annotations

from dataclasses import replace

from shopcore.audit.books import KeyBook, OrderBook
from shopcore.audit.model import Rules
from shopcore.money import Money
from shopcore.orders.model import Order, OrderLine
from shopcore.text import number_of


def lines_are_price_times_quantity(book: OrderBook) -> str | None:
    wrong = [line.item_id for line in _lines(book) if line.line_total != line.unit_price * line.quantity]
    return f"line totals are wrong for {', '.join(wrong)}" if wrong else None


def order_adds_up(book: OrderBook) -> str | None:
    order = book.order
    if order is None:
        return None
    lines = _sum(order, *(line.line_total for line in order.lines))
    if order.subtotal != lines:
        return f"lines add up to {lines}, the subtotal is {order.subtotal}"
    if order.total != order.subtotal - order.discount:
        return f"{order.subtotal} - {order.discount} is not {order.total}"
    currencies = {order.currency, *(discount.amount.currency for discount in order.discounts)}
    if book.cart and order.lines:
        currencies.add(book.cart.currency)
    return f"mixes {', '.join(sorted(currencies))}" if len(currencies) > 1 else None


def discounts_are_split_exactly(book: OrderBook) -> str | None:
    order = book.order
    if order is None:
        return None
    split = sum(line.discount.amount for line in order.lines)
    given = sum(discount.amount.amount for discount in order.discounts)
    if order.discount.amount == split == given:
        return None
    return f"{given} minor units of discounts, {split} on the lines, {order.discount.amount} in all"


def order_is_its_carts(book: OrderBook) -> str | None:
    if book.order is None:
        return None
    if book.cart is None:
        return f"its cart {book.order.cart_id} is not there"
    if (book.cart.status, book.cart.order_id, book.cart.owner) != ("ordered", book.order_id, book.order.owner):
        return f"its cart {book.order.cart_id} is {book.cart.status}, of {book.cart.owner}, names {book.cart.order_id}"
    return None


def order_is_as_it_was_placed(book: OrderBook) -> str | None:
    if book.order is None:
        return "is journalled, but is not there"
    if book.placings != 1 or book.placed is None:
        return f"was placed {book.placings} times"
    if replace(book.order, history=()) != replace(book.placed, history=()):
        return "differs from what was journalled when it was placed"
    return _history_fault(book.order, book.placed, book.cancellations)


def tracked_lines_have_holds(book: OrderBook) -> str | None:
    wrong = [line.item_id for line in _lines(book) if (line.hold_id is not None) != (line.item_id in book.tracked)]
    return f"tracked lines without a hold, or the reverse: {', '.join(wrong)}" if wrong else None


def cancelled_units_come_back_once(book: OrderBook) -> str | None:
    cancelled = book.order is not None and any(event.status == "cancelled" for event in book.order.history)
    due = {line.item_id: line.quantity for line in _lines(book) if line.hold_id} if cancelled else {}
    if book.restocked == due:
        return None
    return f"{'cancelled' if cancelled else 'not cancelled'}: {due} should be restocked, {dict(book.restocked)} was"


def key_has_one_answer(book: KeyBook) -> str | None:
    return None if book.answers == 1 else f"has {book.answers} answers"


def answer_and_effect_are_both_there(book: KeyBook) -> str | None:
    return f"answered with an {book.effect} that is not there" if book.effect and not book.there else None


def _history_fault(order: Order, placed: Order, cancellations: int) -> str | None:
    statuses = [event.status for event in order.history]
    if statuses[:1] != ["placed"] or order.history[:1] != placed.history:
        return "its history does not begin with its being placed"
    if statuses[1:] not in ([], ["cancelled"]):
        return f"its history is {', '.join(statuses)}"
    if len(statuses) - 1 != cancellations:
        return f"cancelled {number_of(len(statuses) - 1, 'time')}, journalled {number_of(cancellations, 'time')}"
    return None


def _lines(book: OrderBook) -> tuple[OrderLine, ...]:
    return book.order.lines if book.order else ()


def _sum(order: Order, *amounts: Money) -> Money:
    return sum(amounts, start=Money.zero(order.currency))


ORDERS: Rules[OrderBook] = (
    ("C5", lines_are_price_times_quantity),
    ("O1", order_adds_up),
    ("O2", discounts_are_split_exactly),
    ("O3", order_is_its_carts),
    ("O4", order_is_as_it_was_placed),
    ("O5", tracked_lines_have_holds),
    ("O6", cancelled_units_come_back_once),
)
KEYS: Rules[KeyBook] = (
    ("I1", key_has_one_answer),
    ("I2", answer_and_effect_are_both_there),
)
