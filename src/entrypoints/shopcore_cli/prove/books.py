"""What the database says of the raced item and of all that the race touched, as of one moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopcore.audit import Violation
from shopcore.facts import HoldChanged, HoldCommitted, HoldExpired, HoldReleased, HoldTaken, ItemAdded
from shopcore.inventory.model import StockEquation
from shopcore.journal.model import Entry
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_cli.prove.audited import Touched, audit_of
from shopcore_cli.prove.notes import Notes

ALL = 2**31 - 1
TAKEN = ItemAdded.kind, HoldTaken.kind, HoldChanged.kind
GIVEN_BACK = HoldReleased.kind, HoldChanged.kind
EXPIRED = (HoldExpired.kind,)
SOLD = (HoldCommitted.kind,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The level as it was at some moment of the race, and what its ledger added up to at the same moment."""

    on_hand: int
    held: int
    ledger_on_hand: int
    ledger_held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The item's level, its `ledger` oldest first, the units that carts hold, and the orders that have it.

    `audit` is what the auditor finds wrong with anything that the race touched.
    """

    item_id: str
    on_hand: int
    held: int
    carts_hold: int
    equation: StockEquation
    ledger: Sequence[Entry]
    orders: Mapping[str, Order]
    samples: Sequence[Sample] = ()
    audit: Sequence[Violation] = ()

    @property
    def sold_in_orders(self) -> int:
        return sum(units_of(order, self.item_id) for order in self.orders.values())

    def units(self, kinds: Sequence[str], sign: int) -> int:
        """Units over the ledger's entries of these kinds, that raised (1) or lowered (-1) what is held."""
        return sum(entry.held * sign for entry in self.ledger if entry.kind in kinds and entry.held * sign > 0)


def units_of(order: Order, item_id: str) -> int:
    return sum(line.quantity for line in order.lines if line.item_id == item_id)


def sample(shop: Shop, item_id: str) -> Sample:
    """The level now."""
    with shop.store.read() as tx:
        level = tx.stock.levels([item_id]).get(item_id)
        equation, held = tx.journal.equation(item_id)
    on_hand, holding = (level.on_hand, level.held) if level else (0, 0)
    return Sample(on_hand=on_hand, held=holding, ledger_on_hand=equation.on_hand, ledger_held=held)


def read_books(shop: Shop, item_id: str, notes: Notes, samples: Sequence[Sample]) -> Books:
    """Everything about the item, in one snapshot; the auditor reads the whole shop for it, once."""
    with shop.store.read() as tx:
        level = tx.stock.levels([item_id]).get(item_id)
        ledger = sorted(tx.journal.ledger(item_id, limit=ALL), key=lambda entry: entry.position)
        told = [told.answer for attempts in notes.values() for attempt in attempts for told in attempt.told]
        carts = {entry.cart_id for entry in ledger if entry.cart_id} | {said.cart_id for said in told if said.cart_id}
        named = {entry.order_id for entry in ledger if entry.order_id} | {said.order_id for said in told}
        found = [*tx.orders.of_carts(carts).values(), *tx.orders.get(named - {""}).values()]
        orders = {order.id: order for order in found if units_of(order, item_id)}
        touched = Touched(
            item_id=item_id,
            carts=carts,
            holds={entry.hold_id for entry in ledger if entry.hold_id},
            orders=orders.keys() | named,
            owners=notes.keys(),
        )
        return Books(
            item_id=item_id,
            on_hand=level.on_hand if level else 0,
            held=level.held if level else 0,
            carts_hold=sum(units.quantity for units in tx.stock.holders(item_id)),
            equation=tx.journal.equation(item_id)[0],
            ledger=ledger,
            orders=orders,
            samples=samples,
            audit=audit_of(tx, touched).violations,
        )
