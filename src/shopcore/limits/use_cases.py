"""Limits that all processes over one store keep together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shopcore.clock import Clock
from shopcore.limits import rules
from shopcore.limits.model import Attempt, Draw, Drawn, Limit, Tally
from shopcore.store import Store, Transaction


class Limits:
    """For front ends: the shop itself limits nobody. Whoever asks names the limit, the same in every process."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def now(self) -> datetime:
        """The time that limits go by."""
        return self._clock()

    def draw(self, draws: Sequence[Draw], limit: Limit) -> list[Drawn]:
        """Take units out of the callers' shared buckets, in order, with two statements for any number of callers."""

        def work(tx: Transaction) -> list[Drawn]:
            now = self._clock()
            tallies = tx.tallies.lock({rules.bucket_of(asked.caller) for asked in draws})
            answers = []
            for asked in draws:
                subject = rules.bucket_of(asked.caller)
                full_at = tallies[subject].until if subject in tallies else None
                full_at, drawn = rules.draw(full_at, asked, limit, now)
                tallies[subject] = Tally(subject=subject, times=(), until=full_at)
                answers.append(drawn)
            tx.tallies.save(list(tallies.values()))
            return answers

        return self._store.write(work)

    def begin_login(self, username: str, limit: Limit) -> Attempt:
        """Count a login as failed before it is tried, so that many at once cannot pass the limit.

        The name need not exist. An attempt that has to wait is not counted.
        """
        subject = rules.logins_of(username)

        def work(tx: Transaction) -> Attempt:
            now = self._clock()
            tally = tx.tallies.lock([subject]).get(subject)
            counted = rules.recent(tally.times if tally else (), limit, now)
            attempt = Attempt(subject=subject, at=now, wait=rules.wait(counted, limit, now))
            if attempt.wait is None:
                times = (*counted, now)
                tx.tallies.save([Tally(subject=subject, times=times, until=max(times) + limit.period)])
            return attempt

        return self._store.write(work)

    def forgive(self, attempt: Attempt) -> None:
        """Take back the count of a login that did not fail."""

        def work(tx: Transaction) -> None:
            tally = tx.tallies.lock([attempt.subject]).get(attempt.subject)
            if tally is not None:
                tx.tallies.save([replace(tally, times=rules.without(tally.times, attempt.at))])

        self._store.write(work)
