"""Query parameters, read strictly into a Struct: each at most once, and all that do not fit are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from msgspec.structs import FieldInfo, fields

from shopcore.errors import InvalidInput
from shopcore.text import storable
from shopcore_http.decode import arms, convert
from shopcore_http.strict_json import Faults, fault, refuse

T = TypeVar("T", bound=msgspec.Struct)
MAX_PARAMETERS = 50
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,99})")
_NUMBER = re.compile(r"[0-9]{1,13}(\.[0-9]{1,4})?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class Day(datetime):
    """A query's time that was given as a whole day: its midnight (UTC)."""

    @property
    def end(self) -> datetime:
        return datetime(self.year, self.month, self.day, tzinfo=UTC) + timedelta(days=1)


def read_query(kind: type[T], query: bytes) -> T:
    """Raises InvalidInput with every parameter that is missing, twice there, or not what it must be."""
    faults: Faults = []
    given = _given(query, faults)
    values: dict[str, Any] = {}
    for name, info in _known(kind).items():
        texts = given.get(name, [])
        if len(texts) > 1:
            faults.append(fault(name, "is given more than once"))
        elif texts:
            values[info.name] = _value(info, texts[0], name, faults)
        elif info.required:
            faults.append(fault(name, "is required"))
    refuse(faults)
    return kind(**values)


@cache
def _known(kind: type[msgspec.Struct]) -> Mapping[str, FieldInfo]:
    return {info.encode_name: info for info in fields(kind)}


def _given(query: bytes, faults: Faults) -> dict[str, list[str]]:
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except UnicodeDecodeError:
        raise InvalidInput("query", "is not percent-encoded UTF-8") from None
    except ValueError:
        raise InvalidInput("query", f"has more than {MAX_PARAMETERS} parameters") from None
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if not storable(text):
            faults.append(fault(name, "holds a character that cannot be stored"))
        given.setdefault(name, []).append(text)
    return given


def _value(info: FieldInfo, text: str, name: str, faults: Faults) -> Any:
    kinds = [arm for arm in arms(info.type) if arm is not type(None)]
    try:
        value = _reader(kinds[0])(text)
        return value if isinstance(value, datetime) else convert(value, info.type)
    except (ValueError, InvalidOperation, OverflowError, msgspec.ValidationError) as error:
        faults.append(fault(name, _reason(kinds[0], error)))
        return None


def _reader(kind: Any) -> Callable[[str], Any]:
    return _READERS.get(kind, _text)


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError
    return int(text)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return Decimal(text)


def _switch(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def _time(text: str) -> datetime:
    if _DAY.fullmatch(text):
        day = datetime.fromisoformat(text)
        return Day(day.year, day.month, day.day, tzinfo=UTC)
    if not _TIME.fullmatch(text):
        raise ValueError
    return datetime.fromisoformat(text.upper()).astimezone(UTC)


_READERS: Mapping[Any, Callable[[str], Any]] = {int: _whole, Decimal: _number, bool: _switch, datetime: _time}
_WORDS: Mapping[Any, str] = {
    int: "must be a plain whole number",
    Decimal: "must be a plain decimal number, not negative",
    bool: "must be true or false",
    datetime: "must be a day (2026-01-31) or a time (2026-01-31T12:00:00Z)",
    str: "must not be blank",
}


def _reason(kind: Any, error: Exception) -> str:
    """What the parameter must be; a bound that a good value broke is named."""
    if get_origin(kind) is Literal:
        return f"must be one of {', '.join(get_args(kind))}"
    if isinstance(error, msgspec.ValidationError):
        said = str(error).replace("Expected `int`", "must be").replace("Expected `str`", "must be a text")
        return said.partition(" - at")[0]
    return _WORDS[kind]
