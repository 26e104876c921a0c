"""Passwords with argon2id, access tokens as JWTs, and the secrets that sign them."""

from shopcore_security.passwords import Argon2Passwords
from shopcore_security.secret_file import kept_secrets, read_secrets
from shopcore_security.tokens import JwtTokens

__all__ = ["Argon2Passwords", "JwtTokens", "read_secrets", "kept_secrets"]
