"""Passwords hashed with argon2id, only so many at a time."""

from __future__ import annotations

import base64
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from shopcore.errors import TooManyLogins
from shopcore_security.apart import HashedApart
from shopcore_security.hasher import argon2id, matches

log = logging.getLogger("shopcore.security")

MEMORY_KIB = 19 * 1024
PASSES = 2
"""OWASP's minimum for argon2id on one lane (Password Storage Cheat Sheet): 19 MiB, two passes."""


MOST_APART = 4
"""Processes of every server process, each of 13 MiB, and 19 more while it hashes: more would only be quicker."""


def spare_processors() -> int:
    """All processors but one, and at least one: what logins may take up without starving the rest."""
    return max(1, (os.cpu_count() or 1) - 1)


class Argon2Passwords:
    """Hashes at most `at_once` passwords at any time. Threads may share one instance, and should.

    Up to `waiting` more wait for their turn, at most `patience` seconds; whoever cannot, gets TooManyLogins. A
    hash takes `memory_kib` of memory and `passes` over it, on one processor. `apart`: it does so in a process that
    gives way to others, which a program that serves many should want; where there can be none, it does so here.
    """

    def __init__(
        self,
        *,
        at_once: int | None = None,
        waiting: int = 64,
        patience: float = 10.0,
        memory_kib: int = MEMORY_KIB,
        passes: int = PASSES,
        apart: bool = False,
    ) -> None:
        self._at_once = at_once or (min(spare_processors(), MOST_APART) if apart else spare_processors())
        self._patience = patience
        self._doors = threading.BoundedSemaphore(self._at_once + waiting)
        self._desks = threading.BoundedSemaphore(self._at_once)
        self._hasher = argon2id(memory_kib=memory_kib, passes=passes)
        self._decoy = self._unknowable()
        self._apart = HashedApart(memory_kib=memory_kib, passes=passes) if apart else None

    def hash(self, password: str) -> str:
        with self._turn():
            if self._apart:
                with self._or_here():
                    return self._apart.hash(password)
            return self._hasher.hash(password)

    def verify(self, password_hash: str | None, password: str) -> bool:
        with self._turn():
            right = self._matches(password_hash or self._decoy, password)
            if right is None:  # not a hash at all: it must take as long
                self._matches(self._decoy, password)
            return bool(right and password_hash)

    def needs_rehash(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def _matches(self, password_hash: str, password: str) -> bool | None:
        """Whether they belong together; None where the one is no hash."""
        if self._apart:
            with self._or_here():
                return self._apart.verify(password_hash, password)
        return matches(self._hasher, password_hash, password)

    @contextmanager
    def _or_here(self) -> Iterator[None]:
        """Whatever the operating system has against another process, people must be able to log in."""
        try:
            yield
        except OSError as error:
            log.warning("%s: hashing in this process", error)

    def _unknowable(self) -> str:
        """A hash in today's parameters whose password nobody knows: its digest is drawn, not computed."""
        salt, digest = (base64.b64encode(os.urandom(size)).rstrip(b"=").decode() for size in (16, 32))
        cost = f"m={self._hasher.memory_cost},t={self._hasher.time_cost},p={self._hasher.parallelism}"
        return f"$argon2id$v=19${cost}${salt}${digest}"

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._doors.acquire(blocking=False):
            raise TooManyLogins
        try:
            if not self._desks.acquire(timeout=self._patience):
                raise TooManyLogins
            try:
                yield
            finally:
                self._desks.release()
        finally:
            self._doors.release()
