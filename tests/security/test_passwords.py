"""Passwords: right, wrong, unreadable, and only so many at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from argon2 import PasswordHasher, extract_parameters

from shopcore.errors import TooManyLogins
from shopcore_security import Argon2Passwords
from shopcore_security.passwords import spare_processors

PASSWORD = "correct horse battery staple"


def cheap(**options: int | float) -> Argon2Passwords:
    return Argon2Passwords(memory_kib=8, passes=1, **options)  # type: ignore[arg-type]


def test_a_password_is_known_again_and_no_other_is() -> None:
    passwords = Argon2Passwords()

    kept = passwords.hash(PASSWORD)

    assert passwords.verify(kept, PASSWORD)
    assert not passwords.verify(kept, PASSWORD + " ")
    assert not passwords.verify(kept, "")
    assert PASSWORD not in kept


def test_the_same_password_twice_looks_different() -> None:
    passwords = cheap()
    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


def test_the_cost_is_at_least_what_owasp_asks() -> None:
    made = extract_parameters(Argon2Passwords().hash(PASSWORD))

    assert (made.type.name, made.version) == ("ID", 19)
    assert made.memory_cost >= 19 * 1024
    assert made.time_cost >= 2
    assert (made.parallelism, made.salt_len, made.hash_len) == (1, 16, 32)


@pytest.mark.parametrize("kept", [None, "", "$argon2id$v=19$m=8,t=1,p=1$short", "$2b$12$abcdefghijklmnopqrstuv", "x"])
def test_a_hash_of_nobody_is_nobodys_password(kept: str | None) -> None:
    assert not cheap().verify(kept, PASSWORD)


def test_a_decoy_costs_what_a_real_hash_costs() -> None:
    passwords = Argon2Passwords()
    decoy, real = extract_parameters(passwords._decoy), extract_parameters(passwords.hash(PASSWORD))
    assert decoy == real


def test_a_hash_with_other_parameters_is_to_be_renewed() -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    passwords = Argon2Passwords()
    assert passwords.verify(weaker, PASSWORD)
    assert passwords.needs_rehash(weaker)
    assert not passwords.needs_rehash(passwords.hash(PASSWORD))


def test_one_processor_is_left_to_others() -> None:
    assert spare_processors() >= 1


def test_no_more_passwords_are_hashed_at_once_than_allowed() -> None:
    passwords = cheap(at_once=2)
    seen = Watched(passwords)

    with ThreadPoolExecutor(12) as threads:
        done = list(threads.map(passwords.hash, [PASSWORD] * 40))

    assert len(set(done)) == 40
    assert 1 <= seen.most <= 2


def test_whoever_would_wait_too_long_is_told_so() -> None:
    passwords = cheap(at_once=1, patience=0.01)

    with busy(passwords), pytest.raises(TooManyLogins):
        passwords.hash(PASSWORD)

    assert passwords.hash(PASSWORD)


def test_whoever_finds_the_queue_full_is_told_so_at_once() -> None:
    passwords = cheap(at_once=1, waiting=0, patience=3600)

    with busy(passwords), pytest.raises(TooManyLogins):
        passwords.verify(None, PASSWORD)

    assert not passwords.verify(None, PASSWORD)


class Watched:
    """Counts how many threads hash at the same time."""

    def __init__(self, passwords: Argon2Passwords) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()
        self._hash: Callable[[str], str] = passwords._hasher.hash
        passwords._hasher = self  # type: ignore[assignment]

    def hash(self, password: str) -> str:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._hash(password)
        finally:
            with self._lock:
                self._now -= 1


@contextmanager
def busy(passwords: Argon2Passwords) -> Iterator[None]:
    """Somebody is being hashed, for as long as it takes."""
    begun, enough = threading.Event(), threading.Event()

    def stay() -> None:
        with passwords._turn():
            begun.set()
            enough.wait()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(stay)
        begun.wait()
        try:
            yield
        finally:
            enough.set()
