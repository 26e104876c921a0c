"""The desk on which a batch of commands is decided: everything it may touch, loaded and locked beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

from shopcore.accounts.rules import must_stand
from shopcore.carts.closing import leave
from shopcore.carts.commands import AbandonCart, AddItem, CartCommand, ClearCart, PlaceOrder, RemoveItem, SetQuantity
from shopcore.carts.leaving import lapse, take_out
from shopcore.carts.loaded import Loaded
from shopcore.carts.model import MAX_QUANTITY, Cart
from shopcore.carts.rules import next_version, put_quantity
from shopcore.carts.view import CartView, in_order, shown_version, view
from shopcore.catalog.model import Sellable
from shopcore.checkout.rules import place_order
from shopcore.errors import (
    CartClosed,
    CartNotFound,
    CheckoutRefused,
    InvalidInput,
    ItemNotFound,
    NotInCart,
    OutOfStock,
    ShopError,
    StaleVersion,
)
from shopcore.facts import HOLDING, CartFact, CartOpened, OrderPlaced
from shopcore.idempotency import Answered, Key
from shopcore.orders.model import Order
from shopcore.turn import Turn

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one command. `replayed`: the answer was given before, to the same idempotency key.

    `existed`: the cart that the command named was ordered before, and this is its order.
    """

    answer: CartView | Order | ShopError
    replayed: bool = False
    existed: bool = False

    def take(self, kind: type[T]) -> T:
        """The answer, which is a `kind`; raises it where it is an error."""
        if isinstance(self.answer, ShopError):
            raise self.answer
        if not isinstance(self.answer, kind):
            raise TypeError(f"the command has no {kind.__name__} for an answer")
        return self.answer


