"""The database that the settings name: which version it has, and bringing it to the one that is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shopcore_settings.compose import IN_MEMORY, explained
from shopcore_settings.settings import ConfigurationError, Settings
from shopcore_settings.values import without_password


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseStatus:
    """`version` is "" where the database is empty; `pending` are the versions on the way to the one `needed`."""

    address: str
    version: str
    needed: str
    pending: tuple[str, ...]

    @property
    def state(self) -> Literal["current", "outdated", "newer"]:
        if self.version == self.needed:
            return "current"
        return "outdated" if self.pending else "newer"


def status(settings: Settings) -> DatabaseStatus:
    """How the database stands, whatever its version; nothing is changed. Raises StoreUnavailable."""
    with explained():
        from shopcore_sql.migrate import look, newest, path_from  # noqa: PLC0415

        found = look(_address(settings))
        return DatabaseStatus(
            address=without_password(settings.database_url),
            version=found,
            needed=newest(),
            pending=path_from(found),
        )


def upgrade(settings: Settings, *, rehearse: bool = False) -> tuple[str, str]:
    """Bring the database to the version needed; gives the versions before and after. Data stays.

    `rehearse`: the whole way is gone and then undone. Raises StoreOutdated where the database is newer than the
    program, StoreUnavailable.
    """
    with explained():
        from shopcore_sql.migrate import bring_up  # noqa: PLC0415

        return bring_up(_address(settings), rehearse=rehearse)


def _address(settings: Settings) -> str:
    if settings.database_url == IN_MEMORY:
        raise ConfigurationError("a shop in memory has no database: set SHOPCORE_DATABASE_URL")
    return settings.database_url
