"""Rules S1 to S6 and H1 to H4: levels, their ledger, and holds."""

from __future__ import annotations

from shopcore.audit.books import HoldBook, LedgerBook, StockBook
from shopcore.audit.model import Rules
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
from shopcore.inventory.model import StockEquation
from shopcore.text import number_of

_EFFECT = {
    ItemAdded.kind: (0, 1),
    HoldTaken.kind: (0, 1),
    HoldChanged.kind: (0, 1),
    HoldReleased.kind: (0, -1),
    HoldExpired.kind: (0, -1),
    HoldCommitted.kind: (-1, -1),
    StockReceived.kind: (1, 0),
    StockAdjusted.kind: (1, 0),
    StockRestocked.kind: (1, 0),
}
"""What one unit of a fact does to (on hand, held). No other fact touches a level."""

_EITHER_WAY = {HoldChanged.kind, StockAdjusted.kind}
"""Facts whose quantity may be negative."""


def level_is_possible(book: StockBook) -> str | None:
    if not 0 <= book.held <= book.on_hand:
        return f"{book.held} held of {book.on_hand} on hand"
    if book.least_held < 0 or book.least_free < 0:
        return f"its ledger once ran to {book.least_held} held and {book.least_free} left over"
    return None


def held_is_what_carts_hold(book: StockBook) -> str | None:
    return None if book.held == book.live else f"{book.held} held, but live holds add up to {book.live}"


def level_is_what_its_ledger_adds_up_to(book: StockBook) -> str | None:
    if (book.on_hand, book.held) == (book.ledger_on_hand, book.ledger_held):
        return None
    return (
        f"{book.on_hand} on hand and {book.held} held, "
        f"but its ledger adds up to {book.ledger_on_hand} and {book.ledger_held}"
    )


def on_hand_is_accounted_for(book: StockBook) -> str | None:
    equation = StockEquation(received=book.received, adjusted=book.adjusted, restocked=book.restocked, sold=book.sold)
    if equation.on_hand == book.on_hand:
        return None
    return (
        f"received {book.received} + adjusted {book.adjusted} + restocked {book.restocked} - sold {book.sold} "
        f"= {equation.on_hand}, but {book.on_hand} on hand"
    )


def what_is_untracked_has_no_stock(book: StockBook) -> str | None:
    if book.tracked or not (book.live or book.entries):
        return None
    return f"untracked, but held: {book.live}, entries in its ledger: {book.entries}"


def ledger_entry_is_complete(book: LedgerBook) -> str | None:
    if book.entries != 1:
        return f"journalled {book.entries} times"
    if book.kind not in _EFFECT:
        return f"a {book.kind} does not change a level"
    if not book.actor:
        return "names no actor"
    if not book.item_id:
        return "names no item"
    if not _reference(book):
        return "names no hold, order or reason"
    natural = _natural_operation(book)
    if natural not in (None, book.operation):
        return f"should be {natural}"
    on_hand, held = _EFFECT[book.kind]
    quantity = (book.line_quantity if _is_called_start(book) else book.quantity) or 0
    if (book.on_hand, book.held) != (on_hand * quantity, held * quantity):
        return f"{book.kind} of {number_of(quantity, 'unit')} changed on hand by {book.on_hand} and held by {book.held}"
    return None if quantity > 0 or book.kind in _EITHER_WAY else f"{book.kind} of {number_of(quantity, 'unit')}"


def _reference(book: LedgerBook) -> str | None:
    match book.kind:
        case StockReceived.kind | StockAdjusted.kind:
            return book.reason
        case StockRestocked.kind:
            return book.order_id
        case HoldCommitted.kind:
            return book.hold_id and book.order_id
        case _:
            return book.hold_id


def _natural_operation(book: LedgerBook) -> str | None:
    """The name that makes the store refuse the same thing a second time, for facts that can happen once."""
    match book.kind:
        case HoldTaken.kind:
            return f"{book.hold_id}/start"
        case ItemAdded.kind if book.held == book.line_quantity:  # all of the line, not just what is new
            return f"{book.hold_id}/start"
        case HoldReleased.kind | HoldExpired.kind | HoldCommitted.kind:
            return f"{book.hold_id}/end"
        case StockRestocked.kind:
            return f"{book.order_id}/{book.item_id}/restock"
        case _:
            return None


def _is_called_start(book: LedgerBook) -> bool:
    """Whether units were added and their hold began: it is of the whole line, which may have held nothing before."""
    return book.kind == ItemAdded.kind and book.operation == f"{book.hold_id}/start"


def hold_lives_on_one_line_of_an_active_cart(book: HoldBook) -> str | None:
    if book.lines > 1:
        return f"lives on {book.lines} lines"
    if book.idle_lines:
        return "lives on in a cart that is closed"
    return None if book.one_line else "is named by different carts or items"


def hold_is_of_its_lines_quantity(book: HoldBook) -> str | None:
    if book.lines and book.line_units != book.taken:
        return f"{number_of(book.taken, 'unit')} taken, its line has {book.line_units}"
    return (
        f"{number_of(book.taken, 'unit')} taken, {book.ended} ended" if book.ends and book.ended != book.taken else None
    )


def hold_begins_once_and_ends_once(book: HoldBook) -> str | None:
    if book.starts != 1 or book.started_at != book.first:
        return f"begins {book.starts} times" if book.starts != 1 else "has a history before it begins"
    if book.ends > 1:
        return f"ends {book.ends} times"
    if book.ends and book.ended_at != book.last:
        return "changes after its end"
    if book.ends and book.lines:
        return "has ended, but a line lives on it"
    return None if book.ends or book.lines else "has not ended, but no line lives on it"


def committed_hold_is_sold_by_one_order_line(book: HoldBook) -> str | None:
    if book.committed != book.sales or book.sales > 1:
        return f"committed {number_of(book.committed, 'time')}, named by {number_of(book.sales, 'order line')}"
    if book.sales and (book.sold != book.ended or not book.one_order or not book.one_line):
        return f"{number_of(book.ended, 'unit')} committed, the order line of {number_of(book.sold, 'unit')} is another"
    return None


def order_line_has_its_hold(book: HoldBook) -> str | None:
    if not book.sales or (book.committed and book.sold == book.ended):
        return None
    return f"sold {number_of(book.sold, 'unit')}, committed {book.ended if book.committed else 0}"


STOCK: Rules[StockBook] = (
    ("S1", level_is_possible),
    ("S2", held_is_what_carts_hold),
    ("S3", level_is_what_its_ledger_adds_up_to),
    ("S4", on_hand_is_accounted_for),
    ("S6", what_is_untracked_has_no_stock),
)
LEDGER: Rules[LedgerBook] = (("S5", ledger_entry_is_complete),)
HOLDS: Rules[HoldBook] = (
    ("H1", hold_lives_on_one_line_of_an_active_cart),
    ("H2", hold_is_of_its_lines_quantity),
    ("H3", hold_begins_once_and_ends_once),
    ("H4", committed_hold_is_sold_by_one_order_line),
    ("O5", order_line_has_its_hold),
)
