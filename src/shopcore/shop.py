"""The shop: one object, its departments, and nothing else to know."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from shopcore.accounts.ports import Passwords, Tokens
from shopcore.accounts.use_cases import Accounts
from shopcore.audit.use_cases import Auditor
from shopcore.carts.batch import CartBatch
from shopcore.carts.use_cases import Carts
from shopcore.catalog.imports import Imports
from shopcore.catalog.use_cases import Catalog
from shopcore.checkout.use_cases import Checkout
from shopcore.clock import Clock, MakeId, utc_now
from shopcore.errors import NotFound, Unavailable
from shopcore.ids import Uuid7
from shopcore.inventory.use_cases import Inventory
from shopcore.limits.use_cases import Limits
from shopcore.orders.use_cases import Orders
from shopcore.policy import Policy
from shopcore.removals.use_cases import Removals
from shopcore.store import Store
from shopcore.upkeep import Upkeep

T = TypeVar("T")


class Shop:
    """A shop over a store. All methods are synchronous and may be called from any thread.

    `clock` gives aware UTC times; `make_id` unique texts. `passwords` and `tokens` are needed for accounts only: a
    program with users of its own names each cart's owner by any text. `replica` shows what `store` held some moments
    ago, see `at_replica`.
    """

    def __init__(
        self,
        store: Store,
        *,
        policy: Policy | None = None,
        clock: Clock = utc_now,
        make_id: MakeId | None = None,
        passwords: Passwords | None = None,
        tokens: Tokens | None = None,
        replica: Store | None = None,
    ) -> None:
        policy = policy or Policy()
        make_id = make_id or Uuid7()
        batch = CartBatch(store, clock, make_id, policy)
        self.store = store
        self.policy = policy
        self.accounts = Accounts(store, clock, make_id, policy, passwords, tokens)
        self.catalog = Catalog(store, clock, make_id, policy)
        self.imports = Imports(store, clock, make_id, policy)
        self.inventory = Inventory(store, clock, make_id, policy)
        self.carts = Carts(store, batch)
        self.checkout = Checkout(batch)
        self.orders = Orders(store, clock, policy)
        self.removals = Removals(store)
        self.limits = Limits(store, clock)
        self.auditor = Auditor(store)
        self.upkeep = Upkeep(store, clock, make_id, policy)
        self._replica = Shop(replica, policy=policy, clock=clock, make_id=make_id) if replica else None

    def at_replica(self, look: Callable[[Shop], T]) -> T:
        """What `look` sees, which may be some moments old; as of now where the shop has no replica.

        For pages and reports, never for what a decision rests on. `look` may be called twice: what the replica does not
        know yet, or cannot tell now, is looked up in the shop itself.
        """
        if self._replica is not None:
            with suppress(NotFound, Unavailable):
                return look(self._replica)
        return look(self)

    def close(self) -> None:
        """Close the store, and its replica."""
        if self._replica is not None:
            self._replica.close()
        self.store.close()
