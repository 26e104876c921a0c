"""What accounts need of a store and of a security adapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol

from shopcore.accounts.model import AccessClaims, RefreshToken, Session, User
from shopcore.paging import Page, PageRequest


class UserRepository(Protocol):
    def get(self, user_ids: Iterable[str]) -> dict[str, User]:
        """Users by id, whatever their status, not locked."""
        ...

    def by_name(self, names: Iterable[str]) -> dict[str, User]:
        """Users by folded name, not locked. An erased user has no name."""
        ...

    def lock(self, user_ids: Iterable[str]) -> dict[str, User]:
        """Users by id, locked until the transaction ends, in the order of their ids.

        What is decided on a locked user's status, role or password cannot be overtaken by a change of these.
        """
        ...

    def page(self, page: PageRequest) -> Page[User]:
        """All users, erased ones included, oldest first, ties by id."""
        ...

    def add(self, users: Sequence[User]) -> None:
        """Insert users. Raises LostRace where a folded name belongs to somebody already.

        Two callers who add the same name never both succeed.
        """
        ...

    def save(self, users: Sequence[User]) -> None:
        """Write users that are there, and that the transaction has locked, as they are now.

        A field that a user no longer has, a name above all, can be found nowhere afterwards.
        """
        ...


class SessionRepository(Protocol):
    """Sessions and the refresh tokens of each; locked after users where both are."""

    def add(self, session: Session, token: RefreshToken) -> None:
        """Begin a session with its first token."""
        ...

    def callers(self, session_ids: Iterable[str]) -> dict[str, tuple[Session, User]]:
        """Sessions, ended ones too, each with its user as of now, by session id; not locked. One statement."""
        ...

    def standing(self, session_ids: Iterable[str], now: datetime) -> dict[str, str]:
        """Those of the sessions that are live at `now` and whose user is active: the user of each, by session id."""
        ...

    def lock_token(self, token_hash: str) -> tuple[RefreshToken, Session] | None:
        """A refresh token, used ones too, and its session, both locked until the transaction ends."""
        ...

    def exchange(self, token_hash: str, at: datetime, successor: RefreshToken) -> None:
        """Mark a token as used, add its successor, and let their session live as long as that one.

        Guarded: of two callers who exchange the same token at most one succeeds. Raises LostRace, and nothing
        stays changed, when the token was used already or is not there.
        """
        ...

    def end(self, session_ids: Iterable[str], at: datetime) -> None:
        """End sessions; those that ended before keep their time."""
        ...

    def end_all(self, user_id: str, at: datetime, *, except_session: str | None = None) -> None:
        """End every session of a user but one, those included that other transactions are refreshing now."""
        ...

    def forget(self, before: datetime, *, limit: int) -> int:
        """Delete sessions, with all their tokens, and single tokens that expired before a time.

        At most `limit` of each; gives how many of both, not counting tokens that went with their session.
        """
        ...


class Passwords(Protocol):
    """Slow hashing of passwords. May raise TooManyLogins: the machine does only so many at a time."""

    def hash(self, password: str) -> str:
        """A salted hash that carries its own parameters."""
        ...

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether `password` is the one behind the hash.

        None, or a hash that cannot be read, stands for nobody's password: that takes the same work as any other
        and is False, so that an answer's time does not tell who exists.
        """
        ...

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than those in use."""
        ...


class Tokens(Protocol):
    """Signed access tokens. Refresh tokens need no signature: they are random, and the store knows their hash."""

    def issue_access(self, claims: AccessClaims) -> str: ...

    def read_access(self, token: str) -> AccessClaims:
        """The claims of a token that is ours, an access token, and not expired. Raises InvalidToken otherwise."""
        ...
