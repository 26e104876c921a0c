"""What a limit allows. Times that lie in the future are another machine's clock, or ours before it was set back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from shopcore.limits.model import Draw, Drawn, Limit
from shopcore.text import fold_name

INSTANT = timedelta(microseconds=1)


def draw(full_at: datetime | None, asked: Draw, limit: Limit, now: datetime) -> tuple[datetime, Drawn]:
    """Take units out of a bucket of `limit.most` that fills up evenly in `limit.period`; None is a full one.

    All that is kept of a bucket is when it will be full again (GCRA, the generic cell rate algorithm of ATM). What is
    owed is taken even if it is not there: the bucket is in debt then. A debt is a bucketful at most, whatever a clock
    that was set back makes of it.
    """
    empty_at = now + limit.period
    full_at = max(full_at or now, now)
    room = (empty_at - full_at) // INSTANT * limit.most // (limit.period // INSTANT)
    units = min(max(0, room - asked.owed), asked.want)
    full_at = min(full_at + (asked.owed + units) * limit.period // limit.most, empty_at + limit.period)
    one_unit = -(-limit.period // limit.most)
    return full_at, Drawn(units=units, wait=timedelta() if units else max(INSTANT, one_unit - (empty_at - full_at)))


def recent(times: Sequence[datetime], limit: Limit, now: datetime) -> tuple[datetime, ...]:
    """Those of `times` that still count, in order."""
    return tuple(sorted(at for at in times if abs(at - now) < limit.period))


def wait(counted: Sequence[datetime], limit: Limit, now: datetime) -> timedelta | None:
    """How long until fewer than `limit.most` of the `counted` times are within a period; None if they are now."""
    if len(counted) < limit.most:
        return None
    return counted[-limit.most] + limit.period - now


def without(times: Sequence[datetime], at: datetime) -> tuple[datetime, ...]:
    """`times` without one that is `at`."""
    left = list(times)
    if at in left:
        left.remove(at)
    return tuple(left)


def bucket_of(caller: str) -> str:
    """What the tally of a caller's requests is called."""
    return f"requests {caller}"


def logins_of(username: str) -> str:
    """What the tally of a name's failed logins is called, of whatever length: people type passwords there too."""
    return f"logins {hashlib.sha256(fold_name(username[:200]).encode('utf-8', 'surrogatepass')).hexdigest()}"
