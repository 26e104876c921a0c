"""Taking a whole product file into the catalog, again and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Literal

from shopcore.catalog.changes import Listing, changed, listed, says_nothing_new
from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.feeds import BadRow, FeedRow, SkippedRow
from shopcore.catalog.keep import keep
from shopcore.catalog.model import Item
from shopcore.clock import Clock, MakeId
from shopcore.errors import ShopError
from shopcore.policy import Policy
from shopcore.store import Store, Transaction
from shopcore.turn import Turn

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of one row. `reasons` say why it was rejected or skipped."""

    row: int
    outcome: Literal["added", "changed", "unchanged", "skipped", "rejected"]
    reasons: tuple[str, ...] = ()


class Imports:
    """Importing the same file twice changes nothing; a bad row costs only itself."""

    def __init__(self, store: Store, clock: Clock, make_id: MakeId, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._policy = policy

    def run(self, rows: Iterable[FeedRow], *, actor: str, dry_run: bool = False) -> Iterator[Imported]:
        """Take rows in, some hundred to a transaction, and say of each what became of it.

        New items get the file's stock; that of items which the shop has already is left alone, as it has sold some
        since. With `dry_run` nothing is written. What was imported before an error stays: importing again goes on.
        """
        pending = iter(rows)
        while batch := list(islice(pending, BATCH)):
            drafts = [row for row in batch if isinstance(row, ItemDraft)]
            yield from (_not_taken(row) for row in batch if not isinstance(row, ItemDraft))
            if drafts and dry_run:
                with self._store.read() as tx:
                    planned = _plan(tx, tx.items.get(_ids(drafts)), drafts, self._turn(actor))
                yield from (outcome for outcome, _ in planned)
            elif drafts:
                turn = self._turn(actor)
                yield from self._store.write(partial(_take, drafts=drafts, turn=turn), repeatable=True)

    def _turn(self, actor: str) -> Turn:
        return Turn(now=self._clock(), actor=actor, policy=self._policy, make_id=self._make_id)


def _take(tx: Transaction, drafts: Sequence[ItemDraft], turn: Turn) -> list[Imported]:
    planned = _plan(tx, tx.items.lock(_ids(drafts)), drafts, turn)
    keep(tx, [listing for _, listing in planned if listing is not None])
    return [outcome for outcome, _ in planned]


def _plan(
    tx: Transaction, items: Mapping[str, Item], drafts: Sequence[ItemDraft], turn: Turn
) -> list[tuple[Imported, Listing | None]]:
    skus = tx.items.by_sku(draft.sku for draft in drafts if draft.sku)
    planned: list[tuple[Imported, Listing | None]] = []
    for draft in drafts:
        if draft.sku and skus.setdefault(draft.sku, draft.id) != draft.id:
            reasons = (f"sku: {draft.sku} is another item's",)
            planned.append((Imported(row=draft.row, outcome="rejected", reasons=reasons), None))
        else:
            planned.append(_planned(draft, items.get(draft.id), turn))
    return planned


def _planned(draft: ItemDraft, item: Item | None, turn: Turn) -> tuple[Imported, Listing | None]:
    if item is None:
        return Imported(row=draft.row, outcome="added"), listed(draft, turn)
    if item.status != "listed":
        return Imported(row=draft.row, outcome="skipped", reasons=("the item is archived",)), None
    if says_nothing_new(draft, item):
        return Imported(row=draft.row, outcome="unchanged"), None
    try:
        return Imported(row=draft.row, outcome="changed"), changed(item, draft, turn, keep_stock=True)
    except ShopError as error:
        return Imported(row=draft.row, outcome="rejected", reasons=(str(error),)), None


def _ids(drafts: Iterable[ItemDraft]) -> list[str]:
    return [draft.id for draft in drafts]


def _not_taken(row: BadRow | SkippedRow) -> Imported:
    if isinstance(row, BadRow):
        return Imported(row=row.row, outcome="rejected", reasons=row.reasons)
    return Imported(row=row.row, outcome="skipped", reasons=(row.reason,))
