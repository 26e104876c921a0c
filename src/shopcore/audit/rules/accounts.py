"""Rules A1 to A4 and R3: names, secrets and sessions."""

from __future__ import annotations

import re

from shopcore.audit.books import SessionBook, UserBook
from shopcore.audit.model import Rules
from shopcore.text import fold_name

_PASSWORD_HASH = re.compile(r"\$[a-z0-9-]+\$\S{16,}")
"""The PHC string format of password hashes: `$argon2id$v=19$…`."""

_TOKEN_HASH = re.compile(r"[0-9a-f]{64}")


def name_is_the_users_own(book: UserBook) -> str | None:
    user = book.user
    if user.name_folded is None:
        return None if user.status == "erased" else "has no name"
    if user.name_folded != fold_name(user.username):
        return f"{user.username} is compared as {user.name_folded}"
    return None if book.namesakes == 1 else f"{book.namesakes} users are called {user.name_folded}"


def password_is_hashed(book: UserBook) -> str | None:
    if book.user.status == "erased" or _PASSWORD_HASH.fullmatch(book.user.password_hash):
        return None
    return "what is kept of the password is no hash"


def erased_user_is_nobody(book: UserBook) -> str | None:
    if book.user.status != "erased" or book.user == book.user.erased():
        return None
    return "was erased, but still says who it was"


def refresh_token_has_one_heir(book: SessionBook) -> str | None:
    unused = sum(not used for used in book.tokens.values())
    return f"{unused} of its refresh tokens can be exchanged" if unused > 1 else None


def session_needs_an_active_user(book: SessionBook) -> str | None:
    return None if book.ended or book.user_status == "active" else f"goes on, but its user is {book.user_status}"


def refresh_tokens_are_hashed(book: SessionBook) -> str | None:
    bare = sum(_TOKEN_HASH.fullmatch(token) is None for token in book.tokens)
    return f"{bare} of its refresh tokens are kept as they are" if bare else None


USERS: Rules[UserBook] = (
    ("A3", name_is_the_users_own),
    ("A4", password_is_hashed),
    ("R3", erased_user_is_nobody),
)
SESSIONS: Rules[SessionBook] = (
    ("A1", refresh_token_has_one_heir),
    ("A2", session_needs_an_active_user),
    ("A4", refresh_tokens_are_hashed),
)
