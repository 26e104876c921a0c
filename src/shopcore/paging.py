"""Pages of a total order: what is asked for, and what is answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shopcore.errors import InvalidInput

T = TypeVar("T")
MAX_LIMIT = 100
MAX_PAGE = 10**15
"""Far past the end of anything, and its offset is an integer of 64 bits yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """The `page`-th (1-based) run of `limit` rows. A limit above 100 is clamped; below 1 raises InvalidInput."""

    page: int = 1
    limit: int = 20

    def __post_init__(self) -> None:
        if not 1 <= self.page <= MAX_PAGE:
            raise InvalidInput("page", f"must be between 1 and {MAX_PAGE}")
        if self.limit < 1:
            raise InvalidInput("limit", "must be at least 1")
        object.__setattr__(self, "limit", min(self.limit, MAX_LIMIT))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page; `total` counts the rows of all pages."""

    items: Sequence[T]
    page: int
    limit: int
    total: int

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // self.limit))
