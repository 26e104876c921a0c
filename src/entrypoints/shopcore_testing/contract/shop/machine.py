"""Whatever one caller after the other does, in any order, in one program or in two: as the model in dicts has it."""

from __future__ import annotations

from hypothesis.stateful import run_state_machine_as_test

from shopcore_testing.opened import OpenStore
from shopcore_testing.trade import Trade
from shopcore_testing.trying import tried


def test_every_store_does_what_the_model_does(open_store: OpenStore, contract_examples: int) -> None:
    class Here(Trade):
        def __init__(self) -> None:
            super().__init__(open_store)

    run_state_machine_as_test(Here, settings=tried(contract_examples, steps=30))
