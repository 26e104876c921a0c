"""One declaration for each endpoint: what it takes, whom it is for, what it may refuse. The rest follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler

from shopcore.errors import (
    InProgress,
    InvalidInput,
    InvalidToken,
    KeyReused,
    RoleRequired,
    ShopError,
    StaleVersion,
    StoreBusy,
    StoreUnavailable,
)
from shopcore_http.arguments import served
from shopcore_http.door import SIGNED_IN, Access, TokenRequired

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What the OpenAPI document and the door know of a handler, which has it as `opt["endpoint"]`.

    `allow`: the roles that may, None for anybody. `query`: the Struct that the handler gets as `asked`. `keyed`: it
    honours Idempotency-Key; `versioned`: If-Match, and it answers with ETag. `media`: what it answers with instead
    of JSON. `also`: other successful statuses than `status`, and what they mean. `counted`: it counts towards its
    caller's rate limit. An endpoint without a `tag` is not in the document.
    """

    function: Callable[..., Any]
    name: str
    summary: str
    tag: str
    status: int
    allow: Access
    refuses: tuple[type[ShopError], ...]
    query: type[msgspec.Struct] | None
    keyed: bool
    versioned: bool
    media: tuple[str, ...]
    also: tuple[tuple[int, str], ...]
    counted: bool

    @property
    def may_lag(self) -> bool:
        """Whether it is answered from a replica, where the shop has one."""
        return "replica" in self.function.__annotations__

    @property
    def changes_cart(self) -> bool:
        """Whether it is gathered with the other commands on carts."""
        return self.versioned

    @property
    def checks_login_later(self) -> bool:
        """Whether its login is checked with the command, in one transaction, and not at the door before it."""
        return "login" in self.function.__annotations__

    @property
    def takes_body(self) -> bool:
        return "data" in self.function.__annotations__

    @property
    def errors(self) -> list[type[ShopError]]:
        """Every error that the endpoint may answer with, its own ones first."""
        errors = [*self.refuses]
        if self.takes_body or self.query or self.keyed or self.versioned:
            errors.append(InvalidInput)
        if self.allow is not None:
            errors += [TokenRequired, InvalidToken, RoleRequired]
        if self.versioned:
            errors.append(StaleVersion)
        if self.keyed:
            errors += [KeyReused, InProgress]
        return list(dict.fromkeys([*errors, StoreBusy, StoreUnavailable]))


class Guarded(HTTPRouteHandler):
    """A handler that shows itself to its guards; Litestar makes each request a copy of it for that."""

    async def authorize_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        for guard in self.resolve_guards():
            await guard(connection, self)  # type: ignore[misc]


def endpoint(
    verb: Verb,
    path: str,
    *,
    allow: Access,
    summary: str,
    tag: str,
    status: int = 200,
    refuses: Sequence[type[ShopError]] = (),
    query: type[msgspec.Struct] | None = None,
    keyed: bool = False,
    versioned: bool = False,
    media: Sequence[str] = (),
    also: dict[int, str] | None = None,
    counted: bool = True,
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """Make a handler of a function; see Endpoint for what the options say."""

    def declare(function: Callable[..., Any]) -> HTTPRouteHandler:
        declared = Endpoint(
            function=function,
            name=function.__name__,
            summary=summary,
            tag=tag,
            status=status,
            allow=allow,
            refuses=tuple(refuses),
            query=query,
            keyed=keyed,
            versioned=versioned,
            media=tuple(media),
            also=tuple((also or {}).items()),
            counted=counted,
        )
        if declared.checks_login_later and allow is not SIGNED_IN:
            raise TypeError(f"{declared.name} is not for all who are signed in: the door must look at their roles")
        handler = Guarded(
            path,
            http_method=verb,
            status_code=status,
            opt={"endpoint": declared},
        )
        return handler(served(function, path, query))

    return declare
