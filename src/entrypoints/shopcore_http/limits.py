"""How many requests one caller may make, and how often a password may be guessed, whichever process is asked."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from shopcore.errors import BadCredentials, InvalidInput, KeyReused, Unavailable
from shopcore.limits.model import Attempt, Draw, Drawn, Limit
from shopcore.limits.use_cases import Limits
from shopcore_http.coalesce import Coalesced
from shopcore_http.errors import TooManyRequests
from shopcore_http.purse import LONG_AGO, Purse
from shopcore_http.threads import Crew

log = logging.getLogger("shopcore.http")

MINUTE = timedelta(minutes=1)
LOGIN_WINDOW = timedelta(minutes=15)
MANY = 50_000
"""So many callers are remembered at most. One who is forgotten gets his free requests again, and no more."""

FREE, CHUNK = 20, 50
"""A process lets a caller make a twentieth of his limit before it asks the store, and then asks for a fiftieth."""

PATIENCE = 0.5
"""Seconds that a request waits for the store to say whether it may be made."""

ALONE = timedelta(seconds=5)
"""For so long no process asks a store that did not answer."""

_WRONG = (BadCredentials, InvalidInput, KeyReused)
"""How a login says that a password is wrong, and a change of it, new or repeated."""


class RateLimit:
    """`a_minute` requests for each caller: a bucket of that size that fills up evenly. 0 lets everybody pass.

    All processes over one store share the bucket, see decision 51. Where the store does not answer, each process has
    a bucket of its own: a limit never keeps anybody from a shop that could serve him.
    """

    def __init__(self, limits: Limits, a_minute: int) -> None:
        self._limits = limits
        self._limit = Limit(most=a_minute, period=MINUTE)
        self._free, self._chunk = a_minute // FREE, max(1, a_minute // CHUNK)
        self._purses: OrderedDict[str, Purse] = OrderedDict()
        self._crew = Crew("limits", size=1, queue=1)
        self._draws: Coalesced[Draw, Drawn] = Coalesced(self._draw_all, self._crew)
        self._alone_until = LONG_AGO

    async def take(self, caller: str) -> None:
        """Count a request. Raises TooManyRequests when the bucket is empty."""
        if not self._limit.most:
            return
        now = self._limits.now()
        purse = self._purse(caller, now)
        while not purse.pay(self._free, now):
            if wait := purse.wait(now):
                raise TooManyRequests("RATE_LIMITED", "too many requests; slow down", wait)
            if purse.drawing is None:
                purse.drawing = asyncio.create_task(self._draw(caller, purse))
            await asyncio.shield(purse.drawing)  # others wait for it too, whoever goes away
            now = self._limits.now()

    def close(self) -> None:
        self._crew.close()

    def _purse(self, caller: str, now: datetime) -> Purse:
        """The caller's purse. Those whose period is over are forgotten as new ones come; the oldest stand first."""
        purse = self._purses.get(caller)
        if purse is None:
            for _ in range(2):
                if self._purses and (len(self._purses) >= MANY or _over(next(iter(self._purses.values())), now)):
                    self._purses.popitem(last=False)
            purse = self._purses[caller] = Purse(now)
        elif _over(purse, now):
            purse.renew(now)
            self._purses.move_to_end(caller)
        return purse

    async def _draw(self, caller: str, purse: Purse) -> None:
        try:
            asked = purse.asking(caller, self._chunk)
            drawn = await self._shared(asked)
            now = self._limits.now()
            purse.take(drawn or purse.draw_alone(asked, self._limit, now), now)
        finally:
            purse.drawing = None

    async def _shared(self, asked: Draw) -> Drawn | None:
        """What the store gives; None if it does not answer."""
        if self._limits.now() < self._alone_until:
            return None
        try:
            return await asyncio.wait_for(self._draws.ask(asked), PATIENCE)
        except Exception as error:  # whatever is wrong with the limit, the request is not to blame
            if self._limits.now() >= self._alone_until:
                log.warning("requests are counted in this process only for some seconds: %r", error)
            self._alone_until = self._limits.now() + ALONE
            return None

    def _draw_all(self, draws: Sequence[Draw]) -> Sequence[Drawn]:
        return self._limits.draw(draws, self._limit)


def _over(purse: Purse, now: datetime) -> bool:
    return abs(now - purse.since) >= MINUTE


class LoginLimit:
    """`most` failed logins in a quarter of an hour for each username, whether it exists or not. 0 is no limit.

    The store counts, so it is exact, however many processes there are. Without the store nobody can log in anyway.
    """

    def __init__(self, limits: Limits, most: int) -> None:
        self._limits = limits
        self._limit = Limit(most=most, period=LOGIN_WINDOW)

    @contextmanager
    def attempt(self, username: str) -> Iterator[None]:
        """Around one login, or whatever else tells if a password is right; in a thread that may wait for the store.

        It counts as failed from its start, so that many at once cannot pass the limit.
        Raises TooManyRequests, without letting the login happen.
        """
        if not self._limit.most:
            yield
            return
        attempt = self._limits.begin_login(username, self._limit)
        if attempt.wait is not None:
            seconds = max(1, -(-attempt.wait // timedelta(seconds=1)))
            raise TooManyRequests("TOO_MANY_FAILED_LOGINS", "too many failed logins; try again later", seconds)
        try:
            yield
        except _WRONG:
            raise
        except BaseException:
            self._forgive(attempt)
            raise
        self._forgive(attempt)

    def _forgive(self, attempt: Attempt) -> None:
        try:
            self._limits.forgive(attempt)
        except Unavailable as error:  # it counts as failed then; the login itself is what it is
            log.warning("a login that did not fail was counted as failed: %s", error)
