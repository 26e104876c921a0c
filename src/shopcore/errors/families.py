"""What can go wrong, as facts: every error belongs to one of six families and has a code of its own.

An error names what happened and carries the facts as attributes; it knows nothing of HTTP or exit codes.
A front end maps the family (and, where it must, the class) to its own answer.
"""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any, ClassVar


class ShopError(Exception):
    """Root of everything that shopcore raises on purpose."""

    code: ClassVar[str] = "ERROR"
    text: ClassVar[str] = ""

    def __str__(self) -> str:
        return self.text.format_map({field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled by its positional arguments: facts given by name would be lost between processes.
        return partial(type(self), **{field.name: getattr(self, field.name) for field in fields(self)}), ()  # type: ignore[arg-type]

    @property
    def facts(self) -> dict[str, Any]:
        """What is known about the failure, by name, without what is absent."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return {name: value for name, value in known.items() if value is not None and value != ()}


class Invalid(ShopError):
    """The request itself makes no sense, whatever the state of the shop."""

    code = "INVALID"


class Unauthenticated(ShopError):
    """Nobody knows who is asking."""

    code = "UNAUTHENTICATED"


class Denied(ShopError):
    """The caller is known, and may not."""

    code = "DENIED"


class NotFound(ShopError):
    """There is no such thing, or it is not yours to see."""

    code = "NOT_FOUND"


class Conflict(ShopError):
    """The request makes sense, but not in the current state of the shop."""

    code = "CONFLICT"


class Unavailable(ShopError):
    """A resource is exhausted or out of reach; the same request may succeed later."""

    code = "UNAVAILABLE"
