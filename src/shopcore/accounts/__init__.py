"""Accounts: sign up, log in, and what staff do with users."""

from shopcore.accounts.model import (
    ROLES,
    Account,
    Caller,
    Login,
    RefreshToken,
    Role,
    Session,
    TokenPair,
    User,
    UserStatus,
)

__all__ = [
    "Account",
    "Caller",
    "Login",
    "TokenPair",
    "Role",
    "ROLES",
    "User",
    "UserStatus",
    "Session",
    "RefreshToken",
]
