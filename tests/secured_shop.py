"""A shop that hashes and signs for real, but takes no time over it."""

from __future__ import annotations

from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_security import Argon2Passwords, JwtTokens
from shopcore_testing.accounts import Watch


def cheap() -> Argon2Passwords:
    return Argon2Passwords(memory_kib=8, passes=1, waiting=200, patience=60)


def shop_over(store: Store, watch: Watch, *, policy: Policy | None = None, replica: Store | None = None) -> Shop:
    tokens = JwtTokens([b"s" * 32], clock=watch)
    return Shop(store, clock=watch, policy=policy, passwords=cheap(), tokens=tokens, replica=replica)
