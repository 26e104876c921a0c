"""The verdict of `shopcore prove`: it is silent about an honest shop, and finds whatever is put wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcore.audit import Violation
from shopcore.facts import HoldCommitted, ItemAdded
from shopcore.shop import Shop
from shopcore_cli.prove.books import Books, Sample, read_books
from shopcore_cli.prove.buyer import Buyer
from shopcore_cli.prove.crowd import Crowd, Post
from shopcore_cli.prove.notes import Answer, Attempt, Count, Notebook, Notes, Request, Told, read_notes
from shopcore_cli.prove.plan import Plan
from shopcore_cli.prove.shelf import as_on_sale, put_by
from shopcore_cli.prove.told import Peak, claims_of, peak
from shopcore_cli.prove.verdict import judge
from shopcore_memory import MemoryStore

STOCK = 8
PLAN = Plan(item_id="mug", stock=STOCK, buyers=6, attempts=80, processes=1, kills=0, seed=0, hold=0.003, seconds=60)


@cache
def history(seed: int) -> tuple[Notes, Books]:
    """What buyers noted in an honest shop, and its books."""
    plan, shop = replace(PLAN, seed=seed), Shop(MemoryStore())
    put_by(shop, plan, actor="test")
    with TemporaryDirectory() as name:
        crowd = Crowd(plan, Post(process=0, generation=0, folder=Path(name)), time() + 60)
        crowd.serve(as_on_sale(shop, plan))
        crowd.notebook.close()
        notes = read_notes(list(Path(name).iterdir()))
    return notes, read_books(shop, "mug", notes, [])


def judged(notes: Notes, books: Books) -> list[Violation]:
    return judge(notes, books, stock=STOCK)


@given(st.integers(0, 40))
def test_an_honest_shop_has_nothing_said_against_it(seed: int) -> None:
    notes, books = history(seed)

    assert sum(map(len, notes.values())) == PLAN.attempts
    assert books.sold_in_orders > 0
    assert judged(notes, books) == []


Corruption = Callable[[Notes, Books], tuple[Notes, Books]]
CORRUPTIONS: dict[str, Corruption] = {}


def corruption(rule: str) -> Callable[[Corruption], Corruption]:
    """Something put wrong, and the rule that must find it."""

    def keep(change: Corruption) -> Corruption:
        CORRUPTIONS[f"{rule} {change.__name__}"] = change
        return change

    return keep


def changed(notes: Notes, attempt: Attempt, **fields: object) -> Notes:
    """The notes with one yes told otherwise."""
    told = tuple(replace(each, answer=replace(each.answer, **fields)) for each in attempt.told)  # type: ignore[arg-type]
    return with_attempt(notes, replace(attempt, told=told))


def with_attempt(notes: Notes, attempt: Attempt) -> Notes:
    buyer = attempt.request.buyer
    mine = [old for old in notes.get(buyer, ()) if old.request.number != attempt.request.number]
    return {**notes, buyer: sorted([*mine, attempt], key=lambda each: each.request.number)}


def a_purchase(notes: Notes) -> Attempt:
    return next(one for mine in notes.values() for one in mine if one.granted and one.granted.order_id)


def an_add(notes: Notes) -> Attempt:
    """An add that was granted; and not one after which the line was set to what it was, which changes nothing."""
    granted = [(one, one.granted) for mine in notes.values() for one in mine if one.granted]
    times = Counter((yes.cart_id, yes.version) for _, yes in granted)
    return next(one for one, yes in granted if one.request.what == "add" and times[yes.cart_id, yes.version] == 1)


def another(buyer: str, answer: Answer, what: str = "buy") -> Attempt:
    request = Request(buyer=buyer, number=999, what=what, units=answer.units)  # type: ignore[arg-type]
    return Attempt(request=request, asked=time(), told=(Told(at=time(), answer=answer),))


@corruption("V1")
def an_order_is_gone(notes: Notes, books: Books) -> tuple[Notes, Books]:
    gone = a_purchase(notes).granted
    orders = {name: order for name, order in books.orders.items() if gone and name != gone.order_id}
    return notes, replace(books, orders=orders)


@corruption("V1")
def an_order_is_somebody_elses(notes: Notes, books: Books) -> tuple[Notes, Books]:
    told = a_purchase(notes).granted
    assert told
    theirs = replace(books.orders[told.order_id], owner="mug/other")
    return notes, replace(books, orders={**books.orders, told.order_id: theirs})


@corruption("V1")
def more_was_promised_than_is_in_the_order(notes: Notes, books: Books) -> tuple[Notes, Books]:
    attempt = a_purchase(notes)
    return changed(notes, attempt, units=attempt.told[0].answer.units + 1), books


@corruption("V1")
def a_cart_was_said_to_hold_more(notes: Notes, books: Books) -> tuple[Notes, Books]:
    attempt = an_add(notes)
    return changed(notes, attempt, held=attempt.told[0].answer.held + 1), books


@corruption("V1")
def a_hold_was_never_written(notes: Notes, books: Books) -> tuple[Notes, Books]:
    taken = next(entry for entry in books.ledger if entry.kind == ItemAdded.kind)
    return notes, replace(books, ledger=[entry for entry in books.ledger if entry is not taken])


@corruption("I1")
def units_were_taken_that_nobody_asked_for(notes: Notes, books: Books) -> tuple[Notes, Books]:
    taken = next(entry for entry in books.ledger if entry.kind == ItemAdded.kind)
    again = replace(taken, operation="again", data={**taken.data, "version": 998})
    return notes, replace(books, ledger=[*books.ledger, again])


@corruption("I1")
def a_yes_was_never_told(notes: Notes, books: Books) -> tuple[Notes, Books]:
    attempt = an_add(notes)
    mine = [each for each in notes[attempt.request.buyer] if each is not attempt]
    return {**notes, attempt.request.buyer: mine}, books


@corruption("I1")
def one_order_was_told_to_two(notes: Notes, books: Books) -> tuple[Notes, Books]:
    attempt = a_purchase(notes)
    other = next(buyer for buyer in notes if buyer != attempt.request.buyer)
    return with_attempt(notes, another(other, attempt.told[0].answer)), books


@corruption("I1")
def the_same_key_was_answered_in_two_ways(notes: Notes, books: Books) -> tuple[Notes, Books]:
    attempt = an_add(notes)
    again = Told(at=time(), answer=replace(attempt.told[0].answer, version=997))
    return with_attempt(notes, replace(attempt, told=(*attempt.told, again))), books


@corruption("S7")
def more_was_bought_than_there_was(notes: Notes, books: Books) -> tuple[Notes, Books]:
    return with_attempt(notes, another("mug/other", Answer(order_id="x", cart_id="y", units=STOCK + 1))), books


@corruption("S7")
def more_was_promised_at_once_than_there_was(notes: Notes, books: Books) -> tuple[Notes, Books]:
    answer = Answer(cart_id="y", version=2, units=STOCK + 1, held=STOCK + 1)
    return with_attempt(notes, another("mug/other", answer, "add")), books


@corruption("S7")
def an_order_has_no_ledger_entry(notes: Notes, books: Books) -> tuple[Notes, Books]:
    sold = next(entry for entry in books.ledger if entry.kind == HoldCommitted.kind)
    return notes, replace(books, ledger=[entry for entry in books.ledger if entry is not sold])


@corruption("S4")
def a_unit_is_gone(notes: Notes, books: Books) -> tuple[Notes, Books]:
    return notes, replace(books, on_hand=books.on_hand - 1)


@corruption("S4")
def a_unit_is_held_by_nobody(notes: Notes, books: Books) -> tuple[Notes, Books]:
    return notes, replace(books, held=books.held + 1)


@corruption("S1")
def the_level_was_seen_below_nothing(notes: Notes, books: Books) -> tuple[Notes, Books]:
    return notes, replace(books, samples=[Sample(on_hand=1, held=2, ledger_on_hand=1, ledger_held=2)])


@corruption("S1")
def the_level_was_seen_beside_its_ledger(notes: Notes, books: Books) -> tuple[Notes, Books]:
    return notes, replace(books, samples=[Sample(on_hand=3, held=2, ledger_on_hand=3, ledger_held=1)])


@corruption("S1")
def the_ledger_once_ran_below_nothing(notes: Notes, books: Books) -> tuple[Notes, Books]:
    return notes, replace(books, ledger=[*books.ledger[1:], books.ledger[0]])


@pytest.mark.parametrize("name", CORRUPTIONS)
@given(st.integers(0, 40))
def test_what_is_put_wrong_is_found(name: str, seed: int) -> None:
    notes, books = CORRUPTIONS[name](*history(seed))

    assert name.partition(" ")[0] in {violation.rule for violation in judged(notes, books)}


def test_what_the_auditor_found_is_among_what_is_told() -> None:
    notes, books = history(0)
    found = Violation(rule="H1", subject="hold 1", message="lives on 2 lines")

    assert judged(notes, replace(books, audit=[found])) == [found]


def test_of_many_faults_of_one_kind_the_first_are_told() -> None:
    notes, books = history(0)
    samples = [Sample(on_hand=1, held=held, ledger_on_hand=1, ledger_held=held) for held in range(2, 52)]

    said = [violation.message for violation in judged(notes, replace(books, samples=samples))]

    assert len(said) == 6
    assert said[-1] == "... and 45 more of this kind"


def test_what_was_told_is_shown_in_words() -> None:
    told = [
        Answer(refusal="INSUFFICIENT_STOCK"),
        Answer(cart_id="c", version=3, units=1, held=1),
        Answer(cart_id="c", units=2, order_id="o"),
    ]

    assert [*map(str, told)] == [
        "no, INSUFFICIENT_STOCK",
        "yes, 1 unit held in cart c at version 3",
        "yes, 2 units bought in order o",
    ]


def told_at(asked: float, at: float, number: int, **answer: object) -> Attempt:
    request = Request(buyer="ann", number=number, what="add", units=1)
    return Attempt(request=request, asked=asked, told=(Told(at=at, answer=Answer(**answer)),))  # type: ignore[arg-type]


def test_a_claim_lasts_from_the_answer_to_the_next_question_or_the_deadline() -> None:
    attempts = [
        told_at(1, 2, 1, held=3, units=3, until=10.0),
        told_at(5, 6, 2, refusal="INSUFFICIENT_STOCK"),
        told_at(20, 21, 3, held=1, units=1, until=30.0),
        told_at(22, 23, 4, order_id="o", units=1),
    ]

    claims = [(claim.units, claim.since, claim.until) for claim in claims_of(attempts)]

    assert claims == [(3, 2, 5), (3, 6, 10), (1, 21, 22), (1, 23, float("inf"))]


def test_what_follows_an_answer_that_never_came_is_not_claimed() -> None:
    unknown = Attempt(request=Request(buyer="ann", number=2, what="remove"), asked=3)

    assert [claim.until for claim in claims_of([told_at(1, 2, 1, held=3, units=3, until=10.0), unknown])] == [3]


def test_what_is_handed_on_is_not_promised_twice() -> None:
    first = told_at(1, 2, 1, held=3, units=3, until=10.0)
    other = replace(first, told=(replace(first.told[0], at=10.0),))

    assert peak({"ann": [first], "ben": [other]}) == Peak(units=3, buyers=1, at=2)


def test_a_buyer_who_died_while_he_waited_asks_the_same_again(tmp_path: Path) -> None:
    plan = replace(PLAN, seed=5)
    buyer, notebook = Buyer("mug/1"), Notebook(tmp_path / "1.notes")
    asked = buyer.next(plan)
    assert asked
    notebook.asked([asked])
    notebook.close()

    heir = Buyer.of("mug/1", read_notes([tmp_path / "1.notes"])["mug/1"])

    assert heir.next(plan) == asked
    assert heir.number == 1


def test_answers_are_counted_as_they_come(tmp_path: Path) -> None:
    count, notebook = Count(tmp_path), Notebook(tmp_path / "1.notes")
    request = Request(buyer="ann", number=1, what="add", units=1)
    notebook.asked([request])
    before = count()
    notebook.told([(request, Answer(), False), (request, Answer(refusal="X"), True)])
    notebook.close()

    assert (before, count(), count()) == (0, 2, 2)
