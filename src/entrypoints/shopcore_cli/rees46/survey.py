"""A first look at a whole event file: who is in it, and what must have been in the carts before it began."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from shopcore.catalog.feeds import BadRow, ItemDraft
from shopcore_cli.rees46.events import Event, View, month, read_events

SHOWN_ROWS = 1000
"""Broken rows that are told one by one."""


@dataclass(slots=True)
class Course:
    """How far one shopper has come: the order of the file counts, whatever its times say.

    An event that claims to be earlier than the one before it happens at the same time as that.
    """

    at: datetime
    window: str

    @classmethod
    def since(cls, at: datetime) -> Self:
        return cls(at, month(at))

    def advance(self, event: Event) -> bool:
        """Come to `event`; says whether a new window begins with it."""
        self.at = max(self.at, event.at)
        before, self.window = self.window, month(self.at)
        return self.window > before


@dataclass(slots=True)
class Survey:
    """What is in a file. `began`: when each shopper's first event was. `prefills`: by shopper and window.

    An item was in the cart before a window began if the shopper's first event of it there removes or buys it.
    """

    digest: str = ""
    events: int = 0
    views: int = 0
    broken: int = 0
    broken_rows: list[BadRow] = field(default_factory=list)
    began: dict[str, datetime] = field(default_factory=dict)
    last: datetime | None = None
    prefills: dict[tuple[str, str], list[ItemDraft]] = field(default_factory=dict)


def survey(lines: Iterable[str], *, currency: str, prefill: bool = True) -> Survey:
    """Read all of `lines`; `prefill` asks for `prefills`. Raises InvalidInput where they are no event file."""
    found = Survey()
    digest = hashlib.sha256()
    courses: dict[str, tuple[Course, set[str]]] = {}

    def hashed() -> Iterator[str]:
        for line in lines:
            digest.update(line.encode())
            yield line

    for row in read_events(hashed(), currency=currency):
        match row:
            case View():
                found.views += 1
            case BadRow():
                found.broken += 1
                found.broken_rows += [row] if found.broken <= SHOWN_ROWS else []
            case Event():
                _note(row, found)
                if prefill:
                    _note_evidence(row, found, courses)
    found.digest = digest.hexdigest()
    return found


def _note(event: Event, found: Survey) -> None:
    found.events += 1
    began = found.began.setdefault(event.shopper, event.at)
    found.last = max(found.last or began, event.at)


def _note_evidence(event: Event, found: Survey, courses: dict[str, tuple[Course, set[str]]]) -> None:
    """`courses` have the items that each shopper has dealt with in the window he is in."""
    course, items = courses.setdefault(event.shopper, (Course.since(event.at), set()))
    if course.advance(event):
        items.clear()
    if event.kind != "cart" and event.item.id not in items:
        found.prefills.setdefault((event.shopper, course.window), []).append(event.item)
    items.add(event.item.id)
