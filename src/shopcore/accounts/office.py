"""What the departments' account desks share: their tools, and how a user comes to be."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from shopcore.accounts import rules
from shopcore.accounts.facts import UserAdded
from shopcore.accounts.model import Account, Role, User
from shopcore.accounts.ports import Passwords, Tokens
from shopcore.carts.model import Cart
from shopcore.checkout.rules import open_cart
from shopcore.clock import Clock, MakeId
from shopcore.errors import AccountErased, KeyReused, NotConfigured, UsernameTaken
from shopcore.idempotency import Key
from shopcore.journal.once import Answer, once
from shopcore.policy import Policy
from shopcore.record import record
from shopcore.store import Store, Transaction
from shopcore.turn import Turn

MakeSecret = Callable[[], str]


def random_secret() -> str:
    """256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


class Office:
    """Without `passwords` and `tokens` all works but what needs them: that raises NotConfigured."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        make_id: MakeId,
        policy: Policy,
        passwords: Passwords | None = None,
        tokens: Tokens | None = None,
        *,
        make_secret: MakeSecret = random_secret,
    ) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._policy = policy
        self._maybe_passwords = passwords
        self._maybe_tokens = tokens
        self._make_secret = make_secret

    @property
    def _passwords(self) -> Passwords:
        if self._maybe_passwords is None:
            raise NotConfigured("password hashing", "give the shop `passwords`")
        return self._maybe_passwords

    @property
    def _tokens(self) -> Tokens:
        if self._maybe_tokens is None:
            raise NotConfigured("token signing", "give the shop `tokens`")
        return self._maybe_tokens

    def _add(
        self,
        username: str,
        password: str,
        *,
        display_name: str | None,
        email: str | None,
        role: Role,
        actor: str | None,
        key: Key | None = None,
    ) -> Answer[Account]:
        display_name, email = rules.tidy(display_name), rules.tidy(email)
        rules.refuse_faults(
            {
                "username": rules.username_fault(username),
                "password": rules.password_fault(password),
                "display_name": rules.display_name_fault(display_name),
                "email": rules.email_fault(email),
                "role": rules.role_fault(role),
            }
        )
        if key is not None:
            key = rules.without_secrets(key, username=username, display_name=display_name, email=email)
        user = User(
            id=self._make_id(),
            username=username,
            name_folded=rules.folded(username),
            display_name=display_name,
            email=email,
            role=role,
            password_hash=self._passwords.hash(rules.typed(password)),
            created_at=self._clock(),
        )

        def work(tx: Transaction) -> Answer[str]:
            return once(tx, key, str, user.created_at, lambda: self._enter(tx, user, actor or user.id))

        answer = self._store.write(work, repeatable=key is not None)
        return self._added_before(answer.value, password) if answer.replayed else Answer(user.account)

    def _enter(self, tx: Transaction, user: User, actor: str) -> str:
        """Write a new user, with an active cart; what is kept of it under a key is the id, no person."""
        if user.name_folded is None or tx.users.by_name([user.name_folded]):
            raise UsernameTaken(user.username)
        turn = Turn(now=user.created_at, actor=actor, policy=self._policy, make_id=self._make_id)
        opened = open_cart(user.id, turn)
        added = UserAdded(operation=f"{user.id}/added", at=turn.now, actor=actor, user_id=user.id, role=user.role)
        record(tx, [opened, added], {opened.cart_id: Cart.opened(opened)})
        tx.users.add([user])
        return user.id

    def _added_before(self, user_id: str, password: str) -> Answer[Account]:
        """The answer to a repeated sign-up. Its password is part of the request, so it must be the same."""
        with self._store.read() as tx:
            user = tx.users.get([user_id])[user_id]
        if user.status == "erased":
            raise AccountErased(user_id)
        if not self._passwords.verify(user.password_hash, rules.typed(password)):
            raise KeyReused
        return Answer(user.account, replayed=True)
