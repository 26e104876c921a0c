"""A process that shops, and writes down what it asks before it asks and what it was told as soon as it is told."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path

from shopcore.carts.commands import AddItem, CartCommand, PlaceOrder, RemoveItem
from shopcore.carts.view import CartView
from shopcore.errors import ShopError
from shopcore.idempotency import Key
from shopcore.orders.model import Order
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.programs import programs
from shopcore_testing.racing import insist

SHOPPERS = 3
"""Shoppers in one process."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One request: its number names its key, and decides with the seed what it asks."""

    process: int
    number: int
    seed: int
    items: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.process}.{self.number}"

    def commands(self) -> list[CartCommand]:
        """A visit: some items are added, perhaps one is taken out again, and perhaps all are bought."""
        mine = random.Random(f"{self.seed} {self.name}")
        owner = f"p{self.process}-{self.number % SHOPPERS}"
        some = mine.sample(self.items, mine.randint(1, len(self.items)))
        visit: list[CartCommand] = [AddItem(owner=owner, item_id=name, key=self._key(f"add {name}")) for name in some]
        if mine.random() < 0.4:
            visit.append(RemoveItem(owner=owner, item_id=mine.choice(some), key=self._key("remove")))
        if mine.random() < 0.5:
            visit.append(PlaceOrder(owner=owner, key=self._key("order")))
        return visit

    def _key(self, what: str) -> Key:
        value = f"{self.name}-{what}".replace(" ", "-")
        return Key(caller=f"p{self.process}", operation="visit", value=value, fingerprint=what)

    def make(self, shop: Shop) -> str:
        """What was told of each command: an order's id, `ok`, or the code of a refusal."""
        outcomes = insist(partial(shop.carts.handle, self.commands()))
        if isinstance(outcomes, ShopError):
            raise outcomes
        return " ".join(_told(outcome.answer) for outcome in outcomes)


def _told(answer: CartView | Order | ShopError) -> str:
    if isinstance(answer, ShopError):
        return answer.code
    return answer.id if isinstance(answer, Order) else "ok"


def shop_around(
    elsewhere: Callable[[], Store], log: str, process: int, seed: int, items: tuple[str, ...], attempts: int
) -> None:
    """Make so many attempts, each of them logged as `asked NAME` and then `told NAME ANSWERS`."""
    store = elsewhere()
    shop = Shop(store)
    file = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for number in range(attempts):
        attempt = Attempt(process=process, number=number, seed=seed, items=items)
        os.write(file, f"asked {attempt.name}\n".encode())
        os.write(file, f"told {attempt.name} {attempt.make(shop)}\n".encode())
    os.close(file)
    store.close()


@contextmanager
def processes(
    elsewhere: Callable[[], Store],
    folder: Path,
    *,
    count: int,
    seed: int,
    items: tuple[str, ...],
    attempts: int,
    twins: bool = False,
) -> Iterator[list[BaseProcess]]:
    """Processes that shop, one log each in `folder`; `twins` all ask the same under the same keys.

    None of them outlives the context.
    """
    context = programs(shop_around, elsewhere)
    logs = [str(folder / f"{number}.log") for number in range(count)]
    started: list[BaseProcess] = [
        context.Process(target=shop_around, args=(elsewhere, log, 0 if twins else number, seed, items, attempts))
        for number, log in enumerate(logs)
    ]
    for process in started:
        process.start()
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.join(10)
            process.close()


def log_of(folder: Path, process: int) -> tuple[set[str], dict[str, str]]:
    """The attempts that a process asked, and what it was told of those that were answered."""
    file = folder / f"{process}.log"
    words = [line.split(" ", 2) for line in file.read_text().splitlines()] if file.exists() else []
    return {word[1] for word in words if word[0] == "asked"}, {word[1]: word[2] for word in words if word[0] == "told"}


def wait_for(folder: Path, answers: int, *, seconds: float = 60.0) -> None:
    """Until so many answers are in the logs."""
    deadline = time.monotonic() + seconds
    while sum(file.read_text().count("told") for file in folder.glob("*.log")) < answers:
        if time.monotonic() > deadline:
            raise AssertionError(f"no {answers} answers in {seconds} s")
        time.sleep(0.02)
