"""What staff do with users. `user` is a user's id or username everywhere, and `actor` says who did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from shopcore.accounts import rules
from shopcore.accounts.facts import RoleSet, UserDisabled, UserErased
from shopcore.accounts.model import Account, Role, User
from shopcore.accounts.office import Office
from shopcore.carts.closing import abandon
from shopcore.carts.model import Cart
from shopcore.errors import AccountErased, UserNotFound
from shopcore.facts import CartFact
from shopcore.paging import Page, PageRequest
from shopcore.record import record
from shopcore.store import Transaction
from shopcore.turn import Turn


class Staff(Office):
    def create(
        self,
        username: str,
        password: str,
        *,
        role: Role,
        actor: str,
        display_name: str | None = None,
        email: str | None = None,
    ) -> Account:
        """Add a user of any role, also where sign-up is closed. Raises UsernameTaken, InvalidInput."""
        return self._add(username, password, display_name=display_name, email=email, role=role, actor=actor).value

    def list(self, page: PageRequest) -> Page[Account]:
        """All users, erased ones included, oldest first."""
        with self._store.read() as tx:
            found = tx.users.page(page)
        accounts = [user.account for user in found.items]
        return Page(items=accounts, page=found.page, limit=found.limit, total=found.total)

    def find(self, user: str) -> Account:
        """Raises UserNotFound."""
        with self._store.read() as tx:
            return _named(tx, user).account

    def get(self, user_ids: Iterable[str]) -> dict[str, Account]:
        """Accounts by id; unknown ids are left out."""
        with self._store.read() as tx:
            return {user_id: user.account for user_id, user in tx.users.get(user_ids).items()}

    def set_role(self, user: str, role: Role, *, actor: str) -> Account:
        """Give the user another role; it counts from his next request on. Raises UserNotFound, AccountErased."""
        rules.refuse_faults({"role": rules.role_fault(role)})
        return self._store.write(lambda tx: self._set_role(tx, user, role, actor, self._clock())).account

    def disable(self, user: str, *, actor: str) -> Account:
        """Let the user in no more: his sessions end. Again: nothing. Raises UserNotFound, AccountErased."""
        return self._store.write(lambda tx: self._disable(tx, user, actor, self._clock())).account

    def erase(self, user: str, *, actor: str) -> Account:
        """Forget the person: his cart is closed, its stock given back, his sessions end, his fields are blank.

        Orders and removals stay, and name nobody. Erasing again changes nothing; a user who is erased can be named
        by his id only. Raises UserNotFound.
        """
        return self._store.write(lambda tx: self._erase(tx, user, actor, self._clock())).account

    def _set_role(self, tx: Transaction, name: str, role: Role, actor: str, now: datetime) -> User:
        user = _locked(tx, name)
        changed = replace(user, role=role)
        if changed != user:
            tx.users.save([changed])
            operation = self._make_id()
            record(
                tx,
                [RoleSet(operation=operation, at=now, actor=actor, user_id=user.id, old=user.role, new=role)],
            )
        return changed

    def _disable(self, tx: Transaction, name: str, actor: str, now: datetime) -> User:
        user = _locked(tx, name)
        changed = replace(user, status="disabled")
        if changed != user:
            tx.users.save([changed])
            tx.sessions.end_all(user.id, now)
            record(tx, [UserDisabled(operation=self._make_id(), at=now, actor=actor, user_id=user.id)])
        return changed

    def _erase(self, tx: Transaction, name: str, actor: str, now: datetime) -> User:
        user_id = _named(tx, name).id
        if (cart := tx.carts.lock([user_id]).get(user_id)) is not None:
            self._close(tx, cart, actor, now)
        user = tx.users.lock([user_id])[user_id]
        if user.status == "erased":
            return user
        erased = user.erased()
        tx.users.save([erased])
        tx.sessions.end_all(user_id, now)
        record(tx, [UserErased(operation=f"{user_id}/erased", at=now, actor=actor, user_id=user_id)])
        return erased

    def _close(self, tx: Transaction, cart: Cart, actor: str, now: datetime) -> None:
        tx.stock.lock(line.item_id for line in cart.lines.values() if line.hold)
        turn = Turn(now=now, actor=actor, policy=self._policy, make_id=self._make_id)
        facts: list[CartFact] = []
        for fact in abandon(cart, tx.items.sellables(cart.lines), turn):
            cart = cart.after(fact)
            facts.append(fact)
        record(tx, facts, {cart.id: cart})


def _named(tx: Transaction, name: str) -> User:
    """By id first: a username that looks like somebody else's id must not stand for him."""
    if user := tx.users.get([name]).get(name):
        return user
    folded = rules.folded(name)
    user = tx.users.by_name([folded]).get(folded) if folded is not None else None
    if user is None:
        raise UserNotFound(name)
    return user


def _locked(tx: Transaction, name: str) -> User:
    """The user locked, for a change that an erased one cannot have."""
    user_id = _named(tx, name).id
    user = tx.users.lock([user_id])[user_id]
    if user.status == "erased":
        raise AccountErased(name)
    return user
