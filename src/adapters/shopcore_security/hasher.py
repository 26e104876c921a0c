"""Hashing with argon2id; and, run as a program, for another one, giving way to all others where processors are short.

It is run as a file, by a path, and imports nothing of the package around it. Each line of its input is a question, each
line of its output the answer; it ends with its input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

NICENESS = 10
"""Linux gives such a process a tenth of what others get that want the same processor, and all of an idle one."""


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, whose end this one sees
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)  # noqa: T201 (it is the answer)


def _answer(question: dict[str, Any]) -> str | bool | None:
    """A hash for a password; of a password and a hash, whether they belong together, None where it is no hash."""
    hasher = argon2id(memory_kib=question["memory_kib"], passes=question["passes"])
    password = question["password"].encode("utf-8", "surrogatepass")
    if question["hash"] is None:
        return hasher.hash(password)
    return matches(hasher, question["hash"], password)


def argon2id(*, memory_kib: int, passes: int) -> PasswordHasher:
    return PasswordHasher(
        time_cost=passes, memory_cost=memory_kib, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
    )


def matches(hasher: PasswordHasher, password_hash: str, password: str | bytes) -> bool | None:
    """Whether they belong together; None where the one is no hash. Raises VerificationError where that is not known."""
    try:
        return hasher.verify(password_hash, password)
    except VerifyMismatchError:
        return False
    except InvalidHashError:
        return None
    except VerificationError as error:
        if str(error) == "Decoding failed":
            return None
        raise  # memory is short, for one: that says nothing about the password


if __name__ == "__main__":
    main()
