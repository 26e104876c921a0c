"""One buyer: what he asks next, and how he asks it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from shopcore.carts.commands import AddItem, CartCommand, PlaceOrder, RemoveItem, SetQuantity
from shopcore.carts.view import CartView
from shopcore.errors import ShopError
from shopcore.idempotency import Key
from shopcore.orders.model import Order
from shopcore_cli.prove.notes import Answer, Attempt, Request, What
from shopcore_cli.prove.plan import Plan

REPEATS = 0.05
"""How many answers count as lost on the way, so that the buyer asks again with the same key."""

_CHANGES: tuple[What, ...] = ("add", "set", "remove")
_LEAVES, _RAISES, _SETS, _REMOVES = 0.15, 0.1, 0.2, 0.25
"""What a buyer with units in his cart does who does not buy: weights, not shares."""


@dataclass(slots=True)
class Buyer:
    """What he remembers. `pending` was asked and not answered: it is what he asks next, once more."""

    name: str
    number: int = 0
    units: int = 0
    pending: Request | None = None

    @classmethod
    def of(cls, name: str, attempts: Sequence[Attempt]) -> Buyer:
        """The buyer as his notes show him."""
        buyer = cls(name)
        for attempt in attempts:
            buyer.number = attempt.request.number
            buyer.pending = attempt.request
            if attempt.answer is not None:
                buyer.hears(attempt.answer)
        return buyer

    def next(self, plan: Plan) -> Request | None:
        """What he asks next; None where he leaves, with whatever lies in his cart."""
        if self.pending is None:
            number = self.number + 1
            mine = random.Random(f"{plan.seed} {self.name.rpartition('/')[2]} {number}")  # noqa: S311 (no secret)
            if self.units and mine.random() < _LEAVES:
                self.number = number
                return None
            self.pending, self.number = self._decide(plan, mine, number), number
        return self.pending

    def hears(self, answer: Answer) -> bool:
        """Take note of an answer; says whether he stays to ask more."""
        request, self.pending = self.pending, None
        if not answer.refusal:
            self.units = 0 if answer.order_id else answer.units
        return not answer.refusal and request is not None and request.what in ("add", "set") and self.units > 0

    def _decide(self, plan: Plan, mine: random.Random, number: int) -> Request:
        units = mine.choice((1, 1, 2, 3))
        if not self.units:
            return Request(buyer=self.name, number=number, what="add", units=units)
        if mine.random() < plan.eagerness:
            return Request(buyer=self.name, number=number, what="buy")
        what: What = mine.choices(_CHANGES, (_RAISES, _SETS, _REMOVES))[0]
        return Request(buyer=self.name, number=number, what=what, units=0 if what == "remove" else units)


def command(request: Request, item_id: str) -> CartCommand:
    """The request as the shop takes it, under its idempotency key."""
    said = f"{request.what} {request.units}"
    key = Key(caller=request.buyer, operation="prove", value=str(request.number), fingerprint=said)
    match request.what:
        case "add":
            return AddItem(owner=request.buyer, item_id=item_id, quantity=request.units, key=key)
        case "set":
            return SetQuantity(owner=request.buyer, item_id=item_id, quantity=request.units, key=key)
        case "remove":
            return RemoveItem(owner=request.buyer, item_id=item_id, key=key)
        case "buy":
            return PlaceOrder(owner=request.buyer, key=key)


def answer(told: CartView | Order | ShopError, item_id: str) -> Answer:
    """What is to be written down of an answer."""
    if isinstance(told, ShopError):
        return Answer(refusal=told.code)
    lines = [line for line in told.lines if line.item_id == item_id]
    units = sum(line.quantity for line in lines)
    if isinstance(told, Order):
        return Answer(cart_id=told.cart_id, units=units, order_id=told.id)
    live = [line for line in told.lines if line.item_id == item_id and line.hold == "live"]
    until = live[0].until.timestamp() if live and live[0].until else None
    held = sum(line.quantity for line in live)
    return Answer(cart_id=told.id, version=told.version, units=units, held=held, until=until)
