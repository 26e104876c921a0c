"""What sales learn from what was taken out of carts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from shopcore.paging import Page, PageRequest
from shopcore.removals.model import Removal, RemovalFilter, SummaryBy, SummaryRow
from shopcore.store import Store


class Removals:
    """List, summary and export agree under the same filter. By default they show the shoppers' own removals."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(
        self, which: RemovalFilter | None = None, page: PageRequest | None = None, *, owner: str | None = None
    ) -> Page[Removal]:
        """Newest removal first; `owner` narrows the filter to one shopper."""
        which = which or RemovalFilter()
        with self._store.read() as tx:
            return tx.removals.page(replace(which, owner=owner or which.owner), page or PageRequest())

    def summary(
        self, by: SummaryBy, which: RemovalFilter | None = None, page: PageRequest | None = None
    ) -> Page[SummaryRow]:
        """Removals counted per item, customer, reason or day."""
        with self._store.read() as tx:
            return tx.removals.summary(by, which or RemovalFilter(), page or PageRequest())

    def export(self, which: RemovalFilter | None = None) -> Iterator[Removal]:
        """All removals of the filter, oldest first, as of one moment, in constant memory.

        The read is open until the iterator is exhausted or closed.
        """
        with self._store.read() as tx:
            yield from tx.removals.stream(which or RemovalFilter())
