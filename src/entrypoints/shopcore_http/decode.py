"""From a parsed JSON tree to what a handler takes: nothing is converted, and every field that does not fit is told."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from shopcore_http.strict_json import Faults, fault, parse, refuse

T = TypeVar("T")
_LONG_NUMBER = re.compile(rb"\d{19}")
_UNFIT = object()
"""Stands for a value that has a fault."""


def read_json(kind: type[T], raw: bytes) -> T:
    """`read` of what `parse` makes of a JSON text.

    A text with as many colons as there are fields, all of which are required, can neither repeat a key nor have another
    one; without an escape it can hide no character, and without a long number none that is too large. Then msgspec,
    which is as strict with the rest, may read it at once: ten times as fast.
    """
    struct: Any = kind
    colons, quick = _quick(struct)
    if quick is not None and raw.count(b":") == colons and b"\\" not in raw and not _LONG_NUMBER.search(raw):
        try:
            value: T = quick.decode(raw)
            return value
        except msgspec.DecodeError:
            pass  # the thorough way tells all that is wrong with it
    return read(kind, parse(raw))


def read(kind: type[T], tree: Any) -> T:
    """`tree` as a `kind`, a msgspec Struct. Raises InvalidInput with every field that does not fit.

    Nothing is converted: a text is no number, 1.0 is no whole number, a number is no text. A field of type Decimal
    takes any JSON number. Unknown keys are ignored, unless the Struct has a field `attributes` to keep them in. A
    Struct may have a static method `further_faults(values)`, which is shown what fits so far.
    """
    struct: Any = kind
    if _is_plain(struct):
        try:
            return msgspec.convert(tree, kind, strict=True, builtin_types=(Decimal,))
        except msgspec.ValidationError:
            pass  # it names the first fault only, or a whole number where a Decimal is wanted
    faults: Faults = []
    value = _struct(kind, tree, "", faults)
    refuse(faults)
    result: T = value
    return result


def _struct(kind: Any, tree: Any, path: str, faults: Faults) -> Any:
    if not isinstance(tree, dict):
        faults.append(fault(path, "must be an object"))
        return _UNFIT
    before = len(faults)
    values: dict[str, Any] = {}
    known = _known(kind)
    for name, info in known.items():
        if name in tree:
            value = _field(info, tree[name], f"{path}.{name}" if path else name, faults)
            if value is not _UNFIT:
                values[info.name] = value
        elif info.required:
            faults.append(fault(f"{path}.{name}" if path else name, "is required"))
    if "attributes" in kind.__struct_fields__:
        values["attributes"] = {key: value for key, value in tree.items() if key not in known}
    if (further := getattr(kind, "further_faults", None)) is not None:
        told = {each["field"] for each in faults}
        faults += [each for each in further(values) if each["field"] not in told]
    return kind(**values) if len(faults) == before else _UNFIT


@cache
def _quick(kind: Any) -> tuple[int, msgspec.json.Decoder[Any] | None]:
    """How many fields a Struct has, and what reads it at once; None if it is not flat, or has fields to leave out."""
    own = fields(kind)
    flat = {arm for info in own for arm in arms(info.type)} <= {str, int, bool}
    quick = flat and _is_plain(kind) and all(info.required for info in own)
    return len(own), msgspec.json.Decoder(kind) if quick else None


@cache
def _is_plain(kind: Any) -> bool:
    """Whether msgspec alone reads it as it must be read, if nothing is wrong with it."""
    inner = [arm for info in fields(kind) for arm in arms(info.type) if hasattr(arm, "__struct_fields__")]
    special = "attributes" in kind.__struct_fields__ or hasattr(kind, "further_faults")
    return not special and all(map(_is_plain, inner))


@cache
def _known(kind: type[msgspec.Struct]) -> Mapping[str, FieldInfo]:
    return {info.encode_name: info for info in fields(kind) if info.name != "attributes"}


def _field(info: FieldInfo, value: Any, path: str, faults: Faults) -> Any:
    kinds = arms(info.type)
    if type(None) in kinds and value is None:
        return None
    for arm in kinds:
        if isinstance(arm, type) and issubclass(arm, msgspec.Struct):
            return _struct(arm, value, path, faults)
    if Decimal in kinds and type(value) is int:
        value = Decimal(value)
    try:
        return convert(value, info.type)
    except msgspec.ValidationError as error:
        faults.append(_told(error, path, info.type))
        return _UNFIT


def convert(value: Any, kind: Any) -> Any:
    """`value` if it is a `kind` and within its bounds; raises msgspec.ValidationError otherwise."""
    return msgspec.convert(value, _settable(kind), strict=True, builtin_types=(Decimal,))


@cache
def arms(kind: Any) -> tuple[Any, ...]:
    """The types that a field may have, without what is annotated to them."""
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(arm for part in get_args(kind) for arm in arms(part))
    return arms(get_args(kind)[0]) if hasattr(kind, "__metadata__") else (kind,)


@cache
def _settable(kind: Any) -> Any:
    """`kind` without UNSET, which stands for a field that was left out."""
    if get_origin(kind) not in (Union, types.UnionType) or msgspec.UnsetType not in get_args(kind):
        return kind
    return Union[tuple(part for part in get_args(kind) if part is not msgspec.UnsetType)]  # noqa: UP007


_WORDS = {
    "int": "a whole number",
    "str": "a text",
    "decimal": "a number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "datetime": "a time",
}
_QUOTED = re.compile(r"`([^`]*)`")


def _told(error: msgspec.ValidationError, path: str, kind: Any) -> dict[str, str]:
    """A fault in the words of this API: `must be a whole number, not a text`."""
    reason, _, where = str(error).partition(" - at `$")
    words = [arg for arm in arms(kind) if get_origin(arm) is not None for arg in get_args(arm) if isinstance(arg, str)]
    if reason.startswith("Invalid enum value") and words:
        return fault(path, f"must be one of {', '.join(words)}")
    reason = _QUOTED.sub(lambda found: " or ".join(_WORDS.get(w, w) for w in found[1].split(" | ")), reason)
    reason = reason.replace("Expected", "must be").replace(", got", ", not")
    reason = reason.replace(", not a number", ", not a number with a point or an exponent")
    return fault(path + where.rstrip("`"), reason[0].lower() + reason[1:])
