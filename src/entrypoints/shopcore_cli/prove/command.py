"""`shopcore prove`."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from shopcore_cli.apps import example, group
from shopcore_cli.cells import cell
from shopcore_cli.options import Actor, DryRun, Json
from shopcore_cli.screen import say, show
from shopcore_cli.session import acting, the_shop

if TYPE_CHECKING:
    from shopcore_cli.prove.oversell import Proof
    from shopcore_cli.prove.plan import Plan
    from shopcore_settings.settings import Settings

app = group("Promises of the shop, put to the test on your own database.", "shopcore prove oversell --stock 50")


@app.callback()
def prove() -> None:
    pass


@app.command(epilog=example("shopcore prove oversell --stock 100 --buyers 200 --attempts 5000 --processes 4"))
def oversell(
    stock: Annotated[int, typer.Option(min=1, max=100_000, help="Units that there are.")] = 50,
    buyers: Annotated[int, typer.Option(min=1, max=100_000, help="Buyers who want them.")] = 100,
    attempts: Annotated[int, typer.Option(min=1, max=10_000_000, help="Requests that they make in all.")] = 2_000,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that the buyers are in.")] = 2,
    kill: Annotated[int, typer.Option(min=0, max=1_000, help="How often a process is killed with SIGKILL.")] = 2,
    hold: Annotated[float, typer.Option(min=0.05, max=3600, help="Seconds until a hold may expire.")] = 0.25,
    seconds: Annotated[float, typer.Option(min=1, max=86_400, help="The most that the race may take.")] = 120.0,
    seed: Annotated[int | None, typer.Option(help="What the buyers' decisions follow from. Default: random.")] = None,
    actor: Actor = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Race processes for the stock of one item, through to orders.

    Buyers add, change, take out, leave and buy; processes are killed and replaced, lost answers are asked for again
    with the same key, holds expire. What every buyer was told is written down outside of the database and compared
    with it in the end. The exit code is 1 if one unit was promised or sold twice, an answer did not hold, or anything
    else is wrong.

    It runs on the database of the settings, beside whatever goes on there. The item is its own, free of charge and
    archived from the start, so that no shopper sees it. In the end its carts are emptied, its orders cancelled and
    its stock written off; these carts, orders and removals stay on record, under owners named after the item. After
    a violation everything stays as it is. A dry run races in a throw-away SQLite file instead.
    """
    from shopcore_cli.prove.plan import Plan
    from shopcore_settings import ConfigurationError, load
    from shopcore_settings.compose import IN_MEMORY

    settings = load(os.environ)
    if settings.database_url == IN_MEMORY:
        raise ConfigurationError(
            "a shop in memory lives in one process, so no other can race for it: set SHOPCORE_DATABASE_URL"
        )
    plan = Plan(
        item_id=f"prove-{secrets.token_hex(6)}",
        stock=stock,
        buyers=buyers,
        attempts=attempts,
        processes=min(processes, buyers),
        kills=kill,
        seed=secrets.randbelow(10**6) if seed is None else seed,
        hold=hold,
        seconds=seconds,
    )
    proof = (_rehearsed if dry_run else _proved)(settings, plan, acting(actor))
    _report(proof, settings, dry_run=dry_run, as_json=as_json)


def _proved(settings: Settings, plan: Plan, actor: str) -> Proof:
    from functools import partial

    from shopcore_cli.prove.oversell import prove as prove_it
    from shopcore_settings import open_shop

    elsewhere = partial(open_shop, settings, migrate=False, logins=False)
    with the_shop(make=True) as shop, _progress(plan.attempts) as watch:
        try:
            return prove_it(shop, elsewhere, plan, actor=actor, watch=watch)
        except BaseException:
            say(f"Not finished: item {plan.item_id} stays, archived, with all that the buyers did.")
            raise


def _rehearsed(theirs: Settings, plan: Plan, actor: str) -> Proof:
    """Whether the item could be put by here; and the race, somewhere else."""
    from functools import partial
    from tempfile import TemporaryDirectory

    from shopcore_cli.prove.oversell import prove as prove_it
    from shopcore_cli.prove.shelf import listed
    from shopcore_settings import Settings, open_shop

    with the_shop(make=True, dry_run=True) as shop:
        listed(shop, plan, actor=actor)
    with TemporaryDirectory(prefix="shopcore-prove-") as folder, _progress(plan.attempts) as watch:
        settings = Settings(database_url=f"sqlite:///{folder}/shop.db", currency=theirs.currency)
        shop = open_shop(settings, logins=False)
        try:
            elsewhere = partial(open_shop, settings, migrate=False, logins=False)
            return prove_it(shop, elsewhere, plan, actor=actor, watch=watch)
        finally:
            shop.close()


@contextmanager
def _progress(attempts: int) -> Iterator[Callable[[int], None]]:
    """To be told how many answers there are; on a terminal a bar shows it."""
    if not sys.stderr.isatty():
        yield lambda answers: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Racing", total=attempts)
        yield lambda answers: bar.update(task, completed=min(answers, attempts))


def _report(proof: Proof, settings: Settings, *, dry_run: bool, as_json: bool) -> None:
    from shopcore_cli.failures import Failed
    from shopcore_cli.prove.report import document, rows, told
    from shopcore_settings.values import without_password

    place = "a throw-away SQLite file" if dry_run else without_password(settings.database_url)
    show(document(proof, place, dry_run=dry_run), rows(proof, place), as_json=as_json)
    for violation in () if as_json else proof.violations:
        typer.echo(cell(violation))
    for line in told(proof, dry_run=dry_run):
        say(line)
    if proof.violations:
        raise typer.Exit(1)
    if proof.raced.failed:
        raise Failed(f"{proof.raced.failed} of {proof.plan.processes} processes failed on the way")
    if len(proof.attempts) < proof.plan.attempts:
        raise Failed(
            f"only {len(proof.attempts)} of {proof.plan.attempts} attempts were made in "
            f"{proof.plan.seconds:g} seconds; give more --seconds"
        )
