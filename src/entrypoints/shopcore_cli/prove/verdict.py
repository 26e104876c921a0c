"""Whether what buyers were told and what the database says go together: pure, so that it can be tried on anything."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from shopcore.audit import Violation
from shopcore.text import number_of
from shopcore_cli.prove.books import EXPIRED, GIVEN_BACK, SOLD, TAKEN, Books, units_of
from shopcore_cli.prove.notes import Answer, Attempt, Notes
from shopcore_cli.prove.told import peak

MOST = 5
"""Faults of one kind that are told."""

Faults = Iterator[str]
Rule = Callable[[Notes, Books, int], Faults]
"""What is wrong, given the units that there were before anybody came."""


def judge(notes: Notes, books: Books, *, stock: int) -> list[Violation]:
    """Every rule that is broken, with the facts; the rules have the names of the shop's documented invariants."""
    subject = f"item {books.item_id}"
    found = [
        Violation(rule=name, subject=subject, message=fault)
        for name, rule in RULES
        for fault in _first(list(rule(notes, books, stock)))
    ]
    return [*found, *books.audit]


def no_more_is_sold_than_there_was(notes: Notes, books: Books, stock: int) -> Faults:
    told = sum(yes.units for _, yes in _granted(notes) if yes.order_id)
    if told > stock:
        yield f"oversold: buyers were told that they bought {number_of(told, 'unit')} of {stock}"
    if books.sold_in_orders > stock:
        yield f"oversold: {number_of(books.sold_in_orders, 'unit')} of {stock} in orders"
    if not books.sold_in_orders == books.equation.sold == books.units(SOLD, -1):
        yield f"{number_of(books.sold_in_orders, 'unit')} in orders, and the ledger sold {books.equation.sold}"


def no_unit_is_promised_twice(notes: Notes, books: Books, stock: int) -> Faults:
    most = peak(notes)
    if most.units > stock:
        buyers = number_of(most.buyers, "buyer")
        yield f"promised twice: {number_of(most.units, 'unit')} of {stock} at once, to {buyers}"


def every_unit_is_somewhere(notes: Notes, books: Books, stock: int) -> Faults:
    taken, gone = books.units(TAKEN, 1), books.units(SOLD, -1)
    back = books.units(GIVEN_BACK, -1) + books.units(EXPIRED, -1)
    if taken != books.held + gone + back:
        yield f"{number_of(taken, 'unit')} put in carts, but {books.held} held + {gone} sold + {back} given back"
    if books.held != books.carts_hold:
        yield f"{number_of(books.held, 'unit')} held, but carts hold {books.carts_hold}"
    if books.on_hand + books.equation.sold != stock or books.equation.on_hand != books.on_hand:
        yield (
            f"{books.on_hand} on hand + {books.equation.sold} sold is not the {stock} received; "
            f"the ledger adds up to {books.equation.on_hand} on hand"
        )


def the_level_was_possible_at_every_moment(notes: Notes, books: Books, stock: int) -> Faults:
    on_hand = list(accumulate((entry.on_hand for entry in books.ledger), initial=0))
    held = list(accumulate((entry.held for entry in books.ledger), initial=0))
    least_free = min(there - promised for there, promised in zip(on_hand, held, strict=True))
    if min(held) < 0 or least_free < 0:
        yield f"its ledger once ran to {min(held)} held and {least_free} left over"
    for seen in dict.fromkeys(books.samples):
        if not 0 <= seen.held <= seen.on_hand:
            yield f"it was seen with {seen.held} held of {seen.on_hand} on hand"
        if (seen.on_hand, seen.held) != (seen.ledger_on_hand, seen.ledger_held):
            yield (
                f"it was seen with {seen.on_hand} on hand and {seen.held} held, "
                f"when its ledger added up to {seen.ledger_on_hand} and {seen.ledger_held}"
            )


