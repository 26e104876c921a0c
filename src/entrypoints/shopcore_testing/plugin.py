"""What pytest loads in every run: as little as possible, and nothing that changes a run without the suite in it."""

from __future__ import annotations

import pytest

from shopcore_testing.suite import Suite, collected

pytest.register_assert_rewrite("shopcore_testing.contract", "shopcore_testing.fixtures", "shopcore_testing.shelves")


def pytest_pycollect_makeitem(
    collector: pytest.Module | pytest.Class, obj: object
) -> list[pytest.Item | pytest.Collector] | None:
    if isinstance(collector, pytest.Module) and type(obj) is Suite:
        return collected(obj, collector)
    return None


@pytest.fixture
def contract_examples() -> int:
    """How many shops a promise about any history is tried with; override it to try more of them."""
    return 25
