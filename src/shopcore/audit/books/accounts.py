"""Books of users and sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from shopcore.accounts.model import User, UserStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class UserBook:
    """One user, and how many users have that name."""

    user: User
    namesakes: int

    @property
    def subject(self) -> str:
        return f"user {self.user.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBook:
    """One session, its user's status, and its refresh tokens: the hash of each, and whether it was used."""

    session_id: str
    ended: bool
    user_status: UserStatus | None
    tokens: Mapping[str, bool]

    @property
    def subject(self) -> str:
        return f"session {self.session_id}"
