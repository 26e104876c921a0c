"""A shop as the settings describe it. Nothing else in shopcore imports an adapter.

Each adapter is imported when it is needed: not every installation has all of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from shopcore.clock import Clock, MakeId, utc_now
from shopcore.errors import NotConfigured
from shopcore.policy import Policy
from shopcore.rehearsal import Rehearsal
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_settings.settings import ConfigurationError, Settings

IN_MEMORY = "memory://"
_EXTRAS = {"sqlalchemy": "sql", "alembic": "sql", "psycopg": "postgres", "argon2": "security", "jwt": "security"}
"""Which extra brings a module."""


def open_shop(
    settings: Settings,
    *,
    migrate: bool | None = None,
    logins: bool = True,
    rehearse: bool = False,
    served: bool = False,
    clock: Clock = utc_now,
    make_id: MakeId | None = None,
) -> Shop:
    """Open the shop; close it when done.

    An empty or older SQLite database is brought up to date first, any other only with `migrate`. Without `logins`
    nobody can log in, and no signing secret is needed. `rehearse`: whatever is done is undone at once. `served`:
    many are, so that passwords are hashed in a process apart. Raises ConfigurationError where a setting is of no use
    here, StoreUnavailable and StoreOutdated where the database is.
    """
    with explained():
        store = _open_store(settings, migrate=migrate)
        try:
            from shopcore_security import Argon2Passwords, JwtTokens  # noqa: PLC0415

            return Shop(
                Rehearsal(store) if rehearse else store,
                policy=policy(settings),
                clock=clock,
                make_id=make_id,
                passwords=Argon2Passwords(apart=served),
                tokens=JwtTokens(_signing_secrets(settings)) if logins else None,
                replica=None if rehearse else _open_replica(settings, store),
            )
        except BaseException:
            store.close()
            raise


@contextmanager
def explained() -> Iterator[None]:
    """Raise as ConfigurationError what is not configured or not installed."""
    try:
        yield
    except NotConfigured as error:
        raise ConfigurationError(str(error)) from None
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").partition(".")[0])
        if extra is None:
            raise
        raise ConfigurationError(f"{error.name} is not installed; run: pip install 'shopcore[{extra}]'") from None


def policy(settings: Settings) -> Policy:
    """The shop's rules, as far as they are settings."""
    return Policy(
        currency=settings.currency,
        hold_time=timedelta(minutes=settings.hold_minutes),
        hold_cap=timedelta(minutes=settings.hold_cap_minutes),
        cancel_window=timedelta(minutes=settings.cancel_minutes),
        signup_open=settings.signup == "open",
        access_time=timedelta(minutes=settings.access_minutes),
        refresh_time=timedelta(days=settings.refresh_days),
    )


def _open_store(settings: Settings, *, migrate: bool | None) -> Store:
    if settings.database_url == IN_MEMORY:
        from shopcore_memory import MemoryStore  # noqa: PLC0415

        return MemoryStore()
    from shopcore_sql import SqlStore  # noqa: PLC0415

    return SqlStore(settings.database_url, migrate=migrate)


def _open_replica(settings: Settings, store: Store) -> Store | None:
    if settings.replica_url is None:
        return None
    from shopcore_sql import SqlReplica, SqlStore  # noqa: PLC0415

    if not isinstance(store, SqlStore):
        raise NotConfigured("a replica of a shop in memory", "leave SHOPCORE_REPLICA_URL out")
    return SqlReplica(store, settings.replica_url)


def _signing_secrets(settings: Settings) -> list[bytes]:
    """Those that were set; else one of this process, or one that lies beside the SQLite file."""
    if settings.jwt_secret:
        return [line.encode() for line in settings.jwt_secret.split()]
    if settings.database_url == IN_MEMORY:
        return [secrets.token_bytes(48)]
    if file := sqlite_file(settings):
        from shopcore_security import kept_secrets  # noqa: PLC0415

        return kept_secrets(Path(f"{file}.secret"))
    raise NotConfigured(
        "the signing of tokens", "set SHOPCORE_JWT_SECRET or SHOPCORE_JWT_SECRET_FILE, the same for every process"
    )


def sqlite_file(settings: Settings) -> Path | None:
    """The file that a shop in SQLite is kept in."""
    if not settings.database_url.startswith("sqlite:///"):
        return None
    return Path(settings.database_url.removeprefix("sqlite:///").partition("?")[0])
