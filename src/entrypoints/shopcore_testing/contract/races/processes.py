"""Several programs on one database, some of which are killed in the middle of what they do."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.buyers import Attempt, log_of, processes, wait_for
from shopcore_testing.selling import item

Elsewhere = Callable[[], Store]
PROCESSES, STOCK = 4, 25
ITEMS = ("cup", "mug", "pot")


@pytest.fixture
def open_shop(shop: Shop) -> Shop:
    """A shop with the time of the world, which other programs share; few units, so that they run out."""
    shop = Shop(shop.store)
    for name in ITEMS:
        item(shop, name, STOCK)
    return shop


def order_ids(answers: str) -> list[str]:
    return [word for word in answers.split() if len(word) == 36]


def sold(ids: list[str], shop: Shop) -> Counter[str]:
    """Units of each item in the orders that were acknowledged, each of them once, all of which must be there."""
    assert len(ids) == len(set(ids))
    units: Counter[str] = Counter()
    for order_id in ids:
        units.update({line.item_id: line.quantity for line in shop.orders.get(order_id).lines})
    return units


def must_add_up(shop: Shop, sold: Counter[str]) -> None:
    for name in ITEMS:
        explained = shop.inventory.explain(name)
        assert explained.equation.sold == sold[name]
        assert explained.level.on_hand == STOCK - sold[name] >= explained.level.held
        assert explained.level.held == sum(units.quantity for units in explained.holders)
    assert shop.auditor.run().clean


def test_four_programs_sell_each_unit_once(elsewhere: Elsewhere, open_shop: Shop, tmp_path: Path) -> None:
    with processes(elsewhere, tmp_path, count=PROCESSES, seed=3, items=ITEMS, attempts=20) as running:
        for process in running:
            process.join(60)
        assert [process.exitcode for process in running] == [0] * PROCESSES
    told = {name: answers for n in range(PROCESSES) for name, answers in log_of(tmp_path, n)[1].items()}
    assert len(told) == 20 * PROCESSES
    assert Counter(" ".join(told.values()).split())["INSUFFICIENT_STOCK"] > 0
    must_add_up(open_shop, sold(order_ids(" ".join(told.values())), open_shop))


def test_killed_programs_lose_nothing_they_were_told_and_a_retry_tells_the_rest(
    elsewhere: Elsewhere, open_shop: Shop, tmp_path: Path
) -> None:
    seed = 1
    when = random.Random(seed)
    with processes(elsewhere, tmp_path, count=PROCESSES, seed=seed, items=ITEMS, attempts=10_000) as running:
        for number, process in enumerate(running):
            wait_for(tmp_path, 5 + 10 * number)
            time.sleep(when.uniform(0, 0.05))
            process.kill()
        for process in running:
            process.join(10)
        assert [process.exitcode for process in running] == [-9] * PROCESSES

    logs = [log_of(tmp_path, number) for number in range(PROCESSES)]
    told = {name: answers for _, answered in logs for name, answers in answered.items()}
    unknown = [_attempt(name, seed) for names, answered in logs for name in names - answered.keys()]
    assert len(unknown) <= PROCESSES
    done = {name: answers for name, answers in told.items() if _all_done(answers)}

    again = {name: _attempt(name, seed).make(open_shop) for name in done}
    told |= {attempt.name: attempt.make(open_shop) for attempt in unknown}

    assert again == done
    must_add_up(open_shop, sold(order_ids(" ".join(told.values())), open_shop))


def _attempt(name: str, seed: int) -> Attempt:
    process, number = name.split(".")
    return Attempt(process=int(process), number=int(number), seed=seed, items=ITEMS)


def _all_done(answers: str) -> bool:
    """Whether every command was done, so that its key replays it; what was refused may be granted now."""
    return all(word == "ok" or len(word) == 36 for word in answers.split())


def test_what_four_programs_ask_under_the_same_keys_is_done_once(
    elsewhere: Elsewhere, open_shop: Shop, tmp_path: Path
) -> None:
    with processes(elsewhere, tmp_path, count=PROCESSES, seed=5, items=ITEMS, attempts=12, twins=True) as running:
        for process in running:
            process.join(60)
        assert [process.exitcode for process in running] == [0] * PROCESSES
    logs = [log_of(tmp_path, number)[1] for number in range(PROCESSES)]
    placed = {name: {order_id for log in logs for order_id in order_ids(log[name])} for name in logs[0]}
    assert all(len(ids) <= 1 for ids in placed.values())
    assert sum(len(ids) for ids in placed.values()) > 3
    must_add_up(open_shop, sold([order_id for ids in placed.values() for order_id in ids], open_shop))
