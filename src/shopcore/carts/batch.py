"""The use case behind every cart command and checkout: a list of commands of many shoppers, one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shopcore.carts.commands import AbandonCart, AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.carts.desk import Desk, Outcome
from shopcore.carts.loaded import Loaded
from shopcore.carts.model import Cart, unheld
from shopcore.catalog.model import Sellable
from shopcore.checkout.rules import open_cart
from shopcore.clock import Clock, MakeId
from shopcore.facts import CartOpened
from shopcore.inventory.model import Level
from shopcore.policy import Policy
from shopcore.record import record
from shopcore.store import Store, Transaction
from shopcore.turn import Turn

RECLAIM_LIMIT = 500
"""How many carts one batch reclaims overdue holds from, at most."""


class CartBatch:
    """Runs batches. The number of statements does not grow with the number of commands."""

    def __init__(self, store: Store, clock: Clock, make_id: MakeId, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._policy = policy

    def run(self, commands: Sequence[CartCommand]) -> list[Outcome]:
        """Decide `commands` in order and give each its outcome, in the same order.

        A refused command changes nothing and costs the others nothing. An exception means that nothing at all was
        done (see Store.write), or, for StoreUnavailable, that this is not known.
        """
        keyed = all(command.key for command in commands)
        return self._store.write(lambda tx: self._run(tx, commands), repeatable=keyed)

    def _run(self, tx: Transaction, commands: Sequence[CartCommand]) -> list[Outcome]:
        now = self._clock()
        loaded, opened = self._load(tx, commands, now)
        desk = self._desk(loaded, opened, now)
        outcomes = desk.settle(commands)
        short: set[str] = set()
        while not desk.short <= short:  # what one reclaims may leave the next short of something else
            short |= desk.short
            if not (lapsed := self._lapsed(tx, short, loaded, now)):
                break
            items, levels = self._items(tx, commands, [*loaded.carts.values(), *lapsed])
            loaded = replace(loaded, lapsed=lapsed, items=items, levels=levels)
            desk = self._desk(loaded, opened, now)
            outcomes = desk.settle(commands)
        record(tx, desk.facts, desk.carts)
        if desk.answers:
            tx.keys.add(desk.answers)
        return outcomes

    def _desk(self, loaded: Loaded, opened: Sequence[CartOpened], now: datetime) -> Desk:
        desk = Desk(loaded, self._turn, now)
        desk.happen(opened)
        return desk

    def _turn(self, actor: str, now: datetime) -> Turn:
        return Turn(now=now, actor=actor, policy=self._policy, make_id=self._make_id)

    def _load(self, tx: Transaction, commands: Sequence[CartCommand], now: datetime) -> tuple[Loaded, list[CartOpened]]:
        owners = {command.owner for command in commands}
        carts = tx.carts.lock(owners)
        began = {command.owner: command.at or now for command in reversed(commands)}
        opened = [open_cart(owner, self._turn(owner, began[owner])) for owner in sorted(owners - carts.keys())]
        logins = {command.login.session_id for command in commands if command.login}
        keys = [command.key.scope for command in commands if command.key]
        answered = tx.keys.find(keys) if keys else {}
        named = {command.cart_id for command in commands if command.cart_id} - {cart.id for cart in carts.values()}
        if untracked := _untracked(commands, carts):
            tx.items.pin(untracked)
        items, levels = self._items(tx, commands, carts.values())
        loaded = Loaded(
            carts=carts,
            items=items,
            levels=levels,
            named=tx.carts.get(named) if named else {},
            orders=tx.orders.of_carts(named) if named else {},
            answered=answered,
            bought=_bought(tx, commands, items),
            standing=tx.sessions.standing(logins, now) if logins else {},
        )
        return loaded, opened

    def _items(
        self, tx: Transaction, commands: Sequence[CartCommand], carts: Iterable[Cart]
    ) -> tuple[dict[str, Sellable], dict[str, Level]]:
        """Lock the levels that the commands may change, then read every item that a cart shows."""
        by_owner = {cart.owner: cart for cart in carts}
        touched = {item_id for command in commands for item_id in _touched(command, by_owner.get(command.owner))}
        levels = tx.stock.lock(touched) if touched else {}
        if wanted := unheld(by_owner.values()) - touched:
            levels |= tx.stock.levels(wanted)
        shown = touched.union(*[cart.lines for cart in by_owner.values()])
        return (tx.items.sellables(shown) if shown else {}), levels

    def _lapsed(self, tx: Transaction, items: Iterable[str], loaded: Loaded, now: datetime) -> list[Cart]:
        found = tx.carts.lock_lapsed(now, items=items, limit=RECLAIM_LIMIT)
        return [cart for cart in found if cart.owner not in loaded.carts]


def _untracked(commands: Sequence[CartCommand], carts: Mapping[str, Cart]) -> set[str]:
    """Items that may be ordered without a hold: no level is there to lock, and none may come between."""
    buyers = {command.owner for command in commands if isinstance(command, PlaceOrder)}
    lying = {
        line.item_id
        for owner in buyers & carts.keys()
        for line in carts[owner].lines.values()
        if not (line.hold or line.lapse)
    }
    put = (command for command in commands if isinstance(command, AddItem | SetQuantity))
    return lying | {command.item_id for command in put if command.owner in buyers}


def _touched(command: CartCommand, cart: Cart | None) -> Iterable[str]:
    match command:
        case AddItem() | SetQuantity() | RemoveItem():
            return (command.item_id,)
        case ClearCart() | AbandonCart() | PlaceOrder() if cart is not None:
            return cart.lines.keys()
        case _:
            return ()


def _bought(tx: Transaction, commands: Iterable[CartCommand], items: dict[str, Sellable]) -> dict[tuple[str, str], int]:
    rationed = {
        (command.owner, command.item_id)
        for command in commands
        if isinstance(command, AddItem | SetQuantity)
        and (item := items.get(command.item_id)) is not None
        and item.max_per_customer is not None
    }
    if not rationed:
        return {}
    return tx.orders.bought({owner for owner, _ in rationed}, {item for _, item in rationed})
