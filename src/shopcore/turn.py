"""The circumstances in which something is decided: they come in as one value, so that rules stay pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from shopcore.clock import MakeId
from shopcore.policy import Policy


class Stamp(TypedDict):
    """What every fact says of itself."""

    operation: str
    at: datetime
    actor: str


class CartStamp(Stamp):
    """And what every fact of a cart says besides."""

    cart_id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The circumstances of one command: when, on whose behalf, under which policy, with which source of ids."""

    now: datetime
    actor: str
    policy: Policy
    make_id: MakeId

    def stamp(self, operation: str | None = None) -> Stamp:
        """The circumstances as a fact has them; without a natural name the operation gets an id."""
        return {"operation": operation or self.make_id(), "at": self.now, "actor": self.actor}

    def on(self, cart_id: str, version: int, operation: str | None = None) -> CartStamp:
        """The same for a fact of a cart, whose version is `version` once the command is done."""
        return {**self.stamp(operation), "cart_id": cart_id, "version": version}
