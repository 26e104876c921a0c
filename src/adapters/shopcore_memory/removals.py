from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shopcore.money import Money
from shopcore.orders.model import Order
from shopcore.paging import Page, PageRequest
from shopcore.removals.model import Outcome, Removal, RemovalFilter, SummaryBy, SummaryRow
from shopcore_memory.paging import cut
from shopcore_memory.state import State


class MemoryRemovals:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, removals: Sequence[Removal]) -> None:
        for removal in removals:
            self._state.removals.put(removal.id, removal)
            self._state.cart_removals.add(removal.cart_id, removal.id)
            self._state.owner_removals.add(removal.owner, removal.id)

    def returned(self, returns: Mapping[tuple[str, str], datetime]) -> None:
        for (cart_id, item_id), at in returns.items():
            for removal in self._of_cart(cart_id):
                if removal.item_id == item_id and removal.returned_at is None:
                    self._state.removals.put(removal.id, replace(removal, returned_at=at))

    def settle(self, orders: Sequence[Order]) -> None:
        for order in orders:
            bought = {line.item_id for line in order.lines}
            for removal in self._of_cart(order.cart_id):
                outcome: Outcome = "recovered" if removal.item_id in bought else "lost"
                self._state.removals.put(removal.id, replace(removal, outcome=outcome, order_id=order.id))
            for removal in self._state.removals.some(self._state.owner_removals.of(order.owner)).values():
                if (
                    removal.cart_id != order.cart_id
                    and removal.item_id in bought
                    and removal.bought_later_order_id is None
                    and removal.removed_at <= order.created_at
                ):
                    self._state.removals.put(removal.id, replace(removal, bought_later_order_id=order.id))

    def abandon(self, cart_ids: Iterable[str]) -> None:
        for cart_id in cart_ids:
            for removal in self._of_cart(cart_id):
                self._state.removals.put(removal.id, replace(removal, outcome="abandoned"))

    def page(self, which: RemovalFilter, page: PageRequest) -> Page[Removal]:
        return cut([self._named(removal) for removal in reversed(self._found(which))], page)

    def stream(self, which: RemovalFilter) -> Iterator[Removal]:
        return (self._named(removal) for removal in self._found(which))

    def summary(self, by: SummaryBy, which: RemovalFilter, page: PageRequest) -> Page[SummaryRow]:
        groups: dict[tuple[str, str], list[Removal]] = {}
        for removal in self._found(which):
            groups.setdefault((_key(by, removal), removal.unit_price.currency), []).append(removal)
        rows = [self._row(by, key, currency, removals) for (key, currency), removals in groups.items()]
        rows.sort(key=lambda row: (row.key, row.currency))
        if by == "day":
            rows.sort(key=lambda row: row.key, reverse=True)
        else:
            rows.sort(key=lambda row: -row.removals)
        return cut(rows, page)

    def _row(self, by: SummaryBy, key: str, currency: str, removals: list[Removal]) -> SummaryRow:
        value = sum(removal.unit_price.amount * removal.quantity for removal in removals)
        return SummaryRow(
            key=key,
            label=self._label(by, removals),
            currency=currency,
            removals=len(removals),
            quantity=sum(removal.quantity for removal in removals),
            value=Money(value, currency),
            customers=len({removal.owner for removal in removals}),
            carts=len({(removal.owner, removal.item_id, removal.cart_id) for removal in removals}),
            lost=sum(removal.outcome == "lost" for removal in removals),
            recovered=sum(removal.outcome == "recovered" for removal in removals),
            bought_later=sum(removal.bought_later_order_id is not None for removal in removals),
        )

    def _label(self, by: SummaryBy, removals: list[Removal]) -> str:
        match by:
            case "item":
                return max(removal.item_name for removal in removals)
            case "customer":
                return self._named(removals[0]).username or ""
            case _:
                return _key(by, removals[0])

    def _of_cart(self, cart_id: str) -> list[Removal]:
        return list(self._state.removals.some(self._state.cart_removals.of(cart_id)).values())

    def _found(self, which: RemovalFilter) -> list[Removal]:
        """Matching records, oldest first, ties by id."""
        records = self._state.removals
        some = (
            records.values()
            if which.owner is None
            else records.some(self._state.owner_removals.of(which.owner)).values()
        )
        return sorted((row for row in some if _matches(row, which)), key=lambda row: (row.removed_at, row.id))

    def _named(self, removal: Removal) -> Removal:
        user = self._state.users.get(removal.owner)
        return replace(removal, username=user.username if user and user.status != "erased" else None)


def _key(by: SummaryBy, removal: Removal) -> str:
    match by:
        case "item":
            return removal.item_id
        case "customer":
            return removal.owner
        case "reason":
            return removal.reason
        case "day":
            return removal.removed_at.date().isoformat()


def _matches(removal: Removal, which: RemovalFilter) -> bool:
    return (
        (which.state == "all" or removal.is_draft == (which.state == "draft"))
        and which.outcome in (None, removal.outcome)
        and removal.reason in which.reasons
        and which.owner in (None, removal.owner)
        and which.item_id in (None, removal.item_id)
        and (which.since is None or removal.removed_at >= which.since)
        and (which.until is None or removal.removed_at < which.until)
    )
