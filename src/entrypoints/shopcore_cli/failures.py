"""From errors to exit codes: the one table that knows which family of errors ends a command how."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from shopcore.errors import (
    Conflict,
    Denied,
    Invalid,
    InvalidInput,
    NotAShop,
    NotConfigured,
    NotFound,
    ShopError,
    StoreBusy,
    StoreOutdated,
    StoreUnavailable,
    Unauthenticated,
    Unavailable,
)
from shopcore_settings import ConfigurationError

FAILED, USAGE, CONFIGURATION, NOT_FOUND, CONFLICT = 1, 2, 3, 4, 5

EXIT_CODES: Mapping[type[Exception], int] = {
    Invalid: USAGE,
    Unauthenticated: FAILED,
    Denied: FAILED,
    NotFound: NOT_FOUND,
    Conflict: CONFLICT,
    Unavailable: FAILED,
    NotConfigured: CONFIGURATION,
    StoreOutdated: CONFIGURATION,
    NotAShop: CONFIGURATION,
    ConfigurationError: CONFIGURATION,
    FileNotFoundError: NOT_FOUND,
    OSError: FAILED,
    UnicodeEncodeError: USAGE,
}
"""By family, and by class where the family does not say enough; the nearest class counts."""

ADVICE: Mapping[type[Exception], str] = {
    NotAShop: "see SHOPCORE_DATABASE_URL",
    StoreBusy: "another program is writing to it; nothing was changed",
    StoreUnavailable: "see SHOPCORE_DATABASE_URL, and whether its server runs or its disk is full",
}
_EXTRAS = {"granian": "server", "litestar": "http", "msgspec": "http", "xlsxwriter": "xlsx", "pyarrow": "parquet"}
"""Which extra brings a module that a command needs."""


class Failed(Exception):
    """A command cannot do what it was asked to; the message says why, and what to do."""

    def __init__(self, words: str, code: int = FAILED) -> None:
        super().__init__(words)
        self.code = code


def failure(error: Exception) -> tuple[str, int] | None:
    """What to tell of `error`, a line for each fault, and the exit code; None for a bug of ours."""
    if isinstance(error, Failed):
        return f"Error: {error}", error.code
    if isinstance(error, ModuleNotFoundError):
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        return (
            (f"Error: {error.name} is not installed; run: pip install 'shopcore[{extra}]'", CONFIGURATION)
            if extra
            else None
        )
    kind = next((ancestor for ancestor in type(error).__mro__ if ancestor in EXIT_CODES), None)
    return None if kind is None else ("\n".join(f"Error: {line}" for line in _lines(error)), EXIT_CODES[kind])


def _lines(error: Exception) -> list[str]:
    if isinstance(error, ConfigurationError):
        return list(error.problems)
    if isinstance(error, InvalidInput) and error.errors:
        return [f"{fault['field']}: {fault['reason']}" for fault in error.errors]
    if isinstance(error, OSError):
        return [_system(error)]
    if isinstance(error, UnicodeEncodeError):
        return ["an argument is not UTF-8 text"]
    advice = next((ADVICE[ancestor] for ancestor in type(error).__mro__ if ancestor in ADVICE), None)
    said = str(error)
    return [f"{said} ({advice})" if advice and isinstance(error, ShopError) else said]


def _system(error: OSError) -> str:
    name = error.filename if isinstance(error.filename, str) else "the output"
    if error.errno == errno.ENOENT:
        return f"there is no file or folder {name}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{name} cannot be written: {error.strerror}; make room and try again"
    return f"{name}: {error.strerror or error}"