def every_yes_is_kept(notes: Notes, books: Books, stock: int) -> Faults:
    changes: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for entry in books.ledger:
        if entry.cart_id:
            changes[entry.cart_id].append((entry.data["version"], entry.held))
    for attempt, yes in _granted(notes):
        if yes.order_id:
            order = books.orders.get(yes.order_id)
            units = units_of(order, books.item_id) if order and order.owner == attempt.request.buyer else 0
            if units != yes.units:
                told = number_of(yes.units, "unit")
                yield f"lost: {attempt.request} was told {told} in order {yes.order_id}, which has {units}"
        else:
            held = sum(units for version, units in changes[yes.cart_id] if version <= yes.version)
            if held != yes.held:
                yield (
                    f"lost: {attempt.request} was told that cart {yes.cart_id} holds {number_of(yes.held, 'unit')} "
                    f"at version {yes.version}, the ledger has {held}"
                )


def nothing_is_done_that_was_not_asked_or_done_twice(notes: Notes, books: Books, stock: int) -> Faults:
    told = {(yes.cart_id, yes.version) for _, yes in _granted(notes) if not yes.order_id}
    bought = {yes.order_id for _, yes in _granted(notes)}
    unknown = Counter({buyer: sum(not attempt.told for attempt in attempts) for buyer, attempts in notes.items()})
    for done in _done(books):
        if done.order_id in bought if done.order_id else (done.cart_id, done.version) in told:
            continue
        unknown[done.actor] -= 1
        if unknown[done.actor] < 0:
            yield (
                f"{done.actor} changed {number_of(done.units, 'unit')} in cart {done.cart_id} "
                f"at version {done.version}, and was never told so"
            )


def no_answer_is_given_to_two_requests(notes: Notes, books: Books, stock: int) -> Faults:
    given: dict[tuple[str, int, str], Attempt] = {}
    for attempt, yes in _granted(notes):
        if attempt.request.what in ("add", "buy"):
            first = given.setdefault((yes.cart_id, yes.version, yes.order_id), attempt)
            if first is not attempt:
                yield f"{first.request} and {attempt.request} were told the same yes, of cart {yes.cart_id}"
        if changed := [again.answer for again in attempt.told if again.answer != yes]:
            yield f"{attempt.request} was repeated with its key: first told {yes}, then {changed[0]}"


def _first(faults: Sequence[str]) -> Sequence[str]:
    """Not all of a thousand faults of one kind."""
    more = len(faults) - MOST
    return faults if more <= 0 else [*faults[:MOST], f"... and {more} more of this kind"]


RULES: Sequence[tuple[str, Rule]] = (
    ("S7", no_more_is_sold_than_there_was),
    ("S7", no_unit_is_promised_twice),
    ("S4", every_unit_is_somewhere),
    ("S1", the_level_was_possible_at_every_moment),
    ("V1", every_yes_is_kept),
    ("I1", nothing_is_done_that_was_not_asked_or_done_twice),
    ("I1", no_answer_is_given_to_two_requests),
)


@dataclass(slots=True)
class _Done:
    """What one command did, by the ledger."""

    actor: str
    cart_id: str
    version: int
    units: int = 0
    order_id: str | None = None


def _done(books: Books) -> Iterable[_Done]:
    """What was done in anybody's name, but for what the shop takes back by itself."""
    commands: dict[tuple[str, int], _Done] = {}
    for entry in books.ledger:
        if entry.cart_id and not entry.actor.startswith("system:"):
            version = entry.data["version"]
            done = _Done(entry.actor, entry.cart_id, version)
            done = commands.setdefault((entry.cart_id, version), done)
            done.units += abs(entry.held)
            done.order_id = done.order_id or entry.order_id
    return commands.values()


def _granted(notes: Notes) -> Iterator[tuple[Attempt, Answer]]:
    for attempts in notes.values():
        for attempt in attempts:
            if yes := attempt.granted:
                yield attempt, yes
