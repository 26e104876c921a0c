"""What is exhausted, out of reach or not set up; and what a store tells itself."""

from __future__ import annotations

from dataclasses import dataclass

from shopcore.errors.families import Unavailable


@dataclass(eq=False)
class StoreUnavailable(Unavailable):
    """The store cannot answer now; nothing was changed by this request, unless its answer was lost."""

    code = "STORE_UNAVAILABLE"
    text = "the store is out of reach: {reason}"
    reason: str


@dataclass(eq=False)
class StoreBusy(Unavailable):
    """Others held what was needed for too long; nothing was changed."""

    code = "STORE_BUSY"
    text = "the store is busy, try again"


@dataclass(eq=False)
class StoreOutdated(Unavailable):
    """The database's schema is not the one this program works with."""

    code = "STORE_OUTDATED"
    text = "the database is at version {found}, this program needs {needed}: {remedy}"
    found: str
    needed: str
    remedy: str


@dataclass(eq=False)
class NotAShop(Unavailable):
    """What was named as the store is something else; it was left as it is."""

    code = "NOT_A_SHOP"
    text = "the database is no shop's: {reason}"
    reason: str


@dataclass(eq=False)
class TooManyLogins(Unavailable):
    """More passwords wait to be hashed than the machine can take on; nothing was changed."""

    code = "TOO_MANY_LOGINS"
    text = "too many passwords are being checked, try again"


@dataclass(eq=False)
class NotConfigured(Unavailable):
    code = "NOT_CONFIGURED"
    text = "{what} is not configured: {remedy}"
    what: str
    remedy: str


class LostRace(Exception):
    """Raised by a store when a guard failed: somebody else was first. `Store.write` then runs the work again.

    Never reaches a caller of the shop.
    """
