"""Stock: what there is, who holds it, how it came about, and giving back what was held too long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shopcore.carts.model import Cart
from shopcore.catalog.model import Sellable
from shopcore.clock import Clock, MakeId
from shopcore.errors import InvalidInput, ItemNotFound, LostRace, StockUntracked
from shopcore.facts import Fact
from shopcore.idempotency import Key
from shopcore.inventory.model import HeldUnits, Level, StockEquation
from shopcore.inventory.rules import adjust, correct, release
from shopcore.inventory.sweeping import SWEEP_BATCH, sweep
from shopcore.journal.model import Entry
from shopcore.journal.once import Answer, once
from shopcore.policy import Policy
from shopcore.record import record
from shopcore.store import Store, Transaction
from shopcore.text import required
from shopcore.turn import Turn

SHOWN_ENTRIES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class StockExplained:
    """received + adjusted + restocked - sold = on_hand; on_hand - held = available. `entries`: newest 50."""

    item: Sellable
    level: Level
    equation: StockEquation
    holders: Sequence[HeldUnits]
    entries: Sequence[Entry]


class Inventory:
    def __init__(self, store: Store, clock: Clock, make_id: MakeId, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._policy = policy

    def change(
        self,
        item_id: str,
        *,
        reason: str,
        actor: str,
        delta: int | None = None,
        on_hand: int | None = None,
        release_holds: Literal["newest-first"] | None = None,
        key: Key | None = None,
    ) -> Answer[Level]:
        """Change stock by `delta` units, or set it to the `on_hand` units that were counted.

        Raises StockHeld where carts hold more than would be left, unless `release_holds` allows to take units back
        from the carts that took them last. Raises ItemNotFound, StockUntracked, InvalidInput.
        """
        reason = required(reason, "reason", most=500)
        if (delta is None) == (on_hand is None):
            raise InvalidInput("delta", "give either delta or onHand")
        turn = self._turn(actor)

        def work(tx: Transaction) -> Answer[Level]:
            def act() -> Level:
                return self._change(tx, item_id, delta, on_hand, reason, release_holds is not None, turn)

            return once(tx, key, Level, turn.now, act)

        return self._store.write(work, repeatable=key is not None)

    def explain(self, item_id: str, *, at: datetime | None = None) -> StockExplained:
        """How the item's stock came about, now or as of `at`. Raises ItemNotFound, StockUntracked."""
        with self._store.read() as tx:
            item = tx.items.sellables([item_id]).get(item_id)
            if item is None:
                raise ItemNotFound(item_id)
            now = tx.stock.levels([item_id]).get(item_id)
            if now is None:
                raise StockUntracked(item_id)
            equation, held = tx.journal.equation(item_id, before=at)
            level = now if at is None else Level(item_id=item_id, on_hand=equation.on_hand, held=held)
            return StockExplained(
                item=item,
                level=level,
                equation=equation,
                holders=tx.stock.holders(item_id) if at is None else (),
                entries=tx.journal.ledger(item_id, limit=SHOWN_ENTRIES, before=at),
            )

    def sweep(self, *, items: Iterable[str] | None = None, limit: int = SWEEP_BATCH) -> int:
        """Take back what is held past its deadline, and all of recalled `items`, in at most `limit` carts.

        Gives how many carts were swept; 0 means that nothing is left for now. Any number of sweepers may run: each
        passes over the carts that others are at.
        """
        turn = self._turn("system:sweep")
        wanted = None if items is None else list(items)
        return self._store.write(lambda tx: sweep(tx, turn, items=wanted, limit=limit))

    def _change(
        self,
        tx: Transaction,
        item_id: str,
        delta: int | None,
        on_hand: int | None,
        reason: str,
        may_release: bool,
        turn: Turn,
    ) -> Level:
        holders = tx.stock.holders(item_id) if may_release else []
        carts = tx.carts.lock(units.owner for units in holders)
        level = tx.stock.lock([item_id]).get(item_id)
        item = tx.items.sellables([item_id]).get(item_id)
        if item is None:
            raise ItemNotFound(item_id)
        if level is None:
            raise StockUntracked(item_id)
        target = on_hand if on_hand is not None else level.on_hand + (delta or 0)
        newest = sorted(carts.values(), key=lambda cart: _since(cart, item_id), reverse=True)
        released = list(release(newest, item, level.held - target, turn))
        facts: list[Fact] = [fact for _, happened in released for fact in happened]
        for fact in facts:
            level = level.after(fact)
        if may_release and level.held > max(target, 0):
            raise LostRace  # somebody took units after we looked who holds any: look again
        change = adjust(level, target, reason, turn) if delta is None else correct(level, delta, reason, turn)
        if change:
            level = level.after(change)
            facts.append(change)
        record(tx, facts, {cart.id: cart for cart, _ in released})
        return level

    def _turn(self, actor: str) -> Turn:
        return Turn(now=self._clock(), actor=actor, policy=self._policy, make_id=self._make_id)


def _since(cart: Cart, item_id: str) -> str:
    line = cart.lines.get(item_id)
    return line.hold.since.isoformat() if line and line.hold else ""
