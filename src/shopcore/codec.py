"""Values of the core as plain JSON values, and back: for the journal and for kept answers."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from shopcore.money import Money

T = TypeVar("T")
_PLAIN = frozenset({str, int, float, bool, types.NoneType})
"""What is plain already, as most values are."""


def to_plain(value: Any) -> Any:
    """`value` in dicts, lists, texts, ints, floats, booleans and None.

    Money becomes `{"amount", "currency"}`, a time ISO 8601 text (UTC, with `Z`), a Decimal text, a dataclass a dict of
    its fields.
    """
    kind = value.__class__
    return value if kind in _PLAIN else _writer(kind)(value)


@cache
def field_names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass, in order. Raises TypeError for any other type."""
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} has no plain form")
    return tuple(field.name for field in fields(kind))


def from_plain(kind: type[T], plain: Any) -> T:
    """The value of type `kind` that `to_plain` made `plain` of."""
    readers: Callable[[Any], Callable[[Any], T]] = _reader
    return readers(kind)(plain)


def may_be(kind: type[Any], plain: Any) -> bool:
    """Whether `to_plain` may have made `plain` of a `kind`: what a dataclass must have is there."""
    if not is_dataclass(kind):
        return isinstance(plain, kind)
    needed = {each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING}
    return isinstance(plain, Mapping) and needed <= plain.keys()


@cache
def _writer(kind: Any) -> Callable[[Any], Any]:
    """What makes a value of exactly this type plain."""
    if issubclass(kind, str | int | float):
        return lambda value: value
    if kind is Money:
        return lambda value: {"amount": value.amount, "currency": value.currency}
    if issubclass(kind, datetime):
        return lambda value: value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if issubclass(kind, Decimal):
        return str
    if issubclass(kind, Mapping):
        return lambda value: {str(key): to_plain(item) for key, item in value.items()}
    if issubclass(kind, Sequence | frozenset):
        return lambda value: [to_plain(item) for item in value]
    names = field_names(kind)
    return lambda value: {name: to_plain(getattr(value, name)) for name in names}


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    origin = get_origin(kind)
    if kind is datetime:
        return datetime.fromisoformat
    if kind is Decimal:
        return Decimal
    if origin in (Union, types.UnionType):
        return _optional([arm for arm in get_args(kind) if arm is not type(None)])
    if origin is tuple:
        read_item = _reader(get_args(kind)[0])
        return lambda plain: tuple(read_item(item) for item in plain)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        readers = {name: _reader(hints[name]) for name in field_names(kind)}
        return lambda plain: kind(**{name: readers[name](plain[name]) for name in plain if name in readers})
    if kind in (str, int, float, bool, Any) or origin in (Literal, Mapping, dict):
        return lambda plain: plain
    raise TypeError(f"{kind} has no plain form")


def _optional(arms: list[Any]) -> Callable[[Any], Any]:
    if len(arms) != 1:
        raise TypeError(f"only one type or None can be read back, not {arms}")
    read = _reader(arms[0])
    return lambda plain: None if plain is None else read(plain)
