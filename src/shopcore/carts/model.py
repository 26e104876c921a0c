"""A cart, its lines and the stock that they hold, as values that facts change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from shopcore.facts import (
    CartClosed,
    CartFact,
    CartOpened,
    HoldChanged,
    HoldCommitted,
    HoldExpired,
    HoldReleased,
    HoldTaken,
    ItemAdded,
    ItemRemoved,
    Lapse,
    LineDropped,
)
from shopcore.money import Money

CartStatus = Literal["active", "ordered", "abandoned"]
MAX_QUANTITY = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Stock promised to one line, of the line's own quantity, since it was first taken.

    Past `until` (None: never) it may be reclaimed, but it is live until somebody does.
    """

    id: str
    since: datetime
    until: datetime | None

    def overdue(self, now: datetime) -> bool:
        return self.until is not None and self.until <= now

    def renewed(self, until: datetime | None) -> Hold:
        return Hold(id=self.id, since=self.since, until=until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One item in a cart. `seen_price` is the price at which the shopper last added units.

    A `lapse` says that the shop took the stock back: the line is a wish, its units are recorded as removed.
    `hold` is the live one; an untracked item needs none.
    """

    item_id: str
    quantity: int
    seen_price: Money
    price_revision: int
    added_at: datetime
    lapse: Lapse | None = None
    hold: Hold | None = None

    @property
    def counted(self) -> int:
        """Units that are in the cart and not recorded as removed."""
        return 0 if self.lapse else self.quantity

    @property
    def held(self) -> int:
        """Units of stock that the line holds."""
        return self.quantity if self.hold else 0

    def with_hold(self, hold: Hold | None) -> Line:
        return Line(
            item_id=self.item_id,
            quantity=self.quantity,
            seen_price=self.seen_price,
            price_revision=self.price_revision,
            added_at=self.added_at,
            lapse=self.lapse,
            hold=hold,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """A shopper's cart as it is stored. `removals` counts the removal records that name it.

    `version` grows by one per command. What a client sees as the version adds the price changes since
    (`shopcore.carts.view`), so that consent to a version is consent to its prices.
    """

    id: str
    owner: str
    currency: str
    opened_at: datetime
    changed_at: datetime
    status: CartStatus = "active"
    version: int = 1
    removals: int = 0
    order_id: str | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)

    @classmethod
    def opened(cls, fact: CartOpened) -> Cart:
        return cls(
            id=fact.cart_id,
            owner=fact.owner,
            currency=fact.currency,
            opened_at=fact.at,
            changed_at=fact.at,
            version=fact.version,
        )

    def after(self, *facts: CartFact) -> Cart:
        """The cart once `facts` have happened to it, in order: one new cart, however many they are."""
        if not facts:
            return self
        lines, removals = dict(self.lines), self.removals
        currency, status, order_id = self.currency, self.status, self.order_id
        for fact in facts:
            match fact:
                case ItemAdded():
                    lines[fact.item_id] = _added(lines.get(fact.item_id), fact)
                    currency = fact.unit_price.currency
                case HoldTaken():
                    hold = Hold(id=fact.hold_id, since=fact.at, until=fact.until)
                    lines[fact.item_id] = lines[fact.item_id].with_hold(hold)
                case HoldChanged():
                    line = lines[fact.item_id]
                    lines[fact.item_id] = line.with_hold(line.hold and line.hold.renewed(fact.until))
                case HoldReleased() | HoldExpired() | HoldCommitted():
                    lines[fact.item_id] = lines[fact.item_id].with_hold(None)
                case ItemRemoved():
                    removals += 1
                    if removed := _removed(lines[fact.item_id], fact):
                        lines[fact.item_id] = removed
                    else:
                        del lines[fact.item_id]
                case LineDropped():
                    del lines[fact.item_id]
                case CartClosed():
                    status, order_id = fact.status, fact.order_id
        return Cart(
            id=self.id,
            owner=self.owner,
            currency=currency,
            opened_at=self.opened_at,
            changed_at=facts[-1].at,
            status=status,
            version=facts[-1].version,
            removals=removals,
            order_id=order_id,
            lines=lines,
        )

    def overdue(self, item_id: str, now: datetime) -> bool:
        """Whether this cart holds units of the item past the hold's deadline."""
        line = self.lines.get(item_id)
        return self.status == "active" and line is not None and line.hold is not None and line.hold.overdue(now)


def unheld(carts: Iterable[Cart]) -> set[str]:
    """Items of lines that hold nothing: of these alone the level decides what a cart shows."""
    return {line.item_id for cart in carts for line in cart.lines.values() if line.hold is None}


def _added(line: Line | None, fact: ItemAdded) -> Line:
    hold = line.hold if line else None
    if fact.hold_id is not None:
        hold = Hold(id=fact.hold_id, since=hold.since if hold else fact.at, until=fact.until)
    return Line(
        item_id=fact.item_id,
        quantity=fact.line_quantity,
        seen_price=fact.unit_price,
        price_revision=fact.price_revision,
        added_at=fact.at if line is None or line.lapse else line.added_at,
        hold=hold,
    )


def _removed(line: Line, fact: ItemRemoved) -> Line | None:
    if fact.lapse:
        return replace(line, lapse=fact.lapse)
    return replace(line, quantity=fact.line_quantity) if fact.line_quantity else None
