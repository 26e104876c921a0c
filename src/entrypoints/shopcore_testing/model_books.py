"""The books of a shop in dicts: what there is, who holds it, and what left a cart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Line:
    quantity: int
    seen: int
    added: datetime
    since: datetime | None = None
    until: datetime | None = None
    lapse: str | None = None

    @property
    def counted(self) -> int:
        return 0 if self.lapse else self.quantity

    @property
    def held(self) -> int:
        return self.quantity if self.since else 0


@dataclass
class Thing:
    """An item: `on_hand` is None where nobody counts."""

    price: int
    on_hand: int | None
    ration: int | None = None
    status: str = "listed"


@dataclass
class Record:
    owner: str
    cart: int
    item: str
    quantity: int
    price: int
    reason: str
    at: datetime
    outcome: str = "open"
    returned: datetime | None = None
    later: int | None = None


@dataclass
class Sale:
    owner: str
    lines: dict[str, tuple[int, int]]
    counted: set[str]
    cancelled: bool = False


@dataclass
class Books:
    now: datetime
    things: dict[str, Thing]
    carts: dict[str, dict[str, Line]] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)

    # ---- questions

    def held(self, item: str) -> int:
        return sum(cart[item].held for cart in self.carts.values() if item in cart)

    def available(self, item: str) -> int:
        on_hand = self.things[item].on_hand
        return 10**9 if on_hand is None else on_hand - self.held(item)

    def bought(self, owner: str, item: str) -> int:
        return sum(sale.lines.get(item, (0, 0))[0] for sale in self.sales if sale.owner == owner and not sale.cancelled)

    def in_order(self, owner: str) -> list[tuple[str, Line]]:
        return sorted(self.carts[owner].items(), key=lambda pair: (pair[1].added, pair[0]))

    def total(self, owner: str) -> int:
        return sum(line.quantity * self.things[item].price for item, line in self.carts[owner].items())

    def problems(self, owner: str) -> list[tuple[str, str | None]]:
        found: list[tuple[str, str | None]] = []
        for item, line in self.in_order(owner):
            thing = self.things[item]
            needs = thing.on_hand is not None and not line.since
            if thing.status == "recalled" or (thing.status == "finishing" and (needs or line.lapse)):
                found.append(("ITEM_UNAVAILABLE", item))
            elif needs and line.quantity > min(self.available(item), thing.ration or 10**9):
                found.append(("HOLD_EXPIRED" if line.lapse else "INSUFFICIENT_STOCK", item))
            if thing.price > line.seen:
                found.append(("PRICE_CHANGED", item))
        return found or ([] if self.carts[owner] else [("CART_EMPTY", None)])

    # ---- entries

    def open(self, owner: str, version: int = 1) -> dict[str, Line]:
        if owner not in self.carts:
            self.carts[owner], self.versions[owner] = {}, version
            self.numbers[owner] = self.numbers.get(owner, 0) + 1
        return self.carts[owner]

    def _overdue(self, line: Line) -> bool:
        return line.until is not None and line.until <= self.now

    def _lapse(self, owner: str, item: str, reason: str) -> None:
        line = self.carts[owner][item]
        self._record(owner, item, line.quantity, reason)
        line.since = line.until = None
        line.lapse = "unavailable" if reason == "unavailable" else "expired"
        self.versions[owner] += 1

    def _record(self, owner: str, item: str, quantity: int, reason: str) -> None:
        price = self.things[item].price
        self.records.append(Record(owner, self.numbers[owner], item, quantity, price, reason, self.now))

    def _records(self, owner: str, item: str) -> list[Record]:
        mine = (owner, self.numbers[owner], item)
        return [record for record in self.records if (record.owner, record.cart, record.item) == mine]
