"""How a promise about any history is tried: the same examples each time, in any run of pytest and on any machine."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings


def tried(examples: int, *, steps: int = 50) -> settings:
    """Your hypothesis profile stays as it is, and does not change what is tried here."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        phases=set(Phase) - {Phase.explain},
        suppress_health_check=list(HealthCheck),
    )