class Desk:
    """Decides commands one after the other; a command that is refused leaves nothing behind.

    Nothing here reaches the store. `facts`, `carts` and `answers` are what is to be written in the end, and `short`
    names the items that somebody asked more of than there was.
    """

    def __init__(self, loaded: Loaded, turn_of: Callable[[str, datetime], Turn], now: datetime) -> None:
        self.facts: list[CartFact] = []
        self.answers: list[Answered] = []
        self.short: set[str] = set()
        self.carts: dict[str, Cart] = {cart.id: cart for cart in (*loaded.lapsed, *loaded.carts.values())}
        self._active = {owner: cart.id for owner, cart in loaded.carts.items()}
        self._levels = dict(loaded.levels)
        self._answered = dict(loaded.answered)
        self._orders = dict(loaded.orders)
        self._loaded = loaded
        self._turn_of = turn_of
        self._now = now

    def settle(self, commands: Iterable[CartCommand]) -> list[Outcome]:
        """Decide all commands, first come, first served."""
        return [self._settle(command) for command in commands]

    def happen(self, facts: Iterable[CartFact]) -> None:
        """Take facts as having happened."""
        for cart_id, of_cart in groupby(facts, key=attrgetter("cart_id")):
            happened = list(of_cart)
            for fact in happened:
                if isinstance(fact, HOLDING):
                    if fact.held:
                        self._levels[fact.item_id] = self._levels[fact.item_id].after(fact)
                elif isinstance(fact, CartOpened):
                    self.carts[cart_id] = Cart.opened(fact)
                    self._active[fact.owner] = cart_id
                elif isinstance(fact, OrderPlaced):
                    self._orders[cart_id] = fact.order
            self.carts[cart_id] = self.carts[cart_id].after(*happened)
            self.facts += happened

    def view(self, cart: Cart) -> CartView:
        return view(cart, self._loaded.items, self._levels)

    def _settle(self, command: CartCommand) -> Outcome:
        try:
            if command.login is not None:
                must_stand(command.login, command.owner, self._loaded.standing)
            if known := self._known_answer(command):
                return known
            cart = self._current(command)
            self.happen(self._decide(cart, command))
            answer = self._orders[cart.id] if isinstance(command, PlaceOrder) else self.view(self.carts[cart.id])
        except ShopError as error:
            return Outcome(answer=error)
        if command.key:
            self._keep(command.key, answer)
        return Outcome(answer=answer)

    def _known_answer(self, command: CartCommand) -> Outcome | None:
        if command.key and (answered := self._answered.get(command.key.scope)):
            kind: type[Order | CartView] = Order if isinstance(command, PlaceOrder) else CartView
            return Outcome(answer=answered.again(command.key, kind), replayed=True)
        order = self._orders.get(command.cart_id or "") if isinstance(command, PlaceOrder) else None
        return Outcome(answer=order, existed=True) if order and order.owner == command.owner else None

    def _current(self, command: CartCommand) -> Cart:
        """The caller's active cart, if it is the one and in the version that he means."""
        cart = self.carts[self._active[command.owner]]
        if command.cart_id is not None and command.cart_id != cart.id:
            named = self._loaded.named.get(command.cart_id) or self.carts.get(command.cart_id)
            if named is None or named.owner != command.owner:
                raise CartNotFound(command.cart_id)
            raise CartClosed(command.cart_id)
        if command.if_version is not None:
            version = shown_version(cart, self._loaded.items)
            if command.if_version != version:
                raise StaleVersion(command.if_version, version)
        return cart

    def _decide(self, cart: Cart, command: CartCommand) -> list[CartFact]:
        """Facts of the command; where stock is short, what others hold past the deadline is taken back first."""
        turn = self._turn_of(command.actor or command.owner, command.at or self._now)
        try:
            return list(self._attempt(cart, command, turn))
        except OutOfStock as error:
            if not self._reclaim([error.item_id], cart, turn):
                raise
        except CheckoutRefused as error:
            short = [problem.item_id for problem in error.problems if problem.available is not None]
            if not self._reclaim(short, cart, turn):
                raise
        return list(self._attempt(cart, command, turn))

    def _attempt(self, cart: Cart, command: CartCommand, turn: Turn) -> Iterator[CartFact]:
        match command:
            case AddItem():
                line = cart.lines.get(command.item_id)
                return self._put(cart, command, command.quantity + (line.quantity if line else 0), turn)
            case SetQuantity(quantity=0) | RemoveItem():
                item = self._in_cart(cart, command.item_id)
                return take_out(cart, item, turn, reason="removed", version=next_version(cart, item))
            case SetQuantity():
                self._in_cart(cart, command.item_id)
                return self._put(cart, command, command.quantity, turn)
            case ClearCart():
                return self._clear(cart, turn)
            case AbandonCart():
                return leave(cart, self._loaded.items, turn)
            case PlaceOrder():
                return place_order(cart, command, self._loaded.items, self._levels, turn)
            case _:
                return iter(())

    def _put(self, cart: Cart, command: AddItem | SetQuantity, quantity: int, turn: Turn) -> Iterator[CartFact]:
        asked = command.quantity
        if type(asked) is not int or not 1 <= asked <= MAX_QUANTITY:
            raise InvalidInput("quantity", f"must be a whole number from 1 to {MAX_QUANTITY}")
        item = self._loaded.items.get(command.item_id)
        if item is None:
            raise ItemNotFound(command.item_id)
        bought = self._loaded.bought.get((cart.owner, item.id), 0)
        return put_quantity(cart, item, self._levels.get(item.id), quantity, turn, asked=asked, bought=bought)

    def _reclaim(self, items: Iterable[str | None], mine: Cart, turn: Turn) -> bool:
        """Take back what other carts hold of `items` past the deadline; says whether there was any."""
        found, turn = False, replace(turn, actor="system:reclaim")
        for item_id in filter(None, items):
            self.short.add(item_id)
            there = [cart for cart in self.carts.values() if item_id in cart.lines]
            for cart in [each for each in there if each.id != mine.id and each.overdue(item_id, turn.now)]:
                self.happen(lapse(cart, self._loaded.items[item_id], turn, reason="expired"))
                found = True
        return found

    def _clear(self, cart: Cart, turn: Turn) -> Iterator[CartFact]:
        items = [self._loaded.items[line.item_id] for line in in_order(cart)]
        version = next_version(cart, *items)
        for item in items:
            yield from take_out(cart, item, turn, reason="cleared", version=version)

    def _keep(self, key: Key, answer: CartView | Order) -> None:
        kept = Answered.to(key, answer, self._now)
        self._answered[key.scope] = kept
        self.answers.append(kept)

    def _in_cart(self, cart: Cart, item_id: str) -> Sellable:
        if item_id not in cart.lines:
            raise NotInCart(item_id)
        return self._loaded.items[item_id]
