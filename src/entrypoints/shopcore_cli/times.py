"""Times as people type them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import typer

_AGO = re.compile(r"([0-9]{1,6})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def since(text: str) -> datetime:
    """The first moment of what `text` names: `30d` ago, a day, or a time; UTC where it names no zone."""
    return _moment(text)


def until(text: str) -> datetime:
    """The moment before which it ends: a day is meant as a whole."""
    return _moment(text) + (timedelta(days=1) if _DAY.fullmatch(text) else timedelta(0))


def _moment(text: str) -> datetime:
    try:
        if ago := _AGO.fullmatch(text):
            return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{text!r} is no time: write 30d, 12h, 45m, 2026-01-31 or 2026-01-31T12:00:00Z"
        ) from None
