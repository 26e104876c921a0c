"""A real PgBouncer in transaction mode, in front of whatever server the tests have.

It hands each transaction to another session than the one before, has fewer sessions than a store has connections,
and a server whose clock is elsewhere: whoever relies on a session sees it.
"""

from __future__ import annotations

import configparser
import os
import pwd
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit, urlunsplit

import psycopg

from source_tree import ROOT

SESSIONS = 4
"""To each database; a store has up to 20 connections."""


class NoPgBouncer(Exception):
    """This machine has no PgBouncer, or the one it has does not start."""


def find_pgbouncer() -> Path:
    """Raises NoPgBouncer."""
    found = shutil.which("pgbouncer", path=os.pathsep.join([*os.get_exec_path(), "/usr/sbin", "/usr/local/sbin"]))
    if found is None:
        raise NoPgBouncer("this machine has no PgBouncer; your system's package manager has it (apt install pgbouncer)")
    return Path(found)


@contextmanager
def running_pgbouncer(server: str) -> Iterator[PgBouncer]:
    """In front of the PostgreSQL at the URL `server`, on a unix socket. Raises NoPgBouncer."""
    program = find_pgbouncer()
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="shopcore-pgb-", dir="/tmp"))  # short: a socket's path has at most 107 bytes
    try:
        (home / "pgbouncer.ini").write_text(_settings(server, home))
        if account:
            os.chown(home, account["user"], account["group"])
        with (home / "log").open("w") as log:
            running = subprocess.Popen([program, home / "pgbouncer.ini"], cwd=home, stdout=log, stderr=log, **account)
        try:
            bouncer = PgBouncer(server, home)
            _wait(bouncer, running)
            yield bouncer
        finally:
            running.terminate()
            running.wait(30)
    finally:
        shutil.rmtree(home, ignore_errors=True)


class PgBouncer:
    def __init__(self, server: str, home: Path) -> None:
        self._server = server
        self.home = home

    def url(self, database: str) -> str:
        """How the database at the URL `database` is reached through it."""
        name = urlsplit(database).path
        return urlunsplit(("postgresql", "shop@", name, f"host={quote(str(self.home), safe='')}&port=6432", ""))

    @property
    def said(self) -> str:
        return (self.home / "log").read_text()


def _settings(server: str, home: Path) -> str:
    parts = urlsplit(server)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    login = {
        "host": asked.get("host") or parts.hostname,
        "port": asked.get("port") or parts.port or 5432,
        "user": asked.get("user") or unquote(parts.username or ""),
        "password": asked.get("password") or unquote(parts.password or ""),
        "timezone": "Asia/Kathmandu",
    }
    words = " ".join(f"{name}='{value}'" for name, value in login.items() if value)
    settings = {
        **documented(),
        "default_pool_size": SESSIONS,
        "auth_type": "any",
        "listen_addr": "",
        "listen_port": 6432,
        "unix_socket_dir": home,
        "server_round_robin": 1,
    }
    lines = [f"{name} = {value}" for name, value in settings.items()]
    return "\n".join(["[databases]", f"* = {words}", "[pgbouncer]", *lines, ""])


def documented() -> dict[str, str]:
    """The settings that we recommend."""
    [block] = re.findall(r"```ini\n(\[databases\]\n.*?)```", (ROOT / "docs/deploying.md").read_text("utf-8"), re.DOTALL)
    settings = configparser.ConfigParser()
    settings.read_string(block)
    return dict(settings["pgbouncer"])


def _account() -> dict[str, Any]:
    """Who runs it: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _wait(bouncer: PgBouncer, running: subprocess.Popen[bytes]) -> None:
    address = bouncer.url(bouncer._server)
    for _ in range(200):
        if running.poll() is not None:
            break
        try:
            psycopg.connect(address, connect_timeout=5).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPgBouncer(f"PgBouncer does not start: {bouncer.said}")
