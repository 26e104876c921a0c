"""A process full of buyers, all at the one item at once."""

from __future__ import annotations

import random
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from shopcore.carts.desk import Outcome
from shopcore.errors import ShopError, StoreBusy, StoreUnavailable
from shopcore.shop import Shop
from shopcore_cli.prove.buyer import REPEATS, Buyer, answer, command
from shopcore_cli.prove.notes import Answer, Attempt, Notebook, Request, read_notes
from shopcore_cli.prove.plan import Plan
from shopcore_cli.prove.shelf import as_on_sale

OpenShop = Callable[[], Shop]
"""Opens the shop once more, in another process: it is pickled on its way there."""

THREADS = 4
"""In one process. There are as many requests under way, at most."""

TOGETHER = (1, 2, 4, 8)
"""How many buyers' requests go into one transaction, at most, as a server gathers them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a process stands: its number, and how often it was replaced after it was killed."""

    process: int
    generation: int
    folder: Path

    @property
    def notebook(self) -> Path:
        return self.folder / f"{self.process:03}-{self.generation:04}.notes"

    def notebooks(self) -> list[Path]:
        """Its own and those of its predecessors, oldest first."""
        return sorted(self.folder.glob(f"{self.process:03}-*.notes"))


def shop_around(open_shop: OpenShop, plan: Plan, post: Post, start: Barrier | None, seconds: float) -> None:
    """Let the buyers of this post make its attempts, beginning where its notes end. The work of a process.

    All processes that wait at `start` begin at the same moment, and have so many `seconds` from then on.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us, and he ends us
    try:
        shop = open_shop()
        if start:
            start.wait()
        _serve(Crowd(plan, post, time.time() + seconds), as_on_sale(shop, plan))
        shop.close()
    except threading.BrokenBarrierError:
        sys.exit(1)  # another process failed, and said so
    except ShopError as error:
        sys.exit(f"Error: {error}")


def _serve(crowd: Crowd, shop: Shop) -> None:
    try:
        with ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(crowd.serve, shop) for _ in range(THREADS)]:
                done.result()
    finally:
        crowd.notebook.close()


class Crowd:
    """The buyers of one process, waiting in a queue for a thread that serves them."""

    def __init__(self, plan: Plan, post: Post, ends: float) -> None:
        notes = read_notes(post.notebooks())
        self.notebook = Notebook(post.notebook)
        self._plan = plan
        self._ends = ends
        self._turn = threading.Condition()
        self._left = plan.quota(post.process) - sum(map(len, notes.values()))
        waiting = [Buyer.of(name, notes.get(name, ())) for name in plan.names(post.process)]
        self._waiting = deque(sorted(waiting, key=lambda buyer: buyer.pending is None))

    def serve(self, shop: Shop) -> None:
        """Serve visits until all attempts are made or time is up."""
        chance = random.Random()  # noqa: S311 (no secret)
        while visitors := self._come(chance.choice(TOGETHER)):
            staying = visitors
            try:
                while asking := [(buyer, request) for buyer in staying if (request := self._next(buyer))]:
                    staying = self._ask(shop, asking, again=chance.random() < REPEATS)
            finally:
                with self._turn:
                    self._waiting.extend(visitors)
                    self._turn.notify_all()

    def _come(self, most: int) -> list[Buyer]:
        with self._turn:
            self._turn.wait_for(lambda: self._waiting)  # who serves them now brings them back
            if time.time() >= self._ends or not (self._left > 0 or any(buyer.pending for buyer in self._waiting)):
                return []
            return [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]

    def _next(self, buyer: Buyer) -> Request | None:
        with self._turn:
            if time.time() >= self._ends or (buyer.pending is None and self._left <= 0):
                return None
            known = buyer.pending
            request = buyer.next(self._plan)
            self._left -= request is not None and known is None
            return request

    def _ask(self, shop: Shop, asking: Sequence[tuple[Buyer, Request]], *, again: bool) -> list[Buyer]:
        """Ask for all of them at once; gives those who stay to ask more."""
        requests = [request for _, request in asking]
        self.notebook.asked(requests)
        if not (outcomes := insist(shop, requests, self._plan, self._ends)):
            return []
        told = heard(requests, outcomes, self._plan)
        self.notebook.told(told)
        granted = [request for request, said, _ in told if not said.refusal]
        if again and granted and (repeated := insist(shop, granted, self._plan, self._ends)):
            self.notebook.told(heard(granted, repeated, self._plan))
        return [buyer for (buyer, _), (_, said, _) in zip(asking, told, strict=True) if buyer.hears(said)]


def heard(requests: Sequence[Request], outcomes: Sequence[Outcome], plan: Plan) -> list[tuple[Request, Answer, bool]]:
    """What is to be noted of outcomes."""
    return [
        (request, answer(outcome.answer, plan.item_id), outcome.replayed)
        for request, outcome in zip(requests, outcomes, strict=True)
    ]


def insist(shop: Shop, requests: Sequence[Request], plan: Plan, ends: float) -> list[Outcome]:
    """What the shop says in the end; nothing where that is not known when the time is up.

    A busy store changed nothing, one that is out of reach may have: the keys allow to ask again.
    """
    commands = [command(request, plan.item_id) for request in requests]
    while True:
        try:
            return shop.carts.handle(commands)
        except (StoreBusy, StoreUnavailable):
            if time.time() >= ends:
                return []
            time.sleep(random.uniform(0.005, 0.05))  # noqa: S311 (spreads competitors)


def ask_again(shop: Shop, unanswered: Sequence[Attempt], plan: Plan, notebook: Notebook) -> None:
    """Ask once more what was never answered, so that it is known. Raises StoreUnavailable, StoreBusy."""
    for attempt in unanswered:
        notebook.asked([attempt.request])
        outcomes = shop.carts.handle([command(attempt.request, plan.item_id)])
        notebook.told(heard([attempt.request], outcomes, plan))
