"""What only the store in memory does."""

from __future__ import annotations

import pytest

from shopcore.errors import StoreUnavailable
from shopcore.shop import Shop
from shopcore_memory import MemoryStore


def test_a_store_that_was_closed_says_that_it_is_out_of_reach() -> None:
    store = MemoryStore()
    store.close()

    with pytest.raises(StoreUnavailable):
        Shop(store).upkeep.run_once()
