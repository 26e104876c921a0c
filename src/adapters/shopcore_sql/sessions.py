"""Sessions and their refresh tokens in SQL: what must happen once is a guarded change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, literal_column, select, update

from shopcore.accounts.model import RefreshToken, Session, User
from shopcore.errors import LostRace
from shopcore_sql.prepared import Prepared
from shopcore_sql.schema import refresh_tokens, sessions, users
from shopcore_sql.sets import planned_anew
from shopcore_sql.types import Moment, one_of, texts
from shopcore_sql.users import read_user

_session = [column.label(f"its_{column.name}") for column in sessions.c]
_CALLERS = Prepared(
    select(sessions, users).join(users, users.c.id == sessions.c.user_id).where(one_of(sessions.c.id, texts("ids")))
)
_STANDING = Prepared(
    select(sessions.c.id, sessions.c.user_id)
    .join(users, users.c.id == sessions.c.user_id)
    .where(
        one_of(sessions.c.id, texts("ids")),
        sessions.c.ended_at.is_(None),
        sessions.c.expires_at > bindparam("now", type_=Moment()),
        users.c.status == literal_column("'active'"),
    )
)
_BEGIN = insert(sessions)
_ADD_TOKEN = insert(refresh_tokens)
_LOCK_TOKEN = (  # the session first, as whoever deletes both does
    select(refresh_tokens, *_session)
    .select_from(sessions)
    .join(refresh_tokens, refresh_tokens.c.session_id == sessions.c.id)
    .where(refresh_tokens.c.token_hash == bindparam("token_hash"))
    .with_for_update()
)
_USE = (
    update(refresh_tokens)
    .where(refresh_tokens.c.token_hash == bindparam("key"), refresh_tokens.c.used_at.is_(None))
    .values(used_at=bindparam("at"))
)
_PROLONG = update(sessions).where(sessions.c.id == bindparam("key")).values(expires_at=bindparam("new_expires_at"))
_END = (
    update(sessions)
    .where(one_of(sessions.c.id, texts("ids")), sessions.c.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)
_END_ALL = (
    update(sessions)
    .where(
        sessions.c.user_id == bindparam("user"),
        sessions.c.ended_at.is_(None),
        sessions.c.id != bindparam("spared"),
    )
    .values(ended_at=bindparam("at"))
)
_OVER = (
    select(sessions.c.id)
    .where(sessions.c.expires_at < bindparam("before"))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_EXPIRED = (
    select(refresh_tokens.c.token_hash)
    .where(refresh_tokens.c.expires_at < bindparam("before"))
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_FORGET_SESSIONS = delete(sessions).where(one_of(sessions.c.id, texts("ids")))
_FORGET_TOKENS = delete(refresh_tokens).where(one_of(refresh_tokens.c.token_hash, texts("ids")))


class SqlSessions:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, session: Session, token: RefreshToken) -> None:
        row = {
            "id": session.id,
            "user_id": session.user_id,
            "created_at": session.created_at,
            "expires_at": session.expires_at,
            "ended_at": session.ended_at,
        }
        self._connection.execute(_BEGIN, row)
        self._connection.execute(_ADD_TOKEN, _token_row(token))

    def callers(self, session_ids: Iterable[str]) -> dict[str, tuple[Session, User]]:
        rows = _CALLERS.rows(self._connection, {"ids": session_ids})
        return {session.id: (session, user) for session, user in map(_caller, rows)}

    def standing(self, session_ids: Iterable[str], now: datetime) -> dict[str, str]:
        return dict(_STANDING.rows(self._connection, {"ids": session_ids, "now": now}))

    def lock_token(self, token_hash: str) -> tuple[RefreshToken, Session] | None:
        row = self._connection.execute(_LOCK_TOKEN, {"token_hash": token_hash}).first()
        return None if row is None else (_token(row), _held_session(row))

    def exchange(self, token_hash: str, at: datetime, successor: RefreshToken) -> None:
        if self._connection.execute(_USE, {"key": token_hash, "at": at}).rowcount != 1:
            raise LostRace
        self._connection.execute(_ADD_TOKEN, _token_row(successor))
        moved = {"key": successor.session_id, "new_expires_at": successor.expires_at}
        self._connection.execute(_PROLONG, moved)

    def end(self, session_ids: Iterable[str], at: datetime) -> None:
        self._connection.execute(_END, {"ids": session_ids, "at": at})

    def end_all(self, user_id: str, at: datetime, *, except_session: str | None = None) -> None:
        self._connection.execute(_END_ALL, {"user": user_id, "at": at, "spared": except_session or ""})

    def forget(self, before: datetime, *, limit: int) -> int:
        planned_anew(self._connection)
        which = {"before": before, "most": limit}
        over = self._connection.scalars(_OVER, which).all()
        deleted = self._connection.execute(_FORGET_SESSIONS, {"ids": over}).rowcount
        expired = self._connection.scalars(_EXPIRED, which).all()
        return deleted + self._connection.execute(_FORGET_TOKENS, {"ids": expired}).rowcount


def _caller(row: Iterable[Any]) -> tuple[Session, User]:
    session_id, user_id, began, expires_at, ended_at, *user = row
    session = Session(id=session_id, user_id=user_id, created_at=began, expires_at=expires_at, ended_at=ended_at)
    return session, read_user(user)


def _token(row: Row[Any]) -> RefreshToken:
    return RefreshToken(
        token_hash=row.token_hash,
        session_id=row.session_id,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )


def _token_row(token: RefreshToken) -> dict[str, Any]:
    return {
        "token_hash": token.token_hash,
        "session_id": token.session_id,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
    }


def _held_session(row: Row[Any]) -> Session:
    return Session(
        id=row.its_id,
        user_id=row.its_user_id,
        created_at=row.its_created_at,
        expires_at=row.its_expires_at,
        ended_at=row.its_ended_at,
    )
