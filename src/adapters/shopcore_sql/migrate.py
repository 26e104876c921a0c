"""Bringing a database to the version that this program works with."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection

from shopcore.errors import StoreOutdated
from shopcore_sql.engine import make_engine

UPGRADE = "run: shopcore db upgrade"


def upgrade(url: URL) -> tuple[str, str]:
    """Upgrade to the newest version; gives the versions before and after ("" for an empty database).

    Two programs that upgrade at once take turns. Raises StoreOutdated where the database is newer than the program.
    """
    engine = make_engine(url, pool_size=1, statement_timeout_ms=0)
    if url.get_backend_name() == "sqlite":
        engine = engine.execution_options(shopcore_writes=True)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7236113)")  # any number, only ours
            before = version(connection)
            _require_known(before)
            command.upgrade(_config(connection), "head")
            return before, version(connection)
    finally:
        engine.dispose()


def version(connection: Connection) -> str:
    """The version that the database is at, "" where it is empty."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def newest() -> str:
    """The version that this program works with."""
    return ScriptDirectory.from_config(_config(None)).get_current_head() or ""


def require_current(connection: Connection) -> None:
    """Raise StoreOutdated unless the database is at the newest version."""
    found, needed = version(connection), newest()
    _require_known(found)
    if found != needed:
        raise StoreOutdated(found or "nothing", needed, UPGRADE)


def _require_known(found: str) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config(None)).walk_revisions()}
    if found and found not in known:
        raise StoreOutdated(found, newest(), "it was made by a newer shopcore: upgrade the program")


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config
