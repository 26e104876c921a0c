"""Passwords hashed in a process of its own: the same answers, from something that may die and be missing."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shopcore_security import Argon2Passwords
from shopcore_security.apart import HashedApart
from shopcore_security.hasher import NICENESS

PASSWORD = "correct horse battery staple"


def apart(**options: int) -> Argon2Passwords:
    return Argon2Passwords(memory_kib=8, passes=1, apart=True, **options)


def helpers(passwords: Argon2Passwords) -> list[int]:
    assert passwords._apart is not None
    return [helper.pid for helper in passwords._apart._idle]


@pytest.mark.parametrize("password", [PASSWORD, "", "пароль 🛒\n\x00\u2028", "\ud800"])
def test_a_hash_made_apart_is_good_here_and_the_other_way_round(password: str) -> None:
    here, there = Argon2Passwords(memory_kib=8, passes=1), apart()

    kept = there.hash(password)

    assert there.verify(kept, password)
    assert not there.verify(kept, password + " ")
    assert not there.needs_rehash(kept)
    if password != "\ud800":
        assert here.verify(kept, password)
        assert there.verify(here.hash(password), password)


@pytest.mark.parametrize(
    "kept", [None, "", "$argon2id$v=19$m=8,t=1,p=1$short", "$2b$12$abcdefghijklmnopqrstuv", "x\ny"]
)
def test_a_hash_of_nobody_is_nobodys_password_there_either(kept: str | None) -> None:
    passwords = apart()
    assert not passwords.verify(kept, PASSWORD)
    assert len(helpers(passwords)) == 1


def test_one_process_does_it_all_and_gives_way_to_others() -> None:
    passwords = apart(at_once=1)

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(passwords.hash, [PASSWORD] * 20))

    [helper] = helpers(passwords)
    assert len(set(done)) == 20
    assert os.getpriority(os.PRIO_PROCESS, helper) == min(19, os.nice(0) + NICENESS)


def test_a_process_that_was_killed_is_replaced_and_nobody_notices() -> None:
    passwords = apart(at_once=1)
    passwords.hash(PASSWORD)
    [killed] = helpers(passwords)
    os.kill(killed, 9)

    assert passwords.verify(passwords.hash(PASSWORD), PASSWORD)

    assert helpers(passwords) != [killed]


def test_where_no_process_can_be_had_it_is_done_here_and_said(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for program in ("/nowhere/python", sys.executable):
        monkeypatch.setattr("sys.executable", program)
        monkeypatch.setattr("shopcore_security.apart.PROGRAM", Path("/nowhere/hasher.py"))
        passwords = apart()

        assert passwords.verify(passwords.hash(PASSWORD), PASSWORD)

    assert {record.levelname for record in caplog.records} == {"WARNING"}


def test_its_processes_end_with_it() -> None:
    hashed = HashedApart(memory_kib=8, passes=1)
    hashed.hash(PASSWORD)
    [helper] = [helper.pid for helper in hashed._idle]

    del hashed

    for _ in range(100):
        if not Path(f"/proc/{helper}").exists():
            return
        time.sleep(0.05)
    pytest.fail("it still runs")
