"""How each kind of setting is written. A reader gives the value, or raises ValueError saying what it must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from typing import Any
from urllib.parse import SplitResult, urlsplit

from shopcore.errors import InvalidInput
from shopcore.money import decimals

Reader = Callable[[str], Any]

_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_SEGMENT = re.compile(r"[a-z][a-z0-9-]{0,39}")
_TAKEN = (
    *("auth", "campaigns", "cart", "carts", "my-orders", "offers", "order", "orders", "products", "promo-codes"),
    *("refresh", "removed-items", "reservations", "users"),
)
"""First segments under /api that belong to something else than the catalog."""


def text(raw: str) -> str:
    if not raw:
        raise ValueError("must not be empty")
    return raw


def switch(raw: str) -> bool:
    if raw not in ("true", "false"):
        raise ValueError("must be true or false")
    return raw == "true"


def one_of(*words: str) -> Reader:
    def read(raw: str) -> str:
        if raw not in words:
            raise ValueError(f"must be {' or '.join(words)}")
        return raw

    return read


def some_of(*words: str) -> Reader:
    """Words with commas between; nothing at all means none of them."""

    def read(raw: str) -> tuple[str, ...]:
        chosen = [word.strip() for word in raw.split(",")] if raw.strip() else []
        if not set(chosen) <= set(words):
            raise ValueError(f"must be empty or name, with commas between, some of: {', '.join(words)}")
        return tuple(word for word in words if word in chosen)

    return read


def count(least: int, most: int) -> Reader:
    def read(raw: str) -> int:
        if not _PLAIN.fullmatch(raw) or "." in raw or not least <= int(raw) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(raw)

    return read


def duration(least: float, most: float) -> Reader:
    """Minutes or days; fractions are allowed."""

    def read(raw: str) -> float:
        if not _PLAIN.fullmatch(raw) or not least <= float(raw) <= most:
            raise ValueError(f"must be a number from {least:g} to {most:g}")
        return float(raw)

    return read


def secret(raw: str) -> str:
    """One secret, or several with blanks or line breaks between, the one that signs first."""
    if not raw.split() or any(len(each.encode()) < 32 for each in raw.split()):
        raise ValueError("must have at least 32 bytes; `openssl rand -hex 32` makes one")
    return raw


def currency(raw: str) -> str:
    try:
        decimals(raw)
    except InvalidInput as error:
        raise ValueError(error.reason) from None
    return raw


def segment(raw: str) -> str:
    if not _SEGMENT.fullmatch(raw) or raw in _TAKEN:
        raise ValueError("must be one lower-case path segment, such as tickets, that no other endpoint uses")
    return raw


def web_address(raw: str) -> str:
    try:
        parts = urlsplit(raw)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        good = False
    if not good:
        raise ValueError("must be an http:// or https:// address")
    return raw.rstrip("/")


def networks(raw: str) -> tuple[str, ...]:
    """Addresses and networks with commas between; nothing at all means none."""
    try:
        return tuple(str(ip_network(each.strip())) for each in raw.split(",")) if raw.strip() else ()
    except ValueError:
        raise ValueError("must be empty or name, with commas between, networks such as 10.0.0.0/8") from None


def log_level(raw: str) -> str:
    return str(one_of("debug", "info", "warning", "error")(raw.lower()))


def without_password(address: str) -> str:
    """A database address that may be printed."""
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        login = parts.netloc.rpartition("@")[0].partition(":")
    except ValueError:
        return "***"
    masked = f"{login[0]}:***@" if login[1] else f"{login[0]}@" if login[0] else ""
    query = re.sub(r"(?i)\b(password|passfile|sslpassword)=[^&]*", r"\1=***", parts.query)
    # urlunsplit would turn sqlite:///file into sqlite:/file
    return _joined(parts, masked + host, query) if "://" in address else "***"


def _joined(parts: SplitResult, netloc: str, query: str) -> str:
    return f"{parts.scheme}://{netloc}{parts.path}" + (f"?{query}" if query else "")
