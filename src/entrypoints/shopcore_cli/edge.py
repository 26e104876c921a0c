"""The outermost edge: how each command ends, whatever happened to it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn, TextIO

import typer

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM
NOBODY_READS = 141
"""128 + SIGPIPE, as of any program whose reader had enough (`| head`)."""


@contextmanager
def edge() -> Iterator[None]:
    """Turn every failure that can be foreseen into a line on stderr and an exit code; a bug keeps its traceback."""
    try:
        yield
        _flush()
    except KeyboardInterrupt:
        _end("Stopped. What was done before is kept, and nothing is half done.", INTERRUPTED)
    except typer.Abort:
        _end("Stopped. Nothing was changed.", INTERRUPTED)
    except BrokenPipeError:
        _hush(sys.stdout)
        raise typer.Exit(NOBODY_READS) from None
    except Exception as error:
        if type(error).__module__.startswith("typer"):  # wrong usage, or an end that was asked for, such as --help
            raise
        from shopcore_cli.failures import failure  # it loads the whole shop

        known = failure(error)
        if known is None:
            raise
        with suppress(OSError):
            sys.stdout.flush()
        _hush(sys.stdout)
        _end(*known, cause=error)


def prepare_process() -> None:
    """End in order when asked to by SIGTERM, and never fail for what the streams are."""
    signal.signal(signal.SIGTERM, _terminated)
    sys.stdout = sys.stdout or _nowhere()  # a caller may have closed them
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w")


def _terminated(_signal: int, _frame: object) -> NoReturn:
    raise SystemExit(TERMINATED)


def _flush() -> None:
    # A full disk is often noticed only here; an exit code of 0 says that everything was written.
    sys.stdout.flush()


def _hush(stream: object) -> None:
    """Send what is still in the buffer nowhere, or Python would complain at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]
        os.close(nowhere)


def _end(words: str, code: int, *, cause: Exception | None = None) -> NoReturn:
    for line in words.splitlines():
        typer.echo(line, err=True)
    raise typer.Exit(code) from cause
