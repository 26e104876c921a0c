"""Whatever one caller after the other does, in any order: every store does what the model in dicts does."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from shopcore_testing.opened import OpenStore
from shopcore_testing.trade import Trade


def test_every_store_does_what_the_model_does(open_store: OpenStore, contract_examples: int) -> None:
    class Here(Trade):
        def __init__(self) -> None:
            super().__init__(open_store)

    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=contract_examples,
            stateful_step_count=30,
            derandomize=True,
            database=None,
            deadline=None,
            phases=set(Phase) - {Phase.explain},
            suppress_health_check=list(HealthCheck),
        ),
    )
