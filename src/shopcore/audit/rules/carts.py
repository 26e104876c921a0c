"""Rules C1 to C5, R1, R2, R4 and O3: carts, what left them, and what became of both."""

from __future__ import annotations

from shopcore.audit.books import CartBook, LineBook, OwnerBook, RemovalBook
from shopcore.audit.model import Rules
from shopcore.carts.model import MAX_QUANTITY
from shopcore.text import number_of


def one_cart_is_active(book: OwnerBook) -> str | None:
    return None if book.active == 1 else f"has {book.active} active carts"


def line_is_one_of_1_to_999_units(book: LineBook) -> str | None:
    if book.lines > 1:
        return f"has {book.lines} lines"
    if book.lines and not 1 <= book.quantity <= MAX_QUANTITY:
        return f"the line has {book.quantity} units"
    return None


def version_follows_the_timeline(book: CartBook) -> str | None:
    if book.regressions:
        return f"its version went back {number_of(book.regressions, 'time')}"
    if book.carts and (book.openings != 1 or not book.first_version):
        return f"was opened {number_of(book.openings, 'time')}, first at version {book.first_version}"
    if book.version != book.last_version:
        return f"is at version {book.version}, its timeline at {book.last_version}"
    return None


def closed_cart_stays_as_it_was(book: CartBook) -> str | None:
    if not book.carts:
        return "is named, but is not there"
    if book.closings != (book.status != "active"):
        return f"is {book.status}, but was closed {number_of(book.closings, 'time')}"
    return "something happened after it was closed" if book.closings and book.closed_at != book.last else None


def ordered_line_is_as_it_was_sold(book: LineBook) -> str | None:
    if book.status != "ordered" or (book.quantity, book.counted) == (book.sold, book.sold):
        return None
    return (
        f"{number_of(book.sold, 'unit')} ordered, "
        f"the cart shows {book.quantity}, {book.quantity - book.counted} of them lapsed"
    )


def cart_has_one_currency(book: CartBook) -> str | None:
    return f"{number_of(book.odd_lines, 'line')} in another currency" if book.odd_lines else None


def ordered_cart_has_one_order(book: CartBook) -> str | None:
    if book.orders == (book.status == "ordered") == (book.order_id is not None):
        return None
    return f"is {book.status}, names order {book.order_id}, and has {number_of(book.orders, 'order')}"


def units_are_in_the_cart_or_recorded(book: LineBook) -> str | None:
    there = book.sold if book.status == "ordered" else book.counted
    if book.added == book.removed + there:
        return None
    return f"{number_of(book.added, 'unit')} added, {book.removed} removed, {there} in the cart or ordered"


def removal_was_journalled(book: RemovalBook) -> str | None:
    if bool(book.records) != bool(book.entries):
        return "is recorded, but not journalled" if book.records else "was journalled, but is not recorded"
    return None if book.same_units else "is recorded as another quantity, item or cart than was journalled"


def cart_counts_its_removals(book: CartBook) -> str | None:
    if book.noted_removals == book.removals:
        return None
    return f"counts {number_of(book.noted_removals, 'removal')} of {book.removals}"


def outcome_follows_the_cart(book: RemovalBook) -> str | None:
    if not book.records:
        return None
    match book.cart_status:
        case "ordered":
            outcome, order_id = ("recovered" if book.ordered else "lost"), book.cart_order_id
        case "abandoned":
            outcome, order_id = "abandoned", None
        case _:
            outcome, order_id = "open", None
    if (book.outcome, book.order_id) != (outcome, order_id):
        return f"is {book.outcome} with order {book.order_id}, should be {outcome} with order {order_id}"
    return None if book.bought or book.later_order_id is None else f"was not bought later with {book.later_order_id}"


def return_is_noted(book: LineBook) -> str | None:
    if not book.records or book.last_removed is None:
        return None
    returned = book.last_added is not None and book.last_added > book.last_removed
    if returned == (book.unreturned == 0):
        return None
    records = number_of(book.records, "removal")
    return f"{'returned' if returned else 'did not return'}, but of {records} {book.unreturned} open"


def removal_keeps_its_story(book: RemovalBook) -> str | None:
    return None if book.same_story else "says something else of owner, name, price, reason or time than was journalled"


def removal_is_recorded_once(book: RemovalBook) -> str | None:
    if book.records <= 1 and book.entries <= 1:
        return None
    return f"has {book.records} records and {book.entries} journal entries"


OWNERS: Rules[OwnerBook] = (("C1", one_cart_is_active),)
CARTS: Rules[CartBook] = (
    ("C3", version_follows_the_timeline),
    ("C4", closed_cart_stays_as_it_was),
    ("C5", cart_has_one_currency),
    ("O3", ordered_cart_has_one_order),
    ("R1", cart_counts_its_removals),
)
LINES: Rules[LineBook] = (
    ("C2", line_is_one_of_1_to_999_units),
    ("C4", ordered_line_is_as_it_was_sold),
    ("R1", units_are_in_the_cart_or_recorded),
    ("R2", return_is_noted),
)
REMOVALS: Rules[RemovalBook] = (
    ("R1", removal_was_journalled),
    ("R2", outcome_follows_the_cart),
    ("R3", removal_keeps_its_story),
    ("R4", removal_is_recorded_once),
)
