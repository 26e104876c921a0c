from __future__ import annotations

import pytest

from account_shop import Watch, shop_over
from shopcore.shop import Shop
from shopcore.store import Store


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def shop(store: Store, watch: Watch) -> Shop:
    return shop_over(store, watch)
