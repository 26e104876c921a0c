"""What each promise is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shopcore.shop import Shop
from shopcore.store import Store, Transaction
from shopcore_testing.accounts import Watch, shop_over
from shopcore_testing.contents import everything_told
from shopcore_testing.opened import Opened, OpenStore
from shopcore_testing.sound import must_be_sound

__all__ = ["contents", "doom", "elsewhere", "opened", "raw_store", "shop", "store", "watch"]


@pytest.fixture
def opened(open_store: OpenStore) -> Iterator[Opened]:
    """A fresh store with what more can be tried of it; afterwards no connection may be left out."""
    with open_store() as opened:
        yield opened
        if opened.must_be_idle:
            opened.must_be_idle()


@pytest.fixture
def raw_store(opened: Opened) -> Store:
    """A store that the test writes to past the rules, so that its content makes no sense to the auditor."""
    return opened.store


@pytest.fixture
def store(opened: Opened) -> Iterator[Store]:
    """A store that holds a sound shop, before and after the test."""
    yield opened.store
    must_be_sound(opened.store)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def shop(store: Store, watch: Watch) -> Shop:
    return shop_over(store, watch)


@pytest.fixture
def contents(opened: Opened) -> Callable[[], object]:
    """Everything that is stored, to compare."""
    return opened.contents or (lambda: everything_told(opened.store))


@pytest.fixture
def doom(opened: Opened) -> Callable[[Transaction], None]:
    if opened.doom is None:
        pytest.skip("this store offers no `doom`: whether a commit that fails leaves nothing is not tried")
    return opened.doom


@pytest.fixture
def elsewhere(opened: Opened) -> Callable[[], Store]:
    if opened.elsewhere is None:
        pytest.skip("this store offers no `elsewhere`: races between processes are not tried")
    return opened.elsewhere
