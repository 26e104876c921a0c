"""What one caller may spend in this process before it must ask what he has spent in the others."""

from __future__ import annotations

from asyncio import Task
from datetime import UTC, datetime, timedelta

from shopcore.limits.model import Draw, Drawn, Limit
from shopcore.limits.rules import draw

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOST = timedelta(minutes=2)
"""For so long nobody is kept from drawing."""


class Purse:
    """The first `free` requests of each of the caller's periods are paid here. Who needs more has to draw.

    A draw pays for the free ones too, so that only the quiet get anything for nothing.
    """

    __slots__ = ("_alone", "_barred_until", "_owed", "_spent", "_units", "drawing", "since")

    def __init__(self, now: datetime) -> None:
        self.since = now
        self.drawing: Task[None] | None = None
        self._spent = 0
        self._owed = 0
        self._units = 0
        self._barred_until = LONG_AGO
        self._alone: datetime | None = None

    def renew(self, now: datetime) -> None:
        """Begin another period."""
        self.since, self._spent, self._owed = now, 0, 0
        if self._barred_until - now > MOST:  # the clock was set back
            self._barred_until = LONG_AGO

    def pay(self, free: int, now: datetime) -> bool:
        """Count a request, if it need not draw or wait."""
        if self._units:
            self._units -= 1
            return True
        if self._spent >= free or self._barred_until > now:
            return False
        self._spent += 1
        self._owed += 1
        return True

    def wait(self, now: datetime) -> int:
        """For how many whole seconds it is no use to draw."""
        return max(0, -((now - self._barred_until) // SECOND))

    def asking(self, caller: str, chunk: int) -> Draw:
        """What to draw; the debt is paid with it."""
        owed, self._owed = self._owed, 0
        return Draw(caller=caller, want=chunk, owed=owed)

    def take(self, drawn: Drawn, now: datetime) -> None:
        """Put in what was drawn. Where that is nothing, whole seconds must pass, as the caller is told."""
        self._units += drawn.units
        if not drawn.units:
            self._barred_until = now - (-drawn.wait // SECOND) * SECOND

    def draw_alone(self, asked: Draw, limit: Limit, now: datetime) -> Drawn:
        """Draw from a bucket of this process's own, while the shared one is out of reach."""
        self._alone, drawn = draw(self._alone, asked, limit, now)
        return drawn
