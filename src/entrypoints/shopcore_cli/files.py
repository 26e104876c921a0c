"""Files that a command reads and writes, and how far it is with them."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TypeVar, cast

T = TypeVar("T")
STANDARD = Path("-")
"""Stands for stdin or stdout."""


@contextmanager
def reading(path: Path, words: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, or of stdin for `-`; on a terminal a bar shows how much of it has been read."""
    if path == STANDARD:
        yield sys.stdin.buffer
        return
    with path.open("rb") as file:
        if not sys.stderr.isatty():
            yield file
            return
        from rich.console import Console
        from rich.progress import wrap_file

        size = path.stat().st_size
        with wrap_file(file, size, description=words, console=Console(stderr=True), transient=True) as watched:
            yield watched


@contextmanager
def blaming(path: Path, aftermath: Callable[[], str] = str) -> Iterator[None]:
    """Raise Failed, naming the file, where a reader finds that it cannot be read; `aftermath` says what that means."""
    from shopcore.errors import InvalidInput
    from shopcore_cli.failures import Failed

    try:
        yield
    except InvalidInput as error:
        if error.field != "file":
            raise
        raise Failed(f"{path} {error.reason}{aftermath()}") from error


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Somewhere to write bytes to: stdout for `-`, else a file that has its name only once it is complete.

    A file of that name is replaced then, and left as it is when anything goes wrong before.
    """
    if path == STANDARD:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = path.resolve()  # a link stays a link
    if target.exists() and not target.is_file():
        with target.open("wb") as device:
            yield device
        return
    unfinished = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
        unfinished.replace(target)
    except BaseException as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename == str(unfinished):
            error.filename = str(path)
        raise


def watched(rows: Iterable[T], total: int, words: str) -> Iterable[T]:
    """`rows`, with a bar on a terminal that shows how many of `total` have gone by."""
    if not sys.stderr.isatty():
        return rows
    from rich.console import Console
    from rich.progress import track

    return cast("Iterable[T]", track(rows, words, total, console=Console(stderr=True), transient=True))
