"""JSON text, read strictly: what cannot be kept as it was written is refused, every fault at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, NoReturn, TypeAlias

from shopcore.errors import InvalidInput
from shopcore.text import storable

MAX_DEPTH = 32
MAX_DIGITS = 40
MAX_FAULTS = 100
MAX_PATH = 200
"""So many faults are told, each with so much of its place: an answer must not be larger than the question by far."""

SHORT = 18
"""A number of so many characters, without an exponent, is within all bounds."""

INT64 = range(-(2**63), 2**63)
Faults = list[dict[str, str]]
Place: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


class _Fault:
    """Stands in a parsed tree for a value that may not be there."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _whole(text: str) -> int | _Fault:
    if len(text) > 20 or int(text) not in INT64:
        return _Fault("is beyond 64 bits")
    return int(text)


def _fraction(text: str) -> Decimal | _Fault:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return _Fault("is no number that can be kept exactly")
    if len(text) > MAX_DIGITS or abs(number.adjusted()) > MAX_DIGITS:
        return _Fault("is no number that can be kept exactly")
    return number


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                members[key] = _Fault("is given more than once")
            seen.add(key)
    return members


class _Odd(Exception):
    """The quick parser met something that the thorough one has to look at."""


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Odd
    return members


def _short_whole(text: str) -> int:
    if len(text) > SHORT:
        raise _Odd
    return int(text)


def _short_fraction(text: str) -> Decimal:
    if len(text) > SHORT or "e" in text or "E" in text:
        raise _Odd
    return Decimal(text)


def _constant(name: str) -> NoReturn:
    raise _Odd


_THOROUGH = json.JSONDecoder(
    object_pairs_hook=_members,
    parse_int=_whole,
    parse_float=_fraction,
    parse_constant=lambda name: _Fault(f"is {name}, which is no JSON"),
)
_QUICK = json.JSONDecoder(
    object_pairs_hook=_distinct, parse_int=_short_whole, parse_float=_short_fraction, parse_constant=_constant
)


def parse(raw: bytes) -> Any:
    """The value of a JSON text; a number with a point or an exponent is a Decimal.

    Raises InvalidInput with a hundred faults at most: not UTF-8, not JSON, nested too deeply, a key twice, a number
    that JSON lacks or that cannot be kept, a character that no store takes.
    """
    try:
        text = raw.decode()
        if b"\\u" not in raw and raw.count(b"[") + raw.count(b"{") <= MAX_DEPTH:
            with suppress(_Odd):  # no character escapes the parser's own checks, unless it comes as \\u
                return _QUICK.decode(text)
        tree = _THOROUGH.decode(text)
    except UnicodeDecodeError as error:
        raise InvalidInput("body", f"is not UTF-8 (at byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise InvalidInput("body", f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise InvalidInput("body", "is nested too deeply") from None
    refuse(list(islice(_faults(tree, ()), MAX_FAULTS)))
    return tree


def refuse(faults: Faults) -> None:
    """Raise one InvalidInput for all of `faults`, if there are any."""
    if faults:
        raise InvalidInput(faults[0]["field"], faults[0]["reason"], errors=faults)


def _faults(value: Any, place: Place) -> Iterator[dict[str, str]]:
    if isinstance(value, _Fault):
        yield fault(_path(place), value.reason)
    elif isinstance(value, str) and not storable(value):
        yield fault(_path(place), "holds a character that cannot be stored")
    elif isinstance(value, dict | list) and len(place) >= MAX_DEPTH:
        yield fault("body", "is nested too deeply")
    elif isinstance(value, dict):
        for key, member in value.items():
            if not storable(key):
                yield fault(_path(place), "has a key with a character that cannot be stored")
            yield from _faults(member, (*place, key))
    elif isinstance(value, list):
        for index, member in enumerate(value):
            yield from _faults(member, (*place, index))


def _path(place: Place) -> str:
    """`a.b[3]`, cut off where it gets long: the keys are the client's, and so is their length."""
    path = ""
    for step in place:
        path += f"[{step}]" if isinstance(step, int) else f".{step[:MAX_PATH]}" if path else step[:MAX_PATH]
        if len(path) >= MAX_PATH:
            break
    return path[:MAX_PATH]


def fault(path: str, reason: str) -> dict[str, str]:
    return {"field": path.encode("utf-8", "replace").decode() or "body", "reason": reason}
