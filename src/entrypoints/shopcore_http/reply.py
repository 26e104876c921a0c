"""Answers: JSON with exact money, and the headers that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from litestar.response import Response

from shopcore.money import Money

T = TypeVar("T")
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: Any) -> bytes:
    """JSON bytes; a Decimal becomes a number with exactly its digits, a time UTC with Z."""
    return _ENCODER.encode(value)


def amount(money: Money) -> Decimal:
    """Money as it is on the wire: a number in major units with the currency's own decimals."""
    return money.major


class Reply(Response[T]):
    """An answer in JSON."""

    def render(self, content: Any, media_type: str, enc_hook: Any = None) -> bytes:
        return content if isinstance(content, bytes) else encode(content)


def reply(content: T, *, status: int | None = None, headers: Mapping[str, str] | None = None) -> Reply[T]:
    return Reply(content, status_code=status, headers=headers)
