"""What an audit finds, and what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar


class Book(Protocol):
    """All that is stored about one subject, added up from wherever it is written down."""

    @property
    def subject(self) -> str:
        """What the book is about, for people: `item mug`."""
        ...


B = TypeVar("B", bound=Book)
Rule = Callable[[B], str | None]
"""What is wrong with a book, or None. Pure: the book is all it knows."""

Rules = Sequence[tuple[str, Rule[B]]]
"""Rules by the names that the documentation of the shop's invariants gives them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """A `rule` that `subject` breaks, and how."""

    rule: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.subject}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """`found` violations, the first of which are `violations`; `checked` counts the subjects looked at, by rule."""

    violations: tuple[Violation, ...]
    found: int
    checked: Mapping[str, int]

    @property
    def clean(self) -> bool:
        return self.found == 0


class Tally:
    """Counts what rules say of books, and keeps the first `most` violations."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[Violation] = []
        self._found = 0
        self._checked: Counter[str] = Counter()

    def check(self, books: Iterable[B], rules: Rules[B]) -> None:
        """Hold every one of `books` against `rules`."""
        count = 0
        for book in books:
            count += 1
            for name, rule in rules:
                if fault := rule(book):
                    self._note(Violation(rule=name, subject=book.subject, message=fault))
        for name in {name for name, _ in rules}:
            self._checked[name] += count

    def report(self) -> AuditReport:
        return AuditReport(violations=tuple(self._kept), found=self._found, checked=dict(sorted(self._checked.items())))

    def _note(self, violation: Violation) -> None:
        self._found += 1
        if len(self._kept) < self._most:
            self._kept.append(violation)
