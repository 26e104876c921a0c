"""Programs of their own: what they share with this one and with each other is the store."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.context import ForkServerContext


def programs(*runs: Callable[..., object]) -> ForkServerContext:
    """Where to start them: clean as those of "spawn", but what `runs` are defined in is imported once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([getattr(run, "func", run).__module__ for run in runs])
    return context
