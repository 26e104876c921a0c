"""Books of carts, their lines and owners, and what was removed. A `position` is that of a journal entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerBook:
    """One owner, and how many active carts he has."""

    owner: str
    active: int

    @property
    def subject(self) -> str:
        return f"owner {self.owner}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CartBook:
    """One cart, its timeline, and how many removal records and orders name it.

    `regressions` counts entries with a lower version than the one before; `odd_lines` those of another currency.
    """

    cart_id: str
    carts: int = 0
    status: str | None = None
    version: int | None = None
    order_id: str | None = None
    noted_removals: int = 0
    removals: int = 0
    orders: int = 0
    odd_lines: int = 0
    openings: int = 0
    closings: int = 0
    first_version: int | None = None
    last_version: int | None = None
    regressions: int = 0
    last: int | None = None
    closed_at: int | None = None

    @property
    def subject(self) -> str:
        return f"cart {self.cart_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBook:
    """One item of one cart (of `status`): units added and removed over time, and what the cart and its order say.

    `counted` is the line's quantity less what lapsed; `last_added` and `last_removed` are positions; `unreturned`
    counts the removal records of units that have not come back.
    """

    cart_id: str
    item_id: str
    status: str | None = None
    added: int = 0
    last_added: int | None = None
    last_removed: int | None = None
    removed: int = 0
    records: int = 0
    unreturned: int = 0
    lines: int = 0
    quantity: int = 0
    counted: int = 0
    sales: int = 0
    sold: int = 0

    @property
    def subject(self) -> str:
        return f"cart {self.cart_id}, item {self.item_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalBook:
    """One removal: its `records`, its journal `entries`, its cart, and the orders that decide its fate.

    `same_units` and `same_story`: record and entry agree on cart, item and quantity, and on the rest.
    `ordered`: the cart's order holds the item. `bought`: the later order is the owner's, of another cart, with it.
    """

    removal_id: str
    records: int = 0
    entries: int = 0
    same_units: bool = True
    same_story: bool = True
    outcome: str | None = None
    order_id: str | None = None
    later_order_id: str | None = None
    cart_status: str | None = None
    cart_order_id: str | None = None
    ordered: bool = False
    bought: bool = False

    @property
    def subject(self) -> str:
        return f"removal {self.removal_id}"
