"""The race: real processes at one item, some of them killed on the way, while the shelf is watched."""

from __future__ import annotations

import multiprocessing
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from pathlib import Path

from shopcore.errors import StoreBusy, StoreUnavailable
from shopcore.shop import Shop
from shopcore_cli.prove.books import Sample, sample
from shopcore_cli.prove.crowd import OpenShop, Post, shop_around
from shopcore_cli.prove.notes import Count
from shopcore_cli.prove.plan import Plan

GLANCE = 0.01
"""Seconds between two looks at how far the buyers are."""

LOOK, LOOKS_A_SWEEP = 0.05, 5
"""Seconds between two looks at the level, and how many of these there are to a sweep."""

GRACE = 10.0
"""Seconds for a process to end by itself once the time is up."""

_spawn = multiprocessing.get_context("spawn")  # nothing is inherited: each process connects for itself


@dataclass(slots=True)
class Raced:
    """How the race went: `failed` processes ended by themselves before their work was done."""

    seconds: float = 0.0
    killed: int = 0
    failed: int = 0
    swept: int = 0
    samples: list[Sample] = field(default_factory=list)


def race(
    shop: Shop, open_shop: OpenShop, plan: Plan, folder: Path, watch: Callable[[int], None] = lambda answers: None
) -> Raced:
    """Run it; what buyers ask and are told is in `folder` afterwards. `watch` is told how many answers there are."""
    raced = Raced()
    posts = [Post(process=number, generation=0, folder=folder) for number in range(plan.processes)]
    with _running(open_shop, plan, posts) as (crew, start):
        _line_up(crew, start)
        began = time.monotonic()
        with _watched(shop, plan, raced):
            _follow(crew, open_shop, plan, raced, Count(folder), watch)
        raced.seconds = time.monotonic() - began
    return raced


@dataclass(slots=True)
class _Crew:
    """The processes by their posts."""

    posts: list[Post]
    processes: list[BaseProcess]

    def alive(self) -> list[int]:
        return [number for number, process in enumerate(self.processes) if process.is_alive()]


@contextmanager
def _running(open_shop: OpenShop, plan: Plan, posts: list[Post]) -> Iterator[tuple[_Crew, Barrier]]:
    """The processes, before the start. None of them outlives the context."""
    start = _spawn.Barrier(plan.processes + 1)
    crew = _Crew(posts, [_process(open_shop, plan, post, start, plan.seconds) for post in posts])
    try:
        yield crew, start
    finally:
        for process in crew.processes:
            process.kill()
            process.join(GRACE)
            process.close()


def _process(open_shop: OpenShop, plan: Plan, post: Post, start: Barrier | None, seconds: float) -> BaseProcess:
    process = _spawn.Process(target=shop_around, args=(open_shop, plan, post, start, seconds), daemon=True)
    process.start()
    return process


def _line_up(crew: _Crew, start: Barrier) -> None:
    """Wait until all are ready, and let them go. Where one cannot come, nobody waits for him."""
    while start.n_waiting < len(crew.processes):
        if len(crew.alive()) < len(crew.processes):
            start.abort()
            return
        time.sleep(GLANCE)
    with suppress(threading.BrokenBarrierError):
        start.wait(GRACE)


def _follow(
    crew: _Crew, open_shop: OpenShop, plan: Plan, raced: Raced, answers: Count, watch: Callable[[int], None]
) -> None:
    """Until all are done or the time is up; now and then one is killed, and another takes his place."""
    chance = random.Random(f"{plan.seed} kills")  # noqa: S311 (no secret)
    due = sorted(chance.uniform(0.05, 0.8) * plan.attempts for _ in range(plan.kills))
    ends = time.monotonic() + plan.seconds
    while (alive := crew.alive()) and time.monotonic() < ends + GRACE:
        watch(done := answers())
        while due and done >= due[0]:
            due.pop(0)
            number = chance.choice(alive)
            if _killed(crew.processes[number]):
                raced.killed += 1
                post = crew.posts[number]
                crew.posts[number] = Post(process=number, generation=post.generation + 1, folder=post.folder)
                crew.processes[number].close()
                left = max(0.0, ends - time.monotonic())
                crew.processes[number] = _process(open_shop, plan, crew.posts[number], None, left)
        time.sleep(GLANCE)
    watch(answers())
    raced.failed = sum(process.exitcode != 0 for process in crew.processes)


def _killed(process: BaseProcess) -> bool:
    """Kill it in the middle of whatever it does; False where it was done before."""
    process.kill()
    process.join(GRACE)
    return process.exitcode not in (0, None)


@contextmanager
def _watched(shop: Shop, plan: Plan, raced: Raced) -> Iterator[None]:
    """Meanwhile the level is looked at, and what is held too long is taken back, as `shopcore worker` does it."""
    over = threading.Event()

    def look() -> None:
        for round_number in count():
            if over.wait(LOOK):
                return
            with suppress(StoreBusy, StoreUnavailable):
                raced.samples.append(sample(shop, plan.item_id))
                if round_number % LOOKS_A_SWEEP == 0:
                    raced.swept += shop.inventory.sweep(items=[plan.item_id], limit=20)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
