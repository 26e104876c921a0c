"""What a shop decides for itself: the knobs of the rules, with the defaults of the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long stock is held, who may cancel, how long a login lasts, and in which currency prices are given.

    `hold_time` of zero: a hold never ends by itself. A hold is renewed by each successful change of its line,
    but ends at most `hold_cap` after it was first taken. `cancel_window` of zero: only staff cancel.
    A login lasts `refresh_time` from its last refresh; each of its access tokens works for `access_time`.
    """

    currency: str = "EUR"
    hold_time: timedelta = timedelta(minutes=15)
    hold_cap: timedelta = timedelta(minutes=60)
    cancel_window: timedelta = timedelta(minutes=30)
    keys_kept: timedelta = timedelta(hours=24)
    signup_open: bool = True
    access_time: timedelta = timedelta(minutes=60)
    refresh_time: timedelta = timedelta(days=30)
