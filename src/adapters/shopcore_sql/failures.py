"""What went wrong in a database, said in the shop's words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shopcore.errors import NotAShop, StoreBusy, StoreUnavailable

_COMPETITOR = {"40001", "40P01", "55P03"}
"""SQLSTATEs: serialization failure, deadlock, lock timeout."""

_SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Competitor(Exception):
    """The database broke the transaction off because of another one: nothing was done, it may be tried again."""


@contextmanager
def explain(*, retried: bool = False, repeatable: bool = False) -> Iterator[None]:
    """Raise a database's failure as StoreBusy, StoreUnavailable or NotAShop, or as Competitor for who will try again.

    A lost connection may hide a commit that was done: only `repeatable` work counts it as a Competitor.
    """
    try:
        yield
    except PoolTimeout as error:
        raise StoreBusy from error
    except DBAPIError as error:
        if _is_competitor(error) or (repeatable and error.connection_invalidated):
            raise (Competitor if retried else StoreBusy) from error
        if _sqlite_code(error) == sqlite3.SQLITE_NOTADB:
            raise NotAShop(_reason(error)) from error
        if isinstance(error, OperationalError) or error.connection_invalidated or _is_damaged(error):
            raise StoreUnavailable(_reason(error)) from error
        raise


def _is_competitor(error: DBAPIError) -> bool:
    if getattr(error.orig, "sqlstate", None) in _COMPETITOR:
        return True
    return _sqlite_code(error) in _SQLITE_BUSY


def _is_damaged(error: DBAPIError) -> bool:
    return _sqlite_code(error) == sqlite3.SQLITE_CORRUPT


def _sqlite_code(error: DBAPIError) -> int:
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF


def _reason(error: DBAPIError) -> str:
    """The first line of what the database says, which names no secret of ours."""
    return str(error.orig).strip().splitlines()[0]
