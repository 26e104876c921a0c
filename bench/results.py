"""What a run found, as it is kept in JSON."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.cells import Cell
from bench.overload import Overload


@dataclass(frozen=True)
class Reference:
    """One run of pgbench, in transactions a second, just before the shop was measured at that many connections."""

    kind: str
    clients: int
    repeat: int
    connections: int
    rate: float


@dataclass(frozen=True)
class Memory:
    """Resident MiB of the `processes` that serve, after the load.

    `proportional` are those of all, the one that started them too, with what they share counted once.
    """

    store: str
    workers: int
    resident: float
    proportional: float
    processes: int


@dataclass(frozen=True)
class Grown:
    """Milliseconds that `what` takes in a shop of `size` of `of`; the median."""

    what: str
    of: str
    size: int
    milliseconds: float
    note: str = ""


@dataclass
class Results:
    machine: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    cells: list[Cell] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    overloads: list[Overload] = field(default_factory=list)
    growth: list[Grown] = field(default_factory=list)
    audits: dict[str, str] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Results:
        kept = json.loads(path.read_text(encoding="utf-8"))
        kinds = {"cells": Cell, "references": Reference, "memory": Memory, "overloads": Overload, "growth": Grown}
        return cls(**{name: _typed(kinds.get(name), value) for name, value in kept.items()})


def _typed(kind: type[Any] | None, value: Any) -> Any:
    return value if kind is None else [kind(**row) for row in value]


def this_machine() -> dict[str, str]:
    """What somebody needs to know to compare; `steal` and the like are not looked at: see the load averages."""
    lines = _lines("/proc/cpuinfo")
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "cpu": model or platform.processor() or "unknown",
        "cores": str(os.cpu_count()),
        "memory": f"{int(memory) / 1024**2:.0f} GiB" if memory != "0" else "unknown",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
