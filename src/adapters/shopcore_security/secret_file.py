"""The secrets that sign tokens, in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from shopcore.errors import NotConfigured


def read_secrets(path: Path) -> list[bytes]:
    """The secrets in a file, one a line, the one to sign with first. Raises NotConfigured."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise NotConfigured("token signing", f"{path} cannot be read ({error.strerror})") from None
    found = [line.strip() for line in lines if line.strip()]
    if not found:
        raise NotConfigured("token signing", f"{path} is empty, put a secret of 32 bytes or more in it")
    return found


def kept_secrets(path: Path) -> list[bytes]:
    """The secrets in `path`; a missing file is made first, mode 0600, with a random one.

    Processes that start at once agree: the file appears complete or not at all, and only the first one's stays.
    """
    if not path.exists():
        _make(path)
    return read_secrets(path)


def _make(path: Path) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mkstemp: mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(48) + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(name, path)
        except FileExistsError:
            pass  # another process was first, and its secret counts
        finally:
            Path(name).unlink()
    except OSError as error:
        raise NotConfigured(
            "token signing", f"{path} cannot be made ({error.strerror}), give a secret instead"
        ) from None
