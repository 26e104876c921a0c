"""The circumstances in which something is decided: they come in as one value, so that rules stay pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shopcore.clock import MakeId
from shopcore.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The circumstances of one command: when, on whose behalf, under which policy, with which source of ids."""

    now: datetime
    actor: str
    policy: Policy
    make_id: MakeId
