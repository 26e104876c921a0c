"""Time comes in from outside: a clock is any callable that gives an aware UTC datetime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
MakeId = Callable[[], str]


def utc_now() -> datetime:
    return datetime.now(UTC)
