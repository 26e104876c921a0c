"""Passwords hashed with argon2id, only so many at a time."""

from __future__ import annotations

import base64
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

from shopcore.errors import TooManyLogins

MEMORY_KIB = 19 * 1024
PASSES = 2
"""OWASP's minimum for argon2id on one lane (Password Storage Cheat Sheet): 19 MiB, two passes."""


def spare_processors() -> int:
    """All processors but one, and at least one: what logins may take up without starving the rest."""
    return max(1, (os.cpu_count() or 1) - 1)


class Argon2Passwords:
    """Hashes at most `at_once` passwords at any time. Threads may share one instance, and should.

    Up to `waiting` more wait for their turn, at most `patience` seconds; whoever cannot, gets TooManyLogins. A
    hash takes `memory_kib` of memory and `passes` over it, on one processor.
    """

    def __init__(
        self,
        *,
        at_once: int | None = None,
        waiting: int = 64,
        patience: float = 2.5,
        memory_kib: int = MEMORY_KIB,
        passes: int = PASSES,
    ) -> None:
        self._at_once = at_once or spare_processors()
        self._patience = patience
        self._doors = threading.BoundedSemaphore(self._at_once + waiting)
        self._desks = threading.BoundedSemaphore(self._at_once)
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
        )
        self._decoy = self._unknowable()

    def hash(self, password: str) -> str:
        with self._turn():
            return self._hasher.hash(password)

    def verify(self, password_hash: str | None, password: str) -> bool:
        with self._turn():
            try:
                self._hasher.verify(password_hash or self._decoy, password)
            except VerifyMismatchError:
                return False
            except (InvalidHashError, VerificationError):
                return self._refuse_slowly(password)
            return bool(password_hash)

    def needs_rehash(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def _refuse_slowly(self, password: str) -> bool:
        with suppress(VerifyMismatchError):
            self._hasher.verify(self._decoy, password)
        return False

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
