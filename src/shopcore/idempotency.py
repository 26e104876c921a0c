"""Idempotency keys: the same request twice has one effect and one answer.

The key, the answer and the effect are written in one transaction. A refusal changes nothing, so nothing is kept
of it, and the same key may succeed later.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from shopcore.codec import from_plain, may_be, to_plain
from shopcore.errors import InvalidInput, KeyReused

T = TypeVar("T")
MAX_KEY = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """`value` as the client gave it, scoped to `caller` and `operation`; `fingerprint` identifies the request."""

    caller: str
    operation: str
    value: str
    fingerprint: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.value) <= MAX_KEY or not all("!" <= char <= "~" for char in self.value):
            raise InvalidInput("Idempotency-Key", f"must be 1 to {MAX_KEY} visible ASCII characters")

    @property
    def scope(self) -> tuple[str, str, str]:
        return (self.caller, self.operation, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The first definite answer to a key. `answer` is the use case's result as plain JSON values."""

    caller: str
    operation: str
    value: str
    fingerprint: str
    answer: Any
    at: datetime

    @classmethod
    def to(cls, key: Key, answer: Any, at: datetime) -> Answered:
        """What is kept of `answer`, a value of the core."""
        return cls(
            caller=key.caller,
            operation=key.operation,
            value=key.value,
            fingerprint=key.fingerprint,
            answer=to_plain(answer),
            at=at,
        )

    @property
    def scope(self) -> tuple[str, str, str]:
        return (self.caller, self.operation, self.value)

    def again(self, key: Key, kind: type[T]) -> T:
        """The answer, a `kind`, to who asks again. Raises KeyReused where the key came back with another request."""
        if self.fingerprint != key.fingerprint or not may_be(kind, self.answer):
            raise KeyReused
        return from_plain(kind, self.answer)


def fingerprint(request: bytes) -> str:
    """A short name for a request's canonical bytes."""
    return hashlib.sha256(request).hexdigest()
