"""Hashing in processes of its own, so that a flood of logins takes neither processor nor interpreter from shoppers."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import weakref
from collections import deque
from pathlib import Path
from typing import Any

log = logging.getLogger("shopcore.security")

PROGRAM = Path(__file__).with_name("hasher.py")
Hasher = subprocess.Popen[str]


class HashedApart:
    """As many processes as passwords are hashed at the same time; they are begun when needed, and end with this.

    They get passwords through a pipe that nobody else has. One that has died is replaced.
    """

    def __init__(self, *, memory_kib: int, passes: int) -> None:
        self._cost = {"memory_kib": memory_kib, "passes": passes}
        self._idle: deque[Hasher] = deque()
        self._end = weakref.finalize(self, _end_all, self._idle)

    def hash(self, password: str) -> str:
        """Raises OSError where no process can be had."""
        return str(self._ask(password, None))

    def verify(self, password_hash: str, password: str) -> bool | None:
        """Whether the password is the one of the hash; None where that is no hash. Raises OSError as `hash` does."""
        answer = self._ask(password, password_hash)
        return None if answer is None else bool(answer)

    def close(self) -> None:
        """End the processes that are idle."""
        _end_all(self._idle)

    def _ask(self, password: str, password_hash: str | None) -> Any:
        question = json.dumps({**self._cost, "password": password, "hash": password_hash})
        while True:
            hasher, fresh = self._some_hasher()
            try:
                answer = _told(hasher, question)
            except (OSError, ValueError) as error:
                _end(hasher)
                if fresh:
                    raise OSError(f"passwords cannot be hashed apart: {error}") from error
                continue  # it died of something else: the next one, or a new one, has it to do
            self._idle.append(hasher)
            return answer

    def _some_hasher(self) -> tuple[Hasher, bool]:
        try:
            return self._idle.pop(), False
        except IndexError:
            command = [sys.executable, "-P", str(PROGRAM)]
            pipe = subprocess.PIPE
            return subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8"), True  # noqa: S603


def _told(hasher: Hasher, question: str) -> Any:
    if hasher.stdin is None or hasher.stdout is None:
        raise OSError("no pipe")
    hasher.stdin.write(f"{question}\n")
    hasher.stdin.flush()
    return json.loads(hasher.stdout.readline())


def _end_all(hashers: deque[Hasher]) -> None:
    while hashers:
        _end(hashers.pop())


def _end(hasher: Hasher) -> None:
    hasher.kill()
    for pipe in (hasher.stdin, hasher.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                log.debug("a process that hashed passwords had gone")
    hasher.wait()
