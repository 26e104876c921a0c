"""The shop that a command works on, and who works on it."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from shopcore_cli.screen import say

if TYPE_CHECKING:
    from shopcore.clock import Clock, MakeId
    from shopcore.shop import Shop


@contextmanager
def the_shop(
    *, make: bool = False, dry_run: bool = False, clock: Clock | None = None, make_id: MakeId | None = None
) -> Iterator[Shop]:
    """The shop of the settings, ready for use, closed afterwards.

    A SQLite file that is not there yet is only made by commands that `make` one by putting something in, and that is
    said: to audit a shop that a mistyped path names must not be "all is well". A dry run takes an empty shop in memory.
    Raises ConfigurationError, StoreUnavailable, StoreOutdated.
    """
    from shopcore.clock import utc_now
    from shopcore_settings import ConfigurationError, load, open_shop
    from shopcore_settings.compose import IN_MEMORY, sqlite_file

    settings = load(os.environ)
    file = sqlite_file(settings)
    missing = file is not None and not file.exists()
    if missing and not make and not dry_run:
        raise ConfigurationError(
            f"there is no shop at {file}; `shopcore db upgrade` makes one (see SHOPCORE_DATABASE_URL)"
        )
    if dry_run and missing:
        settings = replace(settings, database_url=IN_MEMORY, replica_url=None)
    shop = open_shop(
        settings,
        migrate=False if dry_run else None,
        logins=False,
        rehearse=dry_run,
        clock=clock or utc_now,
        make_id=make_id,
    )
    try:
        shop.store.ping()
        if missing:
            say(f"There is no shop at {file}: {'this is about an empty one' if dry_run else 'made an empty one'}.")
        yield shop
    finally:
        shop.close()


def shop_in_memory(clock: Clock, make_id: MakeId) -> Shop:
    """An empty shop under the same rules, for trying out; nothing of it is left."""
    from shopcore_settings import load, open_shop
    from shopcore_settings.compose import IN_MEMORY

    settings = replace(load(os.environ), database_url=IN_MEMORY, replica_url=None)
    return open_shop(settings, logins=False, clock=clock, make_id=make_id)


def acting(actor: str | None) -> str:
    """Who does it: as given, or the login of whoever runs the command. Raises InvalidInput."""
    from shopcore.text import checked

    return checked(actor if actor is not None else f"cli:{_login()}", "actor", least=1, most=200)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in this container
        return str(os.getuid())
