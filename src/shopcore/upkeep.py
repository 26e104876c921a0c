"""What a shop does by itself, whoever calls: take back what is held too long, and forget what is over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shopcore.clock import Clock, MakeId
from shopcore.inventory.sweeping import sweep
from shopcore.policy import Policy
from shopcore.store import Store, Transaction
from shopcore.turn import Turn

BATCH = 500
"""Keys, sessions or tallies that one transaction forgets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """What one round did: carts that lost overdue holds, and what was forgotten.

    `sessions` counts single refresh tokens too, `tallies` what limits no longer have to remember.
    """

    carts: int = 0
    keys: int = 0
    sessions: int = 0
    tallies: int = 0

    def __bool__(self) -> bool:
        return bool(self.carts or self.keys or self.sessions or self.tallies)


class Upkeep:
    """A shop is right without it, as an add takes back overdue holds of its item; with it, it is also tidy.

    Any number of programs may do it at the same time: each passes over what the others are at.
    """

    def __init__(self, store: Store, clock: Clock, make_id: MakeId, policy: Policy) -> None:
        self._store = store
        self._clock = clock
        self._make_id = make_id
        self._policy = policy

    def run_once(self) -> Tidied:
        """Do all that is due, in small transactions, so that shoppers never wait long for it.

        Raises StoreUnavailable, StoreBusy; what was done until then stays done.
        """
        return Tidied(
            carts=self._all(self._sweep),
            keys=self._all(self._forget_keys),
            sessions=self._all(self._forget_sessions),
            tallies=self._all(self._forget_tallies),
        )

    def _all(self, some: Callable[[Transaction], int]) -> int:
        total = 0
        while done := self._store.write(some):
            total += done
        return total

    def _sweep(self, tx: Transaction) -> int:
        turn = Turn(now=self._clock(), actor="system:sweep", policy=self._policy, make_id=self._make_id)
        return sweep(tx, turn)

    def _forget_keys(self, tx: Transaction) -> int:
        return tx.keys.forget(self._clock() - self._policy.keys_kept, limit=BATCH)

    def _forget_sessions(self, tx: Transaction) -> int:
        return tx.sessions.forget(self._clock(), limit=BATCH)

    def _forget_tallies(self, tx: Transaction) -> int:
        return tx.tallies.forget(self._clock(), limit=BATCH)
