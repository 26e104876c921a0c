"""What buyers wrote down, outside of the database: what they asked before they asked, and what they were told."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from shopcore.text import number_of

What = Literal["add", "set", "remove", "buy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a buyer asks; `number` counts his requests, and names the idempotency key."""

    buyer: str
    number: int
    what: What
    units: int = 0

    def __str__(self) -> str:
        return f"request {self.number} of {self.buyer} ({self.what}{f' {self.units}' if self.units else ''})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What he was told: no, for the reason of that code; or yes.

    Then `units` are in his cart, of which `held` are held `until` a time (in seconds; None: for good), and the cart
    is at `version`; or with an `order_id` they are bought.
    """

    refusal: str = ""
    cart_id: str = ""
    version: int = 0
    units: int = 0
    held: int = 0
    until: float | None = None
    order_id: str = ""

    def __str__(self) -> str:
        if self.refusal:
            return f"no, {self.refusal}"
        if self.order_id:
            return f"yes, {number_of(self.units, 'unit')} bought in order {self.order_id}"
        return f"yes, {number_of(self.held, 'unit')} held in cart {self.cart_id} at version {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """`replayed`: the shop had done it before, and gave the answer that it kept under the key."""

    at: float
    answer: Answer
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One request, when it was first asked, how often in all, and every answer to it."""

    request: Request
    asked: float
    times: int = 1
    told: tuple[Told, ...] = ()

    @property
    def answer(self) -> Answer | None:
        return self.told[0].answer if self.told else None

    @property
    def granted(self) -> Answer | None:
        """The answer, if it was a yes."""
        return self.answer if self.answer and not self.answer.refusal else None


Notes = Mapping[str, Sequence[Attempt]]
"""Attempts by buyer, each buyer's in order."""


class Notebook:
    """Notes of one process. What was written is kept even if the process is killed the moment after."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def asked(self, requests: Sequence[Request]) -> None:
        self._write("asked", [asdict(request) for request in requests])

    def told(self, answers: Sequence[tuple[Request, Answer, bool]]) -> None:
        """Requests, what was answered, and whether it was replayed."""
        rows = [
            {"buyer": request.buyer, "number": request.number, "answer": asdict(answer), "replayed": replayed}
            for request, answer, replayed in answers
        ]
        self._write("told", rows)

    def close(self) -> None:
        os.close(self._file)

    def _write(self, word: str, rows: Sequence[Mapping[str, Any]]) -> None:
        at = time.time()
        os.write(self._file, "".join(f"{word} {at!r} {json.dumps(row)}\n" for row in rows).encode())


class Count:
    """How many answers all notebooks of a folder have so far; looks only at what is new."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, int] = {}
        self._answers = 0

    def __call__(self) -> int:
        for file in self._folder.glob("*.notes"):
            with file.open("rb") as notes:
                notes.seek(self._read.get(file, 0))
                self._answers += sum(line.startswith(b"told ") for line in notes)
                self._read[file] = notes.tell()
        return self._answers


def read_notes(files: Sequence[Path]) -> dict[str, list[Attempt]]:
    """What these notebooks say, oldest first where a process took over from another."""
    asked: dict[tuple[str, int], list[tuple[float, Request]]] = {}
    told: dict[tuple[str, int], list[Told]] = {}
    for file in files:
        for line in file.read_text().splitlines():
            word, at, row = line.split(" ", 2)
            known = json.loads(row)
            key = (known["buyer"], known["number"])
            if word == "asked":
                asked.setdefault(key, []).append((float(at), Request(**known)))
            else:
                answer = Told(at=float(at), answer=Answer(**known["answer"]), replayed=known["replayed"])
                told.setdefault(key, []).append(answer)
    notes: dict[str, list[Attempt]] = {}
    for key in sorted(asked):
        at_first, request = asked[key][0]
        attempt = Attempt(request=request, asked=at_first, times=len(asked[key]), told=tuple(told.get(key, ())))
        notes.setdefault(request.buyer, []).append(attempt)
    return notes
