"""The catalog: what is for sale, found by page and by word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Literal

from shopcore.catalog.changes import changed, listed
from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.keep import keep
from shopcore.catalog.model import Item, ItemFilter
from shopcore.catalog.rules import check_item
from shopcore.clock import Clock, MakeId
from shopcore.errors import IdTaken, InvalidInput, ItemNotFound
from shopcore.facts import ItemWithdrawn
from shopcore.idempotency import Key
from shopcore.inventory.sweeping import sweep
from shopcore.journal.once import Answer, once
from shopcore.money import Money
from shopcore.paging import Page, PageRequest
from shopcore.policy import Policy
from shopcore.record import record
from shopcore.store import Store, Transaction
from shopcore.text import fold
from shopcore.turn import Turn

LIBRARY = "library"
"""The actor in the ledger where a program names none."""


class Catalog:
    def __init__(self, store: Store, clock: Clock, make_id: MakeId, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._policy = policy

    def add_item(
        self,
        *,
        name: str,
        price: Money | Decimal | str | int,
        currency: str | None = None,
        sku: str | None = None,
        description: str = "",
        category: str | None = None,
        image_urls: Sequence[str] = (),
        attributes: Mapping[str, Any] | None = None,
        stock: int | None = None,
        max_per_customer: int | None = None,
        item_id: str | None = None,
        actor: str = LIBRARY,
    ) -> Item:
        """Put an item up for sale at `price` major units; `stock` None is untracked, without limit.

        Raises InvalidInput (with every bad field), SkuTaken, IdTaken.
        """
        draft = check_item(
            item_id=item_id or self._make_id(),
            name=name,
            price=price,
            currency=currency or self._policy.currency,
            sku=sku,
            description=description,
            category=category,
            image_urls=image_urls,
            attributes=attributes,
            stock=stock,
            max_per_customer=max_per_customer,
        )
        return self.add(draft, actor=actor).value

    def add(self, draft: ItemDraft, *, actor: str, key: Key | None = None) -> Answer[Item]:
        """Put a checked draft up for sale. Raises SkuTaken, IdTaken, KeyReused."""
        turn = self._turn(actor)

        def work(tx: Transaction) -> Answer[Item]:
            return once(tx, key, Item, turn.now, lambda: self._add(tx, draft, turn))

        return self._store.write(work, repeatable=key is not None)

    def change(self, draft: ItemDraft, *, actor: str, keep_stock: bool = True) -> Item:
        """Make the item `draft.id` be what the draft says; `keep_stock` leaves tracking and level as they are.

        Otherwise the draft's stock is what can be put in a cart from now on. Raises ItemNotFound, InvalidInput,
        SkuTaken, StockTracked.
        """
        turn = self._turn(actor)

        def work(tx: Transaction) -> Item:
            item = self._lock_listed(tx, draft.id)
            if level := tx.stock.lock([item.id]).get(item.id):
                item = replace(item, level=level)
            keep(tx, [changed(item, draft, turn, keep_stock=keep_stock)])
            return tx.items.get([item.id])[item.id]

        return self._store.write(work)

    def archive(self, item_id: str, *, actor: str, mode: Literal["finish", "recall"] = "finish") -> None:
        """Take an item off the shelves: it is listed no more, and nobody can put it in a cart.

        `finish` lets those who hold it check out; `recall` takes it back from every cart. Archiving again is harmless,
        and completes a recall that was cut short. Raises ItemNotFound.
        """
        turn = self._turn(actor)
        self._store.write(lambda tx: self._withdraw(tx, item_id, mode, turn))
        while mode == "recall" and self._store.write(lambda tx: sweep(tx, turn, items=[item_id])):
            pass

    def get(self, item_id: str, *, archived: bool = False) -> Item:
        """One item; archived ones only if asked for. Raises ItemNotFound."""
        with self._store.read() as tx:
            item = tx.items.get([item_id]).get(item_id)
        if item is None or (item.status != "listed" and not archived):
            raise ItemNotFound(item_id)
        return item

    def find(self, item_ids: Iterable[str]) -> dict[str, Item]:
        """Items by id, archived ones too; unknown ids are left out."""
        with self._store.read() as tx:
            return tx.items.get(item_ids)

    def list(self, which: ItemFilter | None = None, page: PageRequest | None = None) -> Page[Item]:
        """Listed items in the filter's order."""
        with self._store.read() as tx:
            return tx.items.page(which or ItemFilter(), page or PageRequest())

    def search(self, query: str, which: ItemFilter | None = None, page: PageRequest | None = None) -> Page[Item]:
        """Listed items in which every word of `query` begins some word. Raises InvalidInput for a blank query."""
        words = fold(query)
        if not query.strip():
            raise InvalidInput("q", "must not be blank")
        if not words:
            page = page or PageRequest()
            return Page(items=(), page=page.page, limit=page.limit, total=0)
        return self.list(replace(which or ItemFilter(), words=words), page)

    def export(self) -> Iterator[Item]:
        """All listed items by id, in constant memory."""
        with self._store.read() as tx:
            yield from tx.items.stream()

    def _add(self, tx: Transaction, draft: ItemDraft, turn: Turn) -> Item:
        if draft.id in tx.items.sellables([draft.id]):
            raise IdTaken(draft.id)
        listing = listed(draft, turn)
        keep(tx, [listing])
        return listing.item

    def _withdraw(self, tx: Transaction, item_id: str, mode: Literal["finish", "recall"], turn: Turn) -> None:
        item = tx.items.lock([item_id]).get(item_id)
        if item is None:
            raise ItemNotFound(item_id)
        if item.status == "recalled" or (item.status == "finishing" and mode == "finish"):
            return
        tx.stock.lock([item_id])  # who is taking a hold now comes first, everybody else sees it withdrawn
        tx.items.save([replace(item, status="recalled" if mode == "recall" else "finishing")])
        fact = ItemWithdrawn(**turn.stamp(), item_id=item_id, mode=mode)
        record(tx, [fact])

    def _lock_listed(self, tx: Transaction, item_id: str) -> Item:
        item = tx.items.lock([item_id]).get(item_id)
        if item is None or item.status != "listed":
            raise ItemNotFound(item_id)
        return item

    def _turn(self, actor: str) -> Turn:
        return Turn(now=self._clock(), actor=actor, policy=self._policy, make_id=self._make_id)
