"""Bringing a database to the version that this program works with."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect

from shopcore.errors import NotAShop, StoreOutdated
from shopcore_sql.engine import make_engine, parse
from shopcore_sql.failures import explain

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).with_name("migrations")
UPGRADE = "run: shopcore db upgrade"
_OURS = {"alembic_version", "items"}
"""Tables that a shop of any version has."""


def look(address: str) -> str:
    """The version of the database at `address`, "" where it is empty or not there yet; nothing is changed.

    Raises NotConfigured, StoreUnavailable.
    """
    url = parse(address)
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    if _is_missing(url):
        return ""
    try:
        with explain(), engine.begin() as connection:
            return version(connection)
    finally:
        engine.dispose()


def path_from(found: str) -> tuple[str, ...]:
    """The versions that lie between `found` and the newest, that one included; none where `found` is unknown."""
    return tuple(each for each in versions() if each > found) if found in ("", *versions()) else ()


def bring_up(address: str, *, rehearse: bool = False) -> tuple[str, str]:
    """Upgrade the database at `address`; see `upgrade`. `rehearse`: go the whole way and undo it.

    Raises NotConfigured, StoreUnavailable, StoreBusy, StoreOutdated.
    """
    url = parse(address)
    with explain():
        if rehearse and _is_missing(url):
            make_engine(url, pool_size=1, statement_timeout_ms=0)  # has something to say if there cannot be any
            with TemporaryDirectory() as folder:
                return upgrade(url.set(database=f"{folder}/rehearsal.db"))
        return upgrade(url, rehearse=rehearse)


def upgrade(url: URL, *, rehearse: bool = False) -> tuple[str, str]:
    """Upgrade to the newest version; gives the versions before and after ("" for an empty database).

    Two programs that upgrade at once take turns. Raises StoreOutdated where the database is newer than the program.
    """
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    writer = engine.execution_options(shopcore_writes=True)
    try:
        with engine.begin() as connection:
            before = version(connection)
            if before == newest():
                return before, before
        # Only now: a server whose database is up to date does not need it, nor the ten MB that it takes.
        from alembic import command  # noqa: PLC0415

        with writer.connect() as connection, connection.begin() as transaction:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236113)")  # any number, only ours
            before = version(connection)
            _require_known(before)
            command.upgrade(_config(connection), "head")
            after = version(connection)
            if rehearse:
                transaction.rollback()
            return before, after
    finally:
        engine.dispose()


def require_no_others(url: URL) -> None:
    """Raise NotAShop where a SQLite file has tables and none of a shop: a mistyped path must not be made one.

    Nothing is changed, not even how the file is written to.
    """
    path = Path(url.database or "")
    if not path.is_file():
        return
    with suppress(sqlite3.Error):  # who opens it in earnest will say what is wrong with it
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        with closing(connection):
            rows = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            tables = {name for (name,) in rows}
        if tables - _OURS and not tables >= _OURS:
            others = min(tables - _OURS)
            raise NotAShop(f"it has tables of another program ({others}); to add the shop's to them, {UPGRADE}")


def version(connection: Connection) -> str:
    """The version that the database is at, "" where it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or ""


@cache
def versions() -> tuple[str, ...]:
    """All versions, oldest first; the name of each migration's file begins with its own."""
    return tuple(sorted(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")))


def newest() -> str:
    """The version that this program works with."""
    return versions()[-1]


def require_current(connection: Connection) -> None:
    """Raise StoreOutdated unless the database is at the newest version."""
    found, needed = version(connection), newest()
    _require_known(found)
    if found != needed:
        raise StoreOutdated(found or "nothing", needed, UPGRADE)


def _require_known(found: str) -> None:
    if found and found not in versions():
        raise StoreOutdated(found, newest(), "it was made by a newer shopcore: upgrade the program")


def _is_missing(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def _config(connection: Connection) -> Config:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
