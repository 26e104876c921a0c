"""Log lines, as text or as JSON, each with the id of the request that it belongs to."""

from __future__ import annotations

import asyncio
import contextvars
import json
import logging
import logging.config
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal, TextIO, TypeAlias

Facts: TypeAlias = Mapping[str, Any]

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
"""The id of the request that is being answered; `-` outside of any."""


class TextLines(logging.Formatter):
    """`2026-01-31T12:00:00.000Z INFO shopcore.http [request id] message key=value`, on one line whatever it holds."""

    def format(self, record: logging.LogRecord) -> str:
        line = self.line(record.created, record.levelname, record.name, record.getMessage(), facts_of(record))
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def line(self, created: float, level: str, logger: str, message: str, facts: Facts) -> str:
        """One line, of what was logged at a time in seconds since 1970."""
        told = "".join([f" {name}={value}" for name, value in facts.items()])
        line = f"{time_of(created)} {level} {logger} [{request_id.get()}] {message}{told}"
        if line.isascii() and line.isprintable():
            return line
        return line.encode("ascii", "backslashreplace").decode().replace("\r", "\\r").replace("\n", "\\n")


_JSON = json.JSONEncoder(default=str)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        error = {"error": self.formatException(record.exc_info)} if record.exc_info else {}
        facts = {**facts_of(record), **error}
        return self.line(record.created, record.levelname, record.name, record.getMessage(), facts)

    def line(self, created: float, level: str, logger: str, message: str, facts: Facts) -> str:
        """The same, of what was logged at a time in seconds since 1970."""
        said = {
            "time": time_of(created),
            "level": level.lower(),
            "logger": logger,
            "request_id": request_id.get(),
            "message": message,
        }
        return _JSON.encode({**said, **facts})


class Gathered(logging.StreamHandler[TextIO]):
    """Writes to stderr; what is said in one turn of an event loop is written at once, when it is over.

    A busy server has a hundred lines a turn, and each write of its own would be a system call that hands the
    interpreter to whichever thread computes. A warning, or a line of another thread, is written at once, with all
    that came before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []
        self._turn: asyncio.AbstractEventLoop | None = None

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self.write(self.format(record), record.levelno)
        except Exception:  # as every handler does: whoever logs is not to blame for it
            self.handleError(record)

    def write(self, line: str, level: int) -> None:
        """Write a line that is ready, now or at the end of the turn."""
        self._lines.append(line + self.terminator)
        if level >= logging.WARNING or not self._later():
            self.flush()

    def flush(self) -> None:
        self.acquire()
        try:
            lines, self._lines, self._turn = self._lines, [], None
            if lines:
                self.stream.write("".join(lines))
            super().flush()
        finally:
            self.release()

    def _later(self) -> bool:
        """Whether a turn of an event loop is on, at whose end the lines are written."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        if self._turn is not loop:
            self._turn = loop
            loop.call_soon(self.flush)
        return True


def say(logger: logging.Logger, level: int, message: str, facts: Facts) -> None:
    """Log `message` with its `facts`; a busy server does it for each request.

    Where nobody listens but our own handler, the line is made at once: a record takes three times as long.
    """
    ours = logger.root.handlers[0] if len(logger.root.handlers) == 1 else None
    plain = type(ours) is Gathered and not (ours.filters or ours.level or logger.filters)
    lines = ours.formatter if plain and ours and not _heard_elsewhere(logger) else None
    if isinstance(ours, Gathered) and isinstance(lines, TextLines | JsonLines):
        ours.write(lines.line(time.time(), logging.getLevelName(level), logger.name, message, facts), level)
    else:
        logger.log(level, message, extra={"facts": facts})


def _heard_elsewhere(logger: logging.Logger) -> bool:
    """Whether a handler stands between the logger and the root."""
    while logger.parent is not None:
        if logger.handlers or not logger.propagate:
            return True
        logger = logger.parent
    return False


def time_of(created: float) -> str:
    return f"{_second(int(created))}.{int(created % 1 * 1000):03}Z"


@lru_cache(maxsize=2)
def _second(timestamp: int) -> str:
    """Many lines are of the same second."""
    return datetime.fromtimestamp(timestamp, tz=UTC).isoformat().removesuffix("+00:00")


def facts_of(record: logging.LogRecord) -> Facts:
    """What was logged as `extra={"facts": {...}}`."""
    facts: Facts = getattr(record, "facts", {})
    return facts


def configuration(level: str, style: Literal["text", "json"] | str) -> dict[str, Any]:
    """A `logging.config` dictionary for the whole process, the server's own loggers included."""
    lines = "JsonLines" if style == "json" else "TextLines"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.{lines}"}},
        "handlers": {"stderr": {"class": f"{__name__}.Gathered", "formatter": "lines"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "alembic": {"level": "WARNING"},
            "_granian": {"level": level.upper(), "handlers": [], "propagate": True},
            "granian.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def configure(level: str, style: str) -> None:
    """Log as `configuration` says. Nothing is found out for a record that no line shows."""
    logging._srcfile = None  # as the Logging HOWTO has it under "Optimization"
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.config.dictConfig(configuration(level, style))
