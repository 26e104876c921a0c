"""The door in front of every handler: who is it, may he, and not too often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from shopcore.accounts.model import ROLES, AccessClaims, Caller, Role
from shopcore.accounts.use_cases import Accounts
from shopcore.errors import RoleRequired, StoreBusy, Unauthenticated
from shopcore_http.addresses import Addresses
from shopcore_http.coalesce import Coalesced
from shopcore_http.counter import Counter
from shopcore_http.headers import header
from shopcore_http.limits import RateLimit

Asker: TypeAlias = Request[Caller, Any, State]
"""A request of somebody who was let in; `request.user` says who."""

Access: TypeAlias = Sequence[Role] | None
ANYBODY: Access = None
SIGNED_IN: Sequence[Role] = ROLES
SALES: Sequence[Role] = ("sales", "support", "admin")
SUPPORT: Sequence[Role] = ("support", "admin")
ADMIN: Sequence[Role] = ("admin",)


@dataclass(eq=False)
class TokenRequired(Unauthenticated):
    code = "TOKEN_REQUIRED"
    text = "this needs an access token: Authorization: Bearer ..."


class Declared(Protocol):
    """What the door asks of an endpoint; see Endpoint."""

    @property
    def allow(self) -> Access: ...
    @property
    def counted(self) -> bool: ...
    @property
    def changes_cart(self) -> bool: ...
    @property
    def checks_login_later(self) -> bool: ...


class Door:
    """A guard for every handler of the app. A handler that does not say whom it is for lets nobody in."""

    def __init__(self, accounts: Accounts, counter: Counter, rate: RateLimit, addresses: Addresses) -> None:
        self._callers: Coalesced[str, Caller] = Coalesced(accounts.authenticate_all, counter.doorkeepers)
        self._accounts = accounts
        self._counter = counter
        self._rate = rate
        self._addresses = addresses

    async def admit(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Let in whoever may, or raise what `let_in` raises."""
        if connection.scope.get("method") != "OPTIONS":
            await self.let_in(connection, handler.opt["endpoint"])

    async def let_in(self, connection: ASGIConnection[Any, Any, Any, Any], declared: Declared) -> None:
        """Raises Unauthenticated, RoleRequired, TooManyRequests or StoreBusy. Leaves the Caller in the connection.

        Where the login is checked with the command, what its token says is left instead: then only that can be wrong
        which no token tells by itself.
        """
        if declared.changes_cart and self._counter.is_full:
            raise StoreBusy  # before anything is done for it: to refuse must cost far less than to serve
        roles: Access = declared.allow
        if roles is None:
            if declared.counted:
                await self._rate.take(self._addresses.of(connection))
            return
        caller: Caller | AccessClaims
        try:
            token = bearer(header(connection, b"authorization") or "")
            caller = self._read(token) if declared.checks_login_later else await self._caller(token)
        except Unauthenticated:
            await self._rate.take(self._addresses.of(connection))
            raise
        await self._rate.take(caller.user_id)
        if isinstance(caller, Caller) and caller.role not in roles:
            raise RoleRequired(roles)
        connection.scope["user"] = caller

    def _read(self, token: str) -> AccessClaims:
        if not token:
            raise TokenRequired
        return self._accounts.read_token(token)

    async def _caller(self, token: str) -> Caller:
        if not token:
            raise TokenRequired
        return await self._callers.ask(token)


def bearer(header: str) -> str:
    """The token of an Authorization header, empty where there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
