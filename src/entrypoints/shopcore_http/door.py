"""The door in front of every handler: who is it, may he, and not too often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from litestar.connection import ASGIConnection, Request
from litestar.datastructures import State
from litestar.handlers import BaseRouteHandler

from shopcore.accounts.model import ROLES, Caller, Role
from shopcore.accounts.use_cases import Accounts
from shopcore.errors import RoleRequired, StoreBusy, Unauthenticated
from shopcore_http.addresses import Addresses
from shopcore_http.coalesce import Coalesced
from shopcore_http.counter import Counter
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


class Door:
    """A guard for every handler of the app. A handler that does not say whom it is for lets nobody in."""

    def __init__(self, accounts: Accounts, counter: Counter, rate: RateLimit, addresses: Addresses) -> None:
        self._callers: Coalesced[str, Caller] = Coalesced(accounts.authenticate_all, counter.doorkeepers)
        self._counter = counter
        self._rate = rate
        self._addresses = addresses

    async def admit(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Raises Unauthenticated, RoleRequired, TooManyRequests or StoreBusy. Leaves the Caller in the connection."""
        if connection.scope.get("method") == "OPTIONS":
            return
        declared = handler.opt["endpoint"]
        if declared.changes_cart and self._counter.is_full:
            raise StoreBusy  # before anything is done for it: to refuse must cost far less than to serve
        roles: Access = declared.allow
        if roles is None:
            if declared.counted:
                await self._rate.take(self._addresses.of(connection))
            return
        try:
            caller = await self._caller(bearer(connection.headers.get("authorization", "")))
        except Unauthenticated:
            await self._rate.take(self._addresses.of(connection))
            raise
        await self._rate.take(caller.user_id)
        if caller.role not in roles:
            raise RoleRequired(roles)
        connection.scope["user"] = caller

    async def _caller(self, token: str) -> Caller:
        if not token:
            raise TokenRequired
        return await self._callers.ask(token)


def bearer(header: str) -> str:
    """The token of an Authorization header, empty where there is none."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
