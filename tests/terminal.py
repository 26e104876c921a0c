"""The command line as it is used: in this process where that is enough, in one of its own where it is not."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from shopcore_cli.main import app

PATIENCE = 60
"""Seconds after which a process that should have ended is a failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A folder to work in, and the settings of the shop that is worked on."""

    folder: Path
    settings: dict[str, str]

    def run(self, *words: str | Path, stdin: str = "", **settings: str) -> Ended:
        """`shopcore words` in this process. What a bug raises is raised on."""
        names = {f"SHOPCORE_{name}": value for name, value in settings.items()}
        env = {**self.settings, **names}
        done = CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=env, prog_name="shopcore")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ended(code=done.exit_code, out=done.stdout, err=done.stderr)

    def document(self, *words: str | Path, **settings: str) -> Any:
        """What a command that must succeed prints with --json."""
        ended = self.run(*words, "--json", **settings)
        assert ended.code == 0, ended.err
        return ended.document

    def start(
        self, *words: str | Path, stdout: int = subprocess.PIPE, settings: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """`shopcore words` in a process of its own, which answers to Ctrl-C."""
        return subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=self.folder,
            env=self.environment(**(settings or {})),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            restore_signals=True,
            start_new_session=True,
        )

    def process(self, *words: str | Path, **settings: str) -> Ended:
        """`shopcore words` in a process of its own, to its end."""
        process = self.start(*words, settings=settings)
        out, err = process.communicate(timeout=PATIENCE)
        return Ended(code=process.returncode, out=out, err=err)

    def environment(self, **settings: str) -> dict[str, str]:
        names = {f"SHOPCORE_{name}": value for name, value in settings.items()}
        return {**os.environ, **self.settings, **names}

    def at_a_terminal(self, *words: str | Path, typed: Sequence[str] = (), columns: int = 100, **extra: str) -> Ended:
        """`shopcore words` at a terminal so wide; each of `typed` answers a question."""
        leader, follower = pty.openpty()
        env = {**self.environment(), "COLUMNS": str(columns), "TERM": "xterm", **extra}
        process = subprocess.Popen(
            [*COMMAND, *map(str, words)],
            cwd=self.folder,
            env=env,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            close_fds=True,
            start_new_session=True,
        )
        os.close(follower)
        shown = b""
        answers = [f"{answer}\n".encode() for answer in typed]
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if select.select([leader], [], [], 0.2)[0]:
                try:
                    shown += os.read(leader, 65536)
                except OSError:  # Linux's way of saying that nobody is at the other end any more
                    break
                # Not before the blank: what is typed while a password's echo is being switched off is thrown away.
                if answers and shown.endswith(b": "):
                    os.write(leader, answers.pop(0))
        os.close(leader)
        return Ended(code=process.wait(timeout=PATIENCE), out=shown.decode().replace("\r\n", "\n"), err="")


COMMAND = (sys.executable, "-m", "shopcore_cli")


def ended(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> Ended:
    """What a process leaves behind that is told to end."""
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE)
    return Ended(code=process.returncode, out=out or "", err=err)


def wait_until(true: Callable[[], bool]) -> None:
    """Come back once it is true; a failure if that takes too long."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.05)
