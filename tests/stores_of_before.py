"""Stores as shops before decision 56 wrote them: an add that holds stock is two entries of the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from shopcore.facts import HoldChanged, HoldTaken, ItemAdded
from shopcore.journal.model import Entry
from shopcore.store import Store, Transaction

T = TypeVar("T")


def writing_as_before(store: Store) -> Store:
    """`store`, but what is journalled there is written in the old style."""
    return cast(Store, _Store(store))


def as_before(entry: Entry) -> Iterator[Entry]:
    """The one or two entries that an entry of today was."""
    if entry.kind != ItemAdded.kind:
        yield entry
        return
    data = dict(entry.data)
    until = data.pop("until")
    if entry.hold_id is None:
        yield replace(entry, data=data)
        return
    begins = entry.operation == f"{entry.hold_id}/start"
    yield replace(entry, operation=f"{entry.operation} add", hold_id=None, held=0, data=data)
    yield replace(
        entry,
        kind=HoldTaken.kind if begins else HoldChanged.kind,
        data={"version": data["version"], "quantity": entry.held, "until": until},
    )


class _Other:
    """Whatever is not said here is as it is in another."""

    def __init__(self, other: Any) -> None:
        self._other = other

    def __getattr__(self, name: str) -> Any:
        return getattr(self._other, name)


class _Journal(_Other):
    def append(self, entries: Sequence[Entry]) -> None:
        self._other.append([old for entry in entries for old in as_before(entry)])


class _Transaction(_Other):
    @property
    def journal(self) -> _Journal:
        return _Journal(self._other.journal)


class _Store(_Other):
    def write(self, work: Callable[[Transaction], T], **options: Any) -> T:
        written: T = self._other.write(lambda tx: work(cast(Transaction, _Transaction(tx))), **options)
        return written
