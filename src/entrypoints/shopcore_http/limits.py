"""How much one caller may ask for, kept in the memory of one process."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shopcore.errors import BadCredentials, InvalidInput, KeyReused
from shopcore.text import fold_name
from shopcore_http.errors import TooManyRequests

MINUTE = 60.0
LOGIN_WINDOW = 900.0
MANY = 50_000
"""So many callers are remembered before those who may ask freely again are forgotten."""


_WRONG = (BadCredentials, InvalidInput, KeyReused)
"""How a login says that a password is wrong, and a change of it, new or repeated."""


class RateLimit:
    """`a_minute` requests for each caller: a bucket of that size that fills up evenly. 0 lets everybody pass.

    Kept is, per caller, the time at which his bucket will be full again (GCRA).
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = MINUTE / a_minute if a_minute else 0.0
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._many = MANY

    def take(self, caller: str) -> None:
        """Count a request. Raises TooManyRequests when the bucket is empty."""
        if not self._interval:
            return
        now = self._clock()
        full_at = max(self._full_at.get(caller, now), now) + self._interval
        if full_at - now > MINUTE + 1e-6:
            wait = math.ceil(full_at - now - MINUTE)
            raise TooManyRequests("RATE_LIMITED", "too many requests; slow down", max(1, wait))
        if len(self._full_at) >= self._many:
            self._full_at = {known: at for known, at in self._full_at.items() if at > now}
            self._many = max(MANY, 2 * len(self._full_at))
        self._full_at[caller] = full_at


class LoginLimit:
    """`most` failed logins in a quarter of an hour for each username, whether it exists or not. 0 is no limit."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._failed: dict[str, deque[float]] = {}
        self._many = MANY

    @contextmanager
    def attempt(self, username: str) -> Iterator[None]:
        """Around one login, or whatever else tells if a password is right.

        It counts as failed from its start, so that many at once cannot pass the limit.
        Raises TooManyRequests, without letting the login happen.
        """
        if not self._most:
            yield
            return
        name = fold_name(username[:200])
        started = self._begin(name)
        try:
            yield
        except _WRONG:
            raise
        except BaseException:
            self._forgive(name, started)
            raise
        self._forgive(name, started)

    def _begin(self, name: str) -> float:
        now = self._clock()
        if len(self._failed) >= self._many:
            self._failed = {known: times for known, times in self._failed.items() if times[-1] > now - LOGIN_WINDOW}
            self._many = max(MANY, 2 * len(self._failed))
        times = self._failed.setdefault(name, deque())
        while times and times[0] <= now - LOGIN_WINDOW:
            times.popleft()
        if len(times) >= self._most:
            wait = math.ceil(times[0] + LOGIN_WINDOW - now)
            raise TooManyRequests("TOO_MANY_FAILED_LOGINS", "too many failed logins; try again later", max(1, wait))
        times.append(now)
        return now

    def _forgive(self, name: str, started: float) -> None:
        times = self._failed.get(name)
        if times and started in times:
            times.remove(started)
        if not times:
            self._failed.pop(name, None)
