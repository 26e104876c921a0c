"""A shop in dicts: what shopcore promises, said once more and as simply as possible, for one caller at a time.

It shares no code with shopcore. A machine does the same to both and compares them after each step.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from shopcore_testing.model_books import Books, Line, Sale

HOLD, CAP = timedelta(minutes=15), timedelta(minutes=60)
SHORT = ("HOLD_EXPIRED", "INSUFFICIENT_STOCK")
Refusal = tuple[object, ...]
"""A code and its facts; an empty one is none."""


@dataclass
class Model(Books):
    # ---- what shoppers do

    def add(self, owner: str, item: str, quantity: int) -> Refusal:
        line = self.open(owner).get(item)
        return self._put(owner, item, quantity + (line.quantity if line else 0), quantity)

    def put(self, owner: str, item: str, quantity: int) -> Refusal:
        if item not in self.open(owner):
            return ("NOT_IN_CART",)
        return self._put(owner, item, quantity, quantity) if quantity else self.remove(owner, item)

    def _put(self, owner: str, item: str, quantity: int, asked: int) -> Refusal:
        thing, cart = self.things[item], self.carts[owner]
        line = cart.get(item)
        counted, held = (line.counted, line.held) if line else (0, 0)
        if quantity > counted:
            if quantity > 999:
                return ("INVALID_INPUT",)
            if thing.status != "listed":
                return ("ITEM_UNAVAILABLE",)
            if thing.ration and quantity + self.bought(owner, item) > thing.ration:
                return ("CUSTOMER_LIMIT",)
        if thing.on_hand is not None and quantity - held > self.available(item):
            self._reclaim(owner, item)
            if quantity - held > self.available(item):
                return ("INSUFFICIENT_STOCK", asked, self.available(item))
        if line and quantity == counted and (thing.on_hand is None or held):
            return ()
        self.versions[owner] += 1
        if quantity > counted:
            self._grow(owner, item, quantity)
        elif line and quantity < counted:
            self._record(owner, item, counted - quantity, "decreased")
            line.quantity = quantity
        if thing.on_hand is not None:
            self._hold(cart[item])
        return ()

    def _grow(self, owner: str, item: str, quantity: int) -> None:
        cart, price = self.carts[owner], self.things[item].price
        old = cart.get(item)
        fresh = old is None or old.lapse
        cart[item] = Line(quantity, price, self.now if fresh or not old else old.added)
        if old and not fresh:
            cart[item].since, cart[item].until = old.since, old.until
        for record in self._records(owner, item):
            record.returned = record.returned or self.now

    def _hold(self, line: Line) -> None:
        line.since = line.since or self.now
        line.until = min(self.now + HOLD, line.since + CAP)

    def remove(self, owner: str, item: str, reason: str = "removed") -> Refusal:
        if item not in self.open(owner):
            return ("NOT_IN_CART",)
        line = self.carts[owner].pop(item)
        if not line.lapse:
            self._record(owner, item, line.quantity, reason)
        self.versions[owner] += 1
        return ()

    def clear(self, owner: str) -> Refusal:
        before = self.versions[owner] if self.open(owner) else self.versions[owner] - 1
        for item, _ in self.in_order(owner):
            self.remove(owner, item, "cleared")
        self.versions[owner] = before + 1
        return ()

    def abandon(self, owner: str) -> Refusal:
        known = self.numbers.get(owner)
        touched = any((record.owner, record.cart) == (owner, known) for record in self.records)
        if self.open(owner) or touched:
            self._end(owner, "abandoned", set())
        return ()

    def order(self, owner: str, expected: int | None) -> Refusal:
        self.open(owner)
        if short := [item for code, item in self._refusals(owner, expected) if code in SHORT and item]:
            for item in short:
                self._reclaim(owner, item)
        if refused := self._refusals(owner, expected):
            return tuple(refused)
        cart = self.carts[owner]
        for item, line in list(cart.items()):
            if line.lapse:
                self._grow(owner, item, line.quantity)
        counted = {item for item in cart if self.things[item].on_hand is not None}
        self.sales.append(
            Sale(owner, {item: (line.quantity, self.things[item].price) for item, line in cart.items()}, counted)
        )
        for record in self.records:
            if record.owner == owner and record.cart != self.numbers[owner] and record.item in cart:
                record.later = len(self.sales) - 1 if record.later is None else record.later
        for item in counted:
            self.things[item].on_hand = (self.things[item].on_hand or 0) - cart[item].quantity
        self._end(owner, "lost", set(cart))
        return ()

    def _refusals(self, owner: str, expected: int | None) -> list[tuple[str, str | None]]:
        found = self.problems(owner)
        if expected is not None and self.total(owner) <= expected:
            found = [problem for problem in found if problem[0] != "PRICE_CHANGED"]
        elif expected is not None and not any(code == "PRICE_CHANGED" for code, _ in found):
            found.append(("PRICE_CHANGED", None))
        return found

    def _end(self, owner: str, outcome: str, bought: set[str]) -> None:
        for record in self.records:
            if (record.owner, record.cart) == (owner, self.numbers[owner]):
                record.outcome = "recovered" if record.item in bought else outcome
        del self.carts[owner]
        self.open(owner, version=self.versions[owner] + 2)  # one to close the old cart, one to open the new one

    # ---- what the shop does

    def _reclaim(self, owner: str, item: str) -> None:
        for other, cart in self.carts.items():
            if other != owner and item in cart and self._overdue(cart[item]):
                self._lapse(other, item, "expired")

    def sweep(self, concerned: Callable[[dict[str, Line]], bool] | None = None) -> None:
        for owner, cart in self.carts.items():
            if concerned(cart) if concerned else any(map(self._overdue, cart.values())):
                for item, line in list(cart.items()):
                    if self.things[item].status == "recalled" and not line.lapse:
                        self._lapse(owner, item, "unavailable")
                    elif self._overdue(line):
                        self._lapse(owner, item, "expired")

    def archive(self, item: str, mode: str) -> None:
        thing = self.things[item]
        if mode == "recall":
            thing.status = "recalled"
            self.sweep(lambda cart: item in cart and not cart[item].lapse)
        elif thing.status == "listed":
            thing.status = "finishing"

    def reprice(self, item: str, price: int) -> Refusal:
        thing = self.things[item]
        if thing.status != "listed":
            return ("ITEM_NOT_FOUND",)
        for owner, cart in self.carts.items():
            self.versions[owner] += item in cart and price != thing.price
        thing.price = price
        return ()

    def track(self, item: str, units: int) -> Refusal:
        if self.things[item].status != "listed":
            return ("ITEM_NOT_FOUND",)
        self.things[item].on_hand = units
        return ()

    def count(self, item: str, units: int, release: bool) -> Refusal:
        if self.things[item].on_hand is None:
            return ("STOCK_UNTRACKED",)
        holders = [owner for owner, cart in self.carts.items() if item in cart and cart[item].since]
        holders.sort(key=lambda owner: self.carts[owner][item].since or self.now)
        while release and self.held(item) > units:
            self._lapse(holders.pop(), item, "stock_correction")
        if self.held(item) > units:
            return ("STOCK_HELD",)
        self.things[item].on_hand = units
        return ()

    def cancel(self, number: int) -> None:
        sale = self.sales[number]
        for item in sale.counted if not sale.cancelled else ():
            self.things[item].on_hand = (self.things[item].on_hand or 0) + sale.lines[item][0]
        sale.cancelled = True
