"""Books of users and sessions."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select

from shopcore.accounts.model import User
from shopcore.audit.books import SessionBook, UserBook
from shopcore_sql.audit.merge import Stream, by_key
from shopcore_sql.schema import refresh_tokens, sessions, users

_USERS = select(users, func.count().over(partition_by=users.c.name_folded).label("namesakes")).order_by(users.c.id)
_SESSIONS = (
    select(sessions.c.id, sessions.c.ended_at, users.c.status)
    .outerjoin(users, users.c.id == sessions.c.user_id)
    .order_by(sessions.c.id)
)
_TOKENS = select(refresh_tokens.c.session_id, refresh_tokens.c.token_hash, refresh_tokens.c.used_at).order_by(
    refresh_tokens.c.session_id
)


def user_books(stream: Stream) -> Iterator[UserBook]:
    for row in stream(_USERS):
        fields = dict(row._mapping)
        namesakes = fields.pop("namesakes")
        yield UserBook(user=User(**fields), namesakes=namesakes)


def session_books(stream: Stream) -> Iterator[SessionBook]:
    for session_id, (found, tokens) in by_key(stream(_SESSIONS), stream(_TOKENS)):
        for session in found:
            yield SessionBook(
                session_id=session_id,
                ended=session.ended_at is not None,
                user_status=session.status,
                tokens={token.token_hash: token.used_at is not None for token in tokens},
            )
