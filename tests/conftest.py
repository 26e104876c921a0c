from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from postgres import NoPostgres, PostgresCluster, running_postgres
from source_tree import ROOT

CALLERS = pytest.StashKey[dict[str, str]]()

# A slow machine must not fail a test. The parent is hypothesis' own choice, which is a steady one under CI.
settings.register_profile("shopcore", parent=settings(), deadline=None)
settings.load_profile("shopcore")


def pytest_configure(config: pytest.Config) -> None:
    """Hide the caller's settings: they must not change a test, nor a test the caller's shop."""
    names = [name for name in os.environ if name.startswith("SHOPCORE_")]
    config.stash[CALLERS] = {name: os.environ.pop(name) for name in names}


@pytest.fixture(scope="session")
def postgres_cluster(pytestconfig: pytest.Config) -> Iterator[PostgresCluster]:
    """A PostgreSQL server; where none can be had the test fails, unless SHOPCORE_TEST_NO_PG=1 lets it skip."""
    environment = pytestconfig.stash[CALLERS]
    if environment.get("SHOPCORE_TEST_NO_PG") == "1":
        pytest.skip("SHOPCORE_TEST_NO_PG=1")
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(running_postgres(environment))
        except NoPostgres as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        yield cluster


@pytest.fixture
def postgres_url(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The URL of a fresh, empty database, dropped afterwards."""
    with postgres_cluster.database() as url:
        yield url


@pytest.fixture(scope="session")
def examples(pytestconfig: pytest.Config) -> int:
    """How many shops a model is compared with: few by default, as many as SHOPCORE_TEST_EXAMPLES says."""
    return int(pytestconfig.stash[CALLERS].get("SHOPCORE_TEST_EXAMPLES", "25"))


@pytest.fixture(scope="session")
def real_data(pytestconfig: pytest.Config) -> Path:
    """Other people's catalogues and events, which stay where they are; a test that reads them skips without."""
    named = pytestconfig.stash[CALLERS].get("SHOPCORE_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no real data: name its folder in SHOPCORE_DATA")
    return folder
