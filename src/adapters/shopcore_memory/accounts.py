from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from shopcore.accounts.model import RefreshToken, Session, User
from shopcore.errors import LostRace
from shopcore.paging import Page, PageRequest
from shopcore_memory.paging import cut
from shopcore_memory.state import State


class MemoryUsers:
    def __init__(self, state: State) -> None:
        self._state = state

    def get(self, user_ids: Iterable[str]) -> dict[str, User]:
        return self._state.users.some(user_ids)

    def by_name(self, names: Iterable[str]) -> dict[str, User]:
        ids = self._state.names.some(names)
        users = self._state.users.some(ids.values())
        return {name: users[user_id] for name, user_id in ids.items()}

    def lock(self, user_ids: Iterable[str]) -> dict[str, User]:
        return self.get(user_ids)

    def page(self, page: PageRequest) -> Page[User]:
        return cut(sorted(self._state.users.values(), key=lambda user: (user.created_at, user.id)), page)

    def add(self, users: Sequence[User]) -> None:
        for user in users:
            if user.id in self._state.users:
                raise LostRace
            self._name(user)
            self._state.users.put(user.id, user)

    def save(self, users: Sequence[User]) -> None:
        for user in users:
            old = self._state.users.some([user.id])[user.id]
            if old.name_folded is not None and old.name_folded != user.name_folded:
                self._state.names.drop(old.name_folded)
            if old.name_folded != user.name_folded:
                self._name(user)
            self._state.users.put(user.id, user)

    def _name(self, user: User) -> None:
        if user.name_folded is None:
            return
        if user.name_folded in self._state.names:
            raise LostRace
        self._state.names.put(user.name_folded, user.id)


class MemorySessions:
    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, session: Session, token: RefreshToken) -> None:
        self._state.sessions.put(session.id, session)
        self._state.tokens.put(token.token_hash, token)

    def callers(self, session_ids: Iterable[str]) -> dict[str, tuple[Session, User]]:
        sessions = self._state.sessions.some(session_ids)
        users = self._state.users.some(session.user_id for session in sessions.values())
        return {session.id: (session, users[session.user_id]) for session in sessions.values()}

    def standing(self, session_ids: Iterable[str], now: datetime) -> dict[str, str]:
        found = self.callers(session_ids).values()
        return {session.id: user.id for session, user in found if session.live(now) and user.status == "active"}

    def lock_token(self, token_hash: str) -> tuple[RefreshToken, Session] | None:
        token = self._state.tokens.get(token_hash)
        if token is None:
            return None
        return token, self._state.sessions.some([token.session_id])[token.session_id]

    def exchange(self, token_hash: str, at: datetime, successor: RefreshToken) -> None:
        token = self._state.tokens.get(token_hash)
        if token is None or token.used_at is not None:
            raise LostRace
        session = self._state.sessions.some([token.session_id])[token.session_id]
        self._state.tokens.put(token_hash, replace(token, used_at=at))
        self._state.tokens.put(successor.token_hash, successor)
        self._state.sessions.put(session.id, replace(session, expires_at=successor.expires_at))

    def end(self, session_ids: Iterable[str], at: datetime) -> None:
        for session in self._state.sessions.some(session_ids).values():
            if session.ended_at is None:
                self._state.sessions.put(session.id, replace(session, ended_at=at))

    def end_all(self, user_id: str, at: datetime, *, except_session: str | None = None) -> None:
        mine = [session.id for session in self._state.sessions.values() if session.user_id == user_id]
        self.end((session_id for session_id in mine if session_id != except_session), at)

    def forget(self, before: datetime, *, limit: int) -> int:
        old = [session.id for session in self._state.sessions.values() if session.expires_at < before]
        over = set(old[:limit])
        with_them = [token.token_hash for token in self._state.tokens.values() if token.session_id in over]
        for session_id in over:
            self._state.sessions.drop(session_id)
        for token_hash in with_them:
            self._state.tokens.drop(token_hash)
        expired = [token.token_hash for token in self._state.tokens.values() if token.expires_at < before][:limit]
        for token_hash in expired:
            self._state.tokens.drop(token_hash)
        return len(over) + len(expired)
