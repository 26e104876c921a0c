from __future__ import annotations

from bench import report
from bench.growth import grow
from bench.results import Results
from bench.run import Options, run
from postgres import PostgresCluster


def test_a_short_run_is_exact_and_leaves_no_server_behind() -> None:
    results = Results()
    options = Options(
        only="one hot", stores=("sqlite",), workers=(1,), connections=(4,), repeats=1, seconds=0.5, shoppers=20
    )

    run(options, results)

    bare, add = results.cells
    assert (bare.scenario, add.scenario) == ("bare, add", "add, one hot item")
    assert add.answers > 0
    assert (add.errors, add.exact, results.audits) == (0, True, {"sqlite": "clean"})
    assert report.exact(results)


def test_a_shop_that_was_copied_large_is_a_sound_shop(postgres_cluster: PostgresCluster) -> None:
    grown = list(grow(postgres_cluster, (100, 200), lambda _: None))  # audits each

    assert {one.size for one in grown} == {100, 200}
    assert {one.of for one in grown} == {"items", "carts", "orders", "removals"}
