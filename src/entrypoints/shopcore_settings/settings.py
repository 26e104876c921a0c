"""Every setting of shopcore, read from SHOPCORE_* once, checked, and frozen."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from shopcore_settings.values import (
    Reader,
    count,
    currency,
    duration,
    log_level,
    networks,
    one_of,
    secret,
    segment,
    some_of,
    switch,
    text,
    web_address,
    without_password,
)

PREFIX = "SHOPCORE_"
_TESTS = "SHOPCORE_TEST_"
_DATA = "SHOPCORE_DATA"
"""Names that tell the tests where their server and the sample data are; they configure no shop."""

_SECRETS = ("jwt_secret",)
_LATER = ("guest_carts", "unlisted_items", "dialects", "reservation_url")
"""Settings that are checked but ask for what this version does not have."""

T = TypeVar("T")


class ConfigurationError(Exception):
    """The settings cannot be used as they are; `problems` has one line for each thing to put right."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems: Sequence[str] = problems


def _setting(default: T, reader: Reader, says: str) -> T:
    value: T = field(default=default, repr=reader not in (secret, text), metadata={"reader": reader, "says": says})
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The effective settings. The environment's names are these in upper case, with SHOPCORE_ before them.

    Minutes and days may be fractions. `hold_minutes` of 0: held stock never expires. `rate_limit` (requests a
    minute and caller) and `login_limit` (failed logins a quarter of an hour and username) of 0: no limit.
    `trusted_proxies`, addresses and networks, are the proxies in front of the shop: behind one that is not named all
    strangers share the proxy's address, and its limit.
    """

    database_url: str = _setting("sqlite:///shopcore.db", text, "where the shop is kept")
    replica_url: str | None = _setting(None, text, "its PostgreSQL replica, where pages and reports are read")
    jwt_secret: str | None = _setting(None, secret, "signs access tokens; or give JWT_SECRET_FILE")
    currency: str = _setting("EUR", currency, "of prices given without one")
    hold_minutes: float = _setting(15.0, duration(0, 525_600), "stock is held so long; 0 is for ever")
    hold_cap_minutes: float = _setting(60.0, duration(0.001, 525_600), "and at most so long in all")
    items_path: str = _setting("items", segment, "what the catalog is called under /api")
    signup: str = _setting("open", one_of("open", "closed"), "may strangers make accounts")
    guest_carts: bool = _setting(False, switch, "may callers without a token own a cart")
    unlisted_items: str = _setting("refuse", one_of("refuse", "create"), "names nobody listed, in a basket")
    dialects: tuple[str, ...] = _setting(("orders", "basket"), some_of("orders", "basket"), "older surfaces")
    reservation_url: str | None = _setting(None, web_address, "the outside reservation service")
    public_url: str | None = _setting(None, web_address, "this shop, as its clients reach it")
    access_minutes: float = _setting(60.0, duration(0.05, 1440), "life of an access token")
    refresh_days: float = _setting(30.0, duration(0.0001, 3650), "life of a refresh token")
    cancel_minutes: float = _setting(30.0, duration(0, 525_600), "an order's owner may cancel it so long")
    rate_limit: int = _setting(6000, count(0, 10_000_000), "requests a minute and caller; 0 is no limit")
    login_limit: int = _setting(20, count(0, 1_000_000), "failed logins in 15 minutes and username")
    trusted_proxies: tuple[str, ...] = _setting((), networks, "whose X-Forwarded-For tells where a stranger comes from")
    log_level: str = _setting("info", log_level, "debug, info, warning or error")
    log_format: str = _setting("text", one_of("text", "json"), "text or json")

    def masked(self) -> dict[str, Any]:
        """The settings by their names in the environment, fit to be printed: no secret, no password."""
        shown = {setting.name: getattr(self, setting.name) for setting in fields(self)}
        shown["database_url"] = without_password(self.database_url)
        shown["replica_url"] = self.replica_url and without_password(self.replica_url)
        for name in _SECRETS:
            shown[name] = "***" if shown[name] else None
        return {PREFIX + name.upper(): value for name, value in shown.items()}

    def without_effect(self) -> list[str]:
        """Names of the settings that were changed and that this version does not follow yet."""
        changed = [setting for setting in fields(self) if getattr(self, setting.name) != setting.default]
        return [PREFIX + setting.name.upper() for setting in changed if setting.name in _LATER]


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`. Raises ConfigurationError with every problem at once."""
    given = {name: raw for name, raw in environ.items() if _ours(name)}
    known = {PREFIX + setting.name.upper(): setting for setting in fields(Settings)}
    problems = [_unknown(name, known) for name in given if _base(name) not in known]
    values: dict[str, Any] = {}
    for name, setting in known.items():
        try:
            raw = _raw(name, setting, given)
            if raw is not None:
                values[setting.name] = setting.metadata["reader"](raw)
        except ValueError as error:
            problems.append(f"{name} {error}")
    if problems:
        raise ConfigurationError(*sorted(problems))
    return Settings(**values)


def describe() -> dict[str, str]:
    """What each setting is for, by its name in the environment."""
    return {
        PREFIX + setting.name.upper(): setting.metadata["says"]
        + (" (no effect in this version)" if setting.name in _LATER else "")
        for setting in fields(Settings)
    }


def _ours(name: str) -> bool:
    return name.startswith(PREFIX) and not name.startswith(_TESTS) and name != _DATA


def _base(name: str) -> str:
    """The setting that `name` gives: a secret may also come in a file."""
    bare = name.removesuffix("_FILE")
    return bare if bare.removeprefix(PREFIX).lower() in _SECRETS else name


def _unknown(name: str, known: Mapping[str, object]) -> str:
    bare = [other.removeprefix(PREFIX) for other in (*known, f"{PREFIX}JWT_SECRET_FILE")]
    near = difflib.get_close_matches(name.removeprefix(PREFIX).upper(), bare, n=1, cutoff=0.5)
    return f"{name} is no setting of shopcore" + (f"; did you mean {PREFIX}{near[0]}?" if near else "")


def _raw(name: str, setting: Field[Any], given: Mapping[str, str]) -> str | None:
    """What was written for a setting, wherever it was written. Raises ValueError for a file of no use."""
    raw, path = given.get(name), given.get(f"{name}_FILE")
    if setting.name not in _SECRETS or path is None:
        return raw
    if raw is not None:
        raise ValueError(f"and {name}_FILE are both given; give one of them")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ValueError(f"cannot be read from {path!r} ({name}_FILE): {reason}") from None
