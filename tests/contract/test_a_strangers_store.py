"""The suite as somebody else uses it: `docs/writing-a-store.md` as it stands there, in a folder of its own.

All of it passes, from the wheel, in `tests/architecture/test_wheel.py`. Here defects are planted: it must say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from documents import files_of


@dataclass(frozen=True, kw_only=True)
class Defect:
    """What goes wrong in the store, and what then fails."""

    replaced: str
    by: str
    more: str = ""
    part: str
    found_by: str
    says: str


LOADED = ("-p", "shopcore_testing.plugin")
WRITES = "return self._store.write(work, repeatable=repeatable)"
DEFECTS = {
    "a removal is lost when many are recorded": Defect(
        replaced=WRITES,
        by="return self._store.write(lambda tx: work(Forgetful(tx)), repeatable=repeatable)",
        more="""
class Forgetful:
    def __init__(self, tx):
        self._tx, self.removals = tx, ForgetfulRemovals(tx.removals)

    def __getattr__(self, name):
        return getattr(self._tx, name)


class ForgetfulRemovals:
    def __init__(self, removals):
        self._removals = removals

    def __getattr__(self, name):
        return getattr(self._removals, name)

    def add(self, removals):
        self._removals.add(removals[1:])
""",
        part="selling.removals",
        found_by="test_remove_add_remove_buy_has_a_verdict_for_each_record",
        says="was journalled, but is not recorded",
    ),
    "a lock does not lock": Defect(
        replaced="self._store, self._tell = store, tell",
        by="self._store, self._tell, store._lock = store, tell, NoLock()",
        more="""
import sys
from time import sleep

sys.setswitchinterval(1e-6)  # who has no lock is interrupted, on a quiet machine and on a busy one


class NoLock:
    def __enter__(self):
        sleep(0.001)

    def __exit__(self, *_):
        sleep(0.001)
""",
        part="races.carts",
        found_by="FAILED test_timed_store.py::races.carts::",
        says="races.carts",  # what more it says depends on who was in whose way
    ),
    "work is run again whatever went wrong": Defect(
        replaced=WRITES,
        by="""try:
                return self._store.write(work)
            except ValueError:
                return self._store.write(work)""",
        part="transactions",
        found_by="test_any_other_exception_runs_work_once[ValueError]",
        says="assert [1, 1] == [1]",
    ),
}


def run_pytest(folder: Path, *arguments: str, autoload: bool = False) -> subprocess.CompletedProcess[str]:
    """With no plugin but those that are named: other people's take four times as long to load as the suite."""
    environment = dict(os.environ) if autoload else {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project that the page shows."""
    for name, text in files_of("docs/writing-a-store.md").items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_and_said_in_words(project: Path, name: str) -> None:
    defect = DEFECTS[name]
    replace(project / "timed_store.py", defect.replaced, defect.by, more=defect.more)
    replace(project / "test_timed_store.py", "promises()", f'promises("{defect.part}")')

    done = run_pytest(project, *LOADED)

    assert done.returncode == 1, done.stdout + done.stderr
    assert defect.found_by in done.stdout
    assert defect.says in done.stdout


def replace(file: Path, old: str, new: str, *, more: str = "") -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new) + more)


def test_what_a_store_does_not_offer_is_skipped_by_name(project: Path) -> None:
    parts = '"races.processes", "transactions.failing_commits", "transactions.connections"'
    replace(project / "test_timed_store.py", "promises()", f"promises({parts})")

    done = run_pytest(project, *LOADED, "-rs")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "no `elsewhere`: races between processes are not tried" in done.stdout
    assert "no `must_be_idle`: whether connections are given back is not tried" in done.stdout
    assert "no `doom`: whether a commit that fails leaves nothing is not tried" in done.stdout


def test_a_part_that_is_not_there_is_answered_with_those_that_are(project: Path) -> None:
    replace(project / "test_timed_store.py", "promises()", 'promises("trade")')

    done = run_pytest(project, *LOADED)

    assert done.returncode != 0
    assert "no such part: trade; there are accounts.erasure," in done.stdout


def test_without_the_plugin_the_suite_fails_instead_of_proving_nothing(project: Path) -> None:
    done = run_pytest(project)

    assert done.returncode == 1, done.stdout
    assert "shopcore's pytest plugin is not loaded" in done.stdout


def test_a_run_without_the_suite_does_not_notice_the_plugin(tmp_path: Path) -> None:
    """No fixture of a common name, no library, not even the core."""
    (tmp_path / "test_own.py").write_text(
        """
import sys

def test_nothing_is_loaded():
    loaded = {name.partition(".")[0] for name in sys.modules}
    assert "shopcore_testing" in loaded
    assert not loaded & {"shopcore", "shopcore_memory", "shopcore_sql", "sqlalchemy", "hypothesis"}

def test_no_fixture_is_in_the_way(request):
    for name in ("store", "shop", "opened", "watch", "contents"):
        try:
            request.getfixturevalue(name)
        except LookupError:
            continue
        raise AssertionError(name)
"""
    )

    done = run_pytest(tmp_path, "-p", "no:hypothesispytest", "-p", "no:schemathesis", autoload=True)

    assert done.returncode == 0, done.stdout + done.stderr
