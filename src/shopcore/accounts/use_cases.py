"""Accounts: who shops here, and what he may change about himself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Final

from shopcore.accounts import rules
from shopcore.accounts.logins import Logins
from shopcore.accounts.model import Account, Caller, Role, User
from shopcore.accounts.staff import Staff
from shopcore.errors import InvalidInput, KeyReused, SignupClosed, UserNotFound
from shopcore.idempotency import Key
from shopcore.journal.once import Answer, once
from shopcore.store import Transaction


class Keep(Enum):
    """Stands for "leave it as it is" where None has a meaning."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP


class Accounts(Logins, Staff):
    """Users of the shop itself. A program with users of its own needs none of this: a cart's owner is any text.

    A user's id is the owner of his carts, orders and removals.
    """

    def sign_up(
        self,
        username: str,
        password: str,
        *,
        display_name: str | None = None,
        email: str | None = None,
        role: Role = "customer",
        key: Key | None = None,
    ) -> Answer[Account]:
        """Add a user, who has an active cart from then on.

        Of `key`, the fingerprint is made anew, without the password. Raises UsernameTaken, InvalidInput (with every
        fault), SignupClosed, KeyReused, TooManyLogins.
        """
        if not self._policy.signup_open:
            raise SignupClosed
        return self._add(username, password, display_name=display_name, email=email, role=role, actor=None, key=key)

    def profile(self, user_id: str) -> Account:
        """Raises UserNotFound."""
        with self._store.read() as tx:
            return _active(tx.users.get([user_id]).get(user_id), user_id).account

    def change_profile(
        self, user_id: str, *, display_name: str | Keep | None = KEEP, email: str | Keep | None = KEEP
    ) -> Account:
        """Change what is given; None takes it away. Raises InvalidInput (with every fault), UserNotFound."""
        rules.refuse_faults(
            {
                "display_name": rules.display_name_fault(_chosen(display_name, None)),
                "email": rules.email_fault(_chosen(email, None)),
            }
        )

        def work(tx: Transaction) -> Account:
            user = _active(tx.users.lock([user_id]).get(user_id), user_id)
            changed = replace(
                user, display_name=_chosen(display_name, user.display_name), email=_chosen(email, user.email)
            )
            tx.users.save([changed])
            return changed.account

        return self._store.write(work)

    def change_password(self, caller: Caller, current: str, new: str, *, key: Key | None = None) -> Answer[Account]:
        """Give the caller a new password and end all his other sessions.

        Raises InvalidInput where `current` is wrong or `new` is not acceptable, KeyReused, TooManyLogins.
        """
        rules.refuse_faults({"new_password": rules.password_fault(new)})
        with self._store.read() as tx:
            user = _active(tx.users.get([caller.user_id]).get(caller.user_id), caller.user_id)
            answered = key is not None and bool(tx.keys.find([key.scope]))
        if answered:
            return self._changed_before(user, new)
        if rules.password_fault(current) or not self._passwords.verify(user.password_hash, rules.typed(current)):
            raise _not_current()
        renewed = self._passwords.hash(rules.typed(new))
        now = self._clock()
        known = rules.without_secrets(key) if key else None

        def work(tx: Transaction) -> Answer[str]:
            return once(tx, known, str, now, lambda: _replace_password(tx, user, renewed, caller.session_id, now))

        answer = self._store.write(work, repeatable=key is not None)
        return Answer(user.account, replayed=answer.replayed)

    def _changed_before(self, user: User, new: str) -> Answer[Account]:
        """The answer to a repeated change. What it asked for must be what the password is."""
        if not self._passwords.verify(user.password_hash, rules.typed(new)):
            raise KeyReused
        return Answer(user.account, replayed=True)


def _replace_password(tx: Transaction, proven: User, renewed: str, session_id: str, now: datetime) -> str:
    user = _active(tx.users.lock([proven.id]).get(proven.id), proven.id)
    if user.password_hash != proven.password_hash:
        raise _not_current()
    tx.users.save([replace(user, password_hash=renewed)])
    tx.sessions.end_all(user.id, now, except_session=session_id)
    return user.id


def _chosen(value: str | Keep | None, current: str | None) -> str | None:
    return current if isinstance(value, Keep) else rules.tidy(value)


def _active(user: User | None, user_id: str) -> User:
    if user is None or user.status != "active":
        raise UserNotFound(user_id)
    return user


def _not_current() -> InvalidInput:
    return InvalidInput("current_password", "is not the current password")
