"""What processes use, from Linux' /proc; on other systems nothing is known, and nothing is said."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    found, pending = [], [pid]
    while pending:
        one = pending.pop()
        found.append(one)
        for listing in (PROC / str(one) / "task").glob("*/children"):
            with suppress(OSError):
                pending += map(int, listing.read_text().split())
    return found


def cpu_seconds(pid: int) -> float:
    """Of a process and its descendants, ended children included."""
    return sum(_cpu_seconds(one) for one in family(pid))


def _cpu_seconds(pid: int) -> float:
    with suppress(OSError):
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS
    return 0.0


def resident_mib(pids: Iterable[int]) -> float:
    """Resident memory; what processes share is counted for each of them."""
    return sum(_from(PROC / str(pid) / "status", "VmRSS:") for pid in pids) / 1024


def proportional_mib(pids: Iterable[int]) -> float:
    """Resident memory; what processes share is divided among them."""
    return sum(_from(PROC / str(pid) / "smaps_rollup", "Pss:") for pid in pids) / 1024


def _from(path: Path, name: str) -> int:
    with suppress(OSError):
        for line in path.read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0
