"""The proof from its beginning to its end: an item put by, raced for, judged, and cleared away."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shopcore.audit import Violation
from shopcore.shop import Shop
from shopcore_cli.prove.books import EXPIRED, GIVEN_BACK, TAKEN, Books, read_books
from shopcore_cli.prove.crowd import OpenShop, ask_again
from shopcore_cli.prove.notes import Attempt, Notebook, Notes, read_notes
from shopcore_cli.prove.plan import Plan
from shopcore_cli.prove.race import Raced, race
from shopcore_cli.prove.shelf import clear_away, put_by
from shopcore_cli.prove.told import Peak, peak
from shopcore_cli.prove.verdict import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What came out. `folder` has the buyers' notes, where there is a violation to look into."""

    plan: Plan
    raced: Raced
    notes: Notes
    books: Books
    violations: Sequence[Violation]
    folder: Path | None

    @property
    def attempts(self) -> list[Attempt]:
        return [attempt for attempts in self.notes.values() for attempt in attempts]

    @property
    def accepted(self) -> int:
        return sum(attempt.granted is not None for attempt in self.attempts)

    @property
    def refusals(self) -> Mapping[str, int]:
        """How many requests were refused, by code."""
        return Counter(attempt.answer.refusal for attempt in self.attempts if attempt.answer and not attempt.granted)

    @property
    def repeated(self) -> int:
        """Requests that were asked again with their key although they were answered."""
        return sum(len(attempt.told) > 1 for attempt in self.attempts)

    @property
    def lost_answers(self) -> int:
        """Requests that a killed process never heard the answer of, and that were asked again by another."""
        return sum(attempt.times > 1 for attempt in self.attempts)

    @property
    def lost_answers_of_done(self) -> int:
        """Those of them that were done: the answer that the shop had kept was given then."""
        return sum(attempt.times > 1 and bool(attempt.told) and attempt.told[0].replayed for attempt in self.attempts)

    @property
    def peak(self) -> Peak:
        return peak(self.notes)

    @property
    def taken(self) -> int:
        return self.books.units(TAKEN, 1)

    @property
    def given_back(self) -> int:
        return self.books.units(GIVEN_BACK, -1)

    @property
    def expired(self) -> int:
        return self.books.units(EXPIRED, -1)


def prove(
    shop: Shop, open_shop: OpenShop, plan: Plan, *, actor: str, watch: Callable[[int], None] = lambda answers: None
) -> Proof:
    """Race for an item of its own in `shop`, which `open_shop` opens in other processes, and judge what came of it.

    If all is well the item is cleared away, and if not everything stays as it is, to be looked into.
    """
    folder = Path(tempfile.mkdtemp(prefix="shopcore-prove-"))
    keep = False
    try:
        put_by(shop, plan, actor=actor)
        raced = race(shop, open_shop, plan, folder, watch)
        _settle(shop, plan, folder)
        notes = read_notes(sorted(folder.glob("*.notes")))
        books = read_books(shop, plan.item_id, notes, raced.samples)
        violations = judge(notes, books, stock=plan.stock)
        keep = bool(violations)
        if not violations:
            clear_away(shop, plan, owners=notes, orders=books.orders, actor=actor)
        return Proof(
            plan=plan,
            raced=raced,
            notes=notes,
            books=books,
            violations=violations,
            folder=folder if keep else None,
        )
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def _settle(shop: Shop, plan: Plan, folder: Path) -> None:
    """Ask again what was never answered because the time was up, so that all answers are known."""
    notes = read_notes(sorted(folder.glob("*.notes")))
    unanswered = [attempt for attempts in notes.values() for attempt in attempts if not attempt.told]
    notebook = Notebook(folder / "settled.notes")
    try:
        ask_again(shop, unanswered, plan, notebook)
    finally:
        notebook.close()
