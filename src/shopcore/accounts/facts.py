"""What staff must be able to trace about accounts. None of it says who the person is."""

from __future__ import annotations

from dataclasses import dataclass

from shopcore.accounts.model import Role
from shopcore.facts import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFact(Fact):
    user_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAdded(AccountFact):
    kind = "user_added"
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSet(AccountFact):
    kind = "role_set"
    old: Role
    new: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDisabled(AccountFact):
    kind = "user_disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserErased(AccountFact):
    kind = "user_erased"
