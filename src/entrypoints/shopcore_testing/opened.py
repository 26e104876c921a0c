"""What you hand to the suite: your store, and what more of it can be tried."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # pytest loads this with the plugin, in every run, also where nobody asks for the suite
    from shopcore.store import Store, Transaction


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A fresh and empty store, and means to look closer at it.

    All but `store` is optional: a promise that needs what is missing is skipped, and says what it needed.
    """

    store: Store

    doom: Callable[[Transaction], None] | None = None
    """Makes the commit of a transaction fail, once all its work is done. A deferred constraint does that in SQL."""

    elsewhere: Callable[[], Store] | None = None
    """Opens the same data once more, in another process. It is pickled on its way there: a function of a module, or a
    `functools.partial` of one; no lambda and nothing that is defined in a conftest.py.
    """

    several_writers: bool = False
    """Two transactions may write different things at the same time. False where writers take turns."""

    must_be_idle: Callable[[], None] | None = None
    """Raises AssertionError while a connection, a lock or a snapshot is out. Asked after each test."""

    must_be_in_step: Callable[[], None] | None = None
    """Raises AssertionError where what the store keeps only for itself, such as counts, is out of step with what it
    holds. Asked wherever the catalog has changed."""

    contents: Callable[[], object] | None = None
    """All that is stored, as values that can be compared. Else the suite asks the ports for all they tell."""

    deadlocks: Callable[[], int] | None = None
    """How many transactions were broken off so far because they waited for each other in a ring."""


OpenStore = Callable[[], AbstractContextManager[Opened]]
"""Opens a fresh store each time, and cleans up behind it. Your fixture `open_store` gives one of these."""

Contents = Callable[[], object]
"""What the fixture `contents` gives."""
