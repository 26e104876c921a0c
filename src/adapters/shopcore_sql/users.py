"""Users in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from shopcore.accounts.model import User
from shopcore.paging import Page, PageRequest
from shopcore_sql.guards import lost_race_on_conflict
from shopcore_sql.paging import fetch_page
from shopcore_sql.schema import users
from shopcore_sql.types import one_of, texts

_GET = select(users).where(one_of(users.c.id, texts("ids")))
_LOCK = _GET.order_by(users.c.id).with_for_update()
_BY_NAME = select(users).where(one_of(users.c.name_folded, texts("names")))
_PAGE = select(users).order_by(users.c.created_at, users.c.id)
_ADD = insert(users)
_SAVE = (
    update(users)
    .where(users.c.id == bindparam("key"))
    .values({column.name: bindparam(f"new_{column.name}") for column in users.c if column.name != "id"})
)


class SqlUsers:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_ids: Iterable[str]) -> dict[str, User]:
        return {row.id: read_user(row) for row in self._connection.execute(_GET, {"ids": user_ids})}

    def by_name(self, names: Iterable[str]) -> dict[str, User]:
        return {row.name_folded: read_user(row) for row in self._connection.execute(_BY_NAME, {"names": names})}

    def lock(self, user_ids: Iterable[str]) -> dict[str, User]:
        return {row.id: read_user(row) for row in self._connection.execute(_LOCK, {"ids": user_ids})}

    def page(self, page: PageRequest) -> Page[User]:
        return fetch_page(self._connection, _PAGE, page, read_user)

    def add(self, users: Sequence[User]) -> None:
        with lost_race_on_conflict():
            self._connection.execute(_ADD, [_user_row(user) for user in users])

    def save(self, users: Sequence[User]) -> None:
        rows = [{f"new_{name}": value for name, value in _user_row(user).items()} for user in users]
        with lost_race_on_conflict():
            self._connection.execute(_SAVE, [{"key": row.pop("new_id"), **row} for row in rows])


def read_user(row: Iterable[Any]) -> User:
    # By position: it is read for every request, and looking up nine names takes longer than all else.
    user_id, username, folded, display_name, email, role, password_hash, status, created_at = row
    return User(
        id=user_id,
        username=username,
        name_folded=folded,
        display_name=display_name,
        email=email,
        role=role,
        password_hash=password_hash,
        status=status,
        created_at=created_at,
    )


def _user_row(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "username": user.username,
        "name_folded": user.name_folded,
        "display_name": user.display_name,
        "email": user.email,
        "role": user.role,
        "password_hash": user.password_hash,
        "status": user.status,
        "created_at": user.created_at,
    }
