"""What a database's refusals mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from shopcore.errors import LostRace


@contextmanager
def lost_race_on_conflict() -> Iterator[None]:
    """A unique index or a CHECK stood in the way: somebody else was first."""
    try:
        yield
    except IntegrityError as error:
        raise LostRace from error
