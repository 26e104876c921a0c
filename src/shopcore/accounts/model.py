"""Who is known to the shop: users, their sessions, and what a caller may know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

Role = Literal["customer", "support", "sales", "admin"]
UserStatus = Literal["active", "disabled", "erased"]
ROLES: Final[tuple[Role, ...]] = ("customer", "support", "sales", "admin")

PERSONAL: Final[Mapping[str, Any]] = {
    "username": "",
    "name_folded": None,
    "display_name": None,
    "email": None,
    "password_hash": "",
}
"""Every field that says who somebody is, and what it becomes when the account is erased.

The one list of its kind. Whatever else names a person does so through the user's id, never by a copy.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user as front ends may show him. `username` is empty once the account was erased."""

    id: str
    username: str
    display_name: str | None
    email: str | None
    role: Role
    status: UserStatus
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A user as he is stored. `name_folded` is the username as it is compared, unique among all users."""

    id: str
    username: str
    name_folded: str | None
    display_name: str | None = None
    email: str | None = None
    role: Role = "customer"
    password_hash: str = field(repr=False)
    status: UserStatus = "active"
    created_at: datetime

    @property
    def account(self) -> Account:
        return Account(
            id=self.id,
            username=self.username,
            display_name=self.display_name,
            email=self.email,
            role=self.role,
            status=self.status,
            created_at=self.created_at,
        )

    def erased(self) -> User:
        """The user without anything that says who it was."""
        return replace(self, status="erased", **PERSONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login, and all the tokens that descend from it: its family.

    It lives until `expires_at`, which each refresh moves on, or until it is ended.
    """

    id: str
    user_id: str
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None

    def live(self, now: datetime) -> bool:
        return self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """A right to new tokens that can be used once. The token itself is kept nowhere, only its hash."""

    token_hash: str
    session_id: str
    issued_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """What an access token says. Times are whole seconds."""

    token_id: str
    user_id: str
    session_id: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who has shown a good access token, with the role that he has now."""

    user_id: str
    username: str
    role: Role
    session_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """`expires_in` is the access token's life in seconds."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    account: Account
    tokens: TokenPair
