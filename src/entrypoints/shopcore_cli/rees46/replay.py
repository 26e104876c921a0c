"""Putting events through the use cases of a shop, many to a transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Literal

from shopcore.carts.commands import AbandonCart, AddItem, CartCommand, PlaceOrder, RemoveItem
from shopcore.carts.desk import Outcome
from shopcore.carts.view import CartView
from shopcore.catalog.feeds import ItemDraft
from shopcore.catalog.model import Item
from shopcore.money import LIMIT, Money
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore_cli.failures import CONFLICT, Failed
from shopcore_cli.rees46.events import Event
from shopcore_cli.rees46.survey import Course, Survey

BATCH = 250
"""Cart commands in one transaction."""

OWNERS_AT_ONCE = 500
Purpose = Literal["prefill", "cart", "remove", "order", "abandon"]

_REFUSED: Mapping[Purpose, str] = {"remove": "refused", "order": "ordersRefused"}
"""What a refusal counts as; everything else that can be refused puts something in a cart."""


class EventClock:
    """The time of the events that are being replayed."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Shopper:
    course: Course
    bought_at: datetime | None = None
    """The second of his last purchase: all that he buys in it is one order."""


def known_shoppers(shop: Shop, found: Survey) -> dict[str, datetime]:
    """When each shopper of the file last did something in the shop, if he ever did.

    Raises Failed where that is not before the file begins with him: history cannot be put in before what is there,
    and the same file twice would be the same history twice.
    """
    known: dict[str, datetime] = {}
    owners = iter(found.began)
    while some := list(islice(owners, OWNERS_AT_ONCE)):
        for owner, cart in shop.carts.active(some).items():
            if cart.changed_at >= found.began[owner]:
                raise Failed(
                    f"shopper {owner} did something in this shop at {_shown(cart.changed_at)} already, and the file"
                    f" begins with him at {_shown(found.began[owner])}: replay it into another database",
                    CONFLICT,
                )
            known[owner] = cart.changed_at
    return known


def _shown(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%SZ}"


class Replay:
    """One run. `counts` says what the shop made of the events so far.

    A shopper's events are done in the order of the file, each at its own time, those of many shoppers in one
    transaction. A batch ends early where an item's price changes, as that counts from then on for everybody.
    """

    def __init__(
        self,
        shop: Shop,
        clock: EventClock,
        *,
        actor: str,
        known: Mapping[str, datetime],
        prefills: Mapping[tuple[str, str], list[ItemDraft]],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._shop = shop
        self._clock = clock
        self._actor = actor
        self._prefills = prefills
        self._shoppers = {owner: Shopper(Course.since(at)) for owner, at in known.items()}
        self._prices: dict[str, Money] = {}
        self._drafts: dict[str, ItemDraft] = {}
        self._commands: list[tuple[Purpose, CartCommand]] = []

    def run(self, events: Iterable[Event]) -> None:
        for event in events:
            self._take(event)
            if len(self._commands) >= BATCH:
                self._flush()
        self._flush()

    def _take(self, event: Event) -> None:
        shopper = self._shoppers.get(event.shopper)
        if shopper is None:
            shopper = self._shoppers[event.shopper] = Shopper(Course.since(event.at))
            self._begin(event.shopper, shopper.course)
        elif shopper.course.advance(event):
            self._do("abandon", AbandonCart(owner=event.shopper, at=shopper.course.at))
            self._begin(event.shopper, shopper.course)
        at = shopper.course.at
        self._offer(event.item, at)
        match event.kind:
            case "cart":
                self._do("cart", AddItem(owner=event.shopper, item_id=event.item.id, at=at))
            case "remove_from_cart":
                self._do("remove", RemoveItem(owner=event.shopper, item_id=event.item.id, at=at))
            case "purchase" if event.at != shopper.bought_at:
                shopper.bought_at = event.at
                self._do("order", self._order(event.shopper, at))

    def _begin(self, owner: str, course: Course) -> None:
        """A new window: what was evidently in the cart when the file began goes there first."""
        for item in self._prefills.get((owner, course.window), ()):
            if item.id not in self._prices:
                self._offer(item, course.at)
            self._do("prefill", AddItem(owner=owner, item_id=item.id, at=course.at))

    def _order(self, owner: str, at: datetime) -> PlaceOrder:
        # He did buy, at the prices of that moment, which are the shop's by now: so he had agreed to them, also to
        # those of other lines that rose since he put them in the cart.
        agreed = Money(LIMIT * LIMIT, self._shop.policy.currency)
        return PlaceOrder(owner=owner, expected_total=agreed, at=at)

    def _offer(self, item: ItemDraft, at: datetime) -> None:
        """See to it that the item is for sale, at its price, before what comes next."""
        price = self._prices.get(item.id)
        if price == item.price:
            return
        if price is not None:
            self._flush()
        if not self._drafts:
            self._clock.now = at
        self._prices[item.id] = item.price
        self._drafts[item.id] = item

    def _do(self, purpose: Purpose, command: CartCommand) -> None:
        self._commands.append((purpose, command))

    def _flush(self) -> None:
        """Items first: those that are new are in no cart yet, and others change only where no command waits."""
        if self._drafts:
            listed = self._shop.catalog.find(self._drafts)
            rows = [_kept(draft, listed.get(draft.id)) for draft in self._drafts.values()]
            for row in self._shop.imports.run(rows, actor=self._actor):
                self.counts["items"] += row.outcome == "added"
            self._drafts.clear()
        if self._commands:
            outcomes = self._shop.carts.handle([command for _, command in self._commands])
            for (purpose, command), outcome in zip(self._commands, outcomes, strict=True):
                self._count(purpose, command, outcome)
            self._commands.clear()

    def _count(self, purpose: Purpose, command: CartCommand, outcome: Outcome) -> None:
        match outcome.answer:
            case Order() as order:
                self.counts["orders"] += 1
                self.counts["orderLines"] += len(order.lines)
            case CartView() as cart if isinstance(command, AddItem):
                [line] = [line for line in cart.lines if line.item_id == command.item_id]
                new = "prefilled" if purpose == "prefill" else "added"
                self.counts[new if line.quantity == command.quantity else "raised"] += 1
            case CartView() as cart if purpose == "abandon":
                self.counts["abandoned"] += cart.status == "abandoned"
            case CartView():
                self.counts["removed"] += 1
            case _:
                self.counts[_REFUSED.get(purpose, "addsRefused")] += 1


def _kept(draft: ItemDraft, item: Item | None) -> ItemDraft:
    """What the catalog shall say: of an item that is there already only the price is changed, if it can be."""
    if item is None:
        return draft
    described = ItemDraft.of(item)
    return replace(described, price=draft.price) if draft.price.currency == item.price.currency else described
