"""Values of limits: what is allowed, what is asked for, and what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """`most` times in each `period`."""

    most: int
    period: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What all processes remember together of one subject: times, and until when they mean anything."""

    subject: str
    times: tuple[datetime, ...]
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A process asks for `want` units of a caller's shared bucket, and pays for `owed` ones that he had before."""

    caller: str
    want: int = 1
    owed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Units that were given, as many as there were; where there was none, how long until there is one."""

    units: int
    wait: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A login that may be tried, counted as failed since `at`; or, with a `wait`, one that may not be."""

    subject: str
    at: datetime
    wait: timedelta | None = None
