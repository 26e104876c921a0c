"""Identifiers: UUIDv7 texts, so that the ids of one process sort in the order they were made."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from itertools import count
from random import getrandbits


class Uuid7:
    """Makes UUIDv7 texts (RFC 9562, section 6.2, method 2: a monotonic random tail inside a millisecond).

    One instance may be shared by threads; two never give the same id.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._tail = 0

    def __call__(self) -> str:
        now = time.time_ns() // 1_000_000
        with self._lock:
            if now > self._milliseconds:
                self._milliseconds, self._tail = now, int.from_bytes(os.urandom(9)) >> 1
            else:
                # An id is no secret; to ask the system for each would hand the processor to another thread each time.
                self._tail += 1 + getrandbits(32)
                if self._tail >> 74:
                    self._milliseconds, self._tail = (
                        self._milliseconds + 1,
                        int.from_bytes(os.urandom(9)) >> 1,
                    )
            head, tail = self._milliseconds, self._tail
        return _text(head << 80 | 0x7 << 76 | (tail >> 62) << 64 | 0b10 << 62 | tail & ((1 << 62) - 1))


class SeededIds:
    """Makes UUIDv8 texts that follow from a seed: who does the same again, elsewhere, gets the same ids.

    They sort in the order they were made. Two seeds share no id, for all practical purposes.
    """

    def __init__(self, seed: str) -> None:
        self._head = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]) & ~0xF000 | 0x8000
        self._numbers = count()

    def __call__(self) -> str:
        return _text(self._head << 64 | 0b10 << 62 | next(self._numbers))


def _text(number: int) -> str:
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
