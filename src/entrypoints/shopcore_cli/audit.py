"""`shopcore audit`."""

from __future__ import annotations

import typer

from shopcore_cli.apps import example, single
from shopcore_cli.cells import cell
from shopcore_cli.options import Json
from shopcore_cli.screen import say, show
from shopcore_cli.session import the_shop

app = single()


@app.command(epilog=example("shopcore audit && echo sound"))
def audit(as_json: Json = False) -> None:
    """Check every rule that what is stored must keep.

    Reads one state of the shop and changes nothing. Prints a line for each violation; the exit code is 1 if there
    is any.
    """
    with the_shop() as shop:
        report = shop.auditor.run()
    violations = [
        {"rule": violation.rule, "subject": violation.subject, "message": violation.message}
        for violation in report.violations
    ]
    document = {"clean": report.clean, "found": report.found, "violations": violations, "checked": report.checked}
    if as_json:
        show(document, {}, as_json=True)
    for violation in () if as_json else report.violations:
        typer.echo(cell(violation))
    if report.found > len(violations):
        say(f"... and {report.found - len(violations)} more")
    checks = sum(report.checked.values())
    say(f"{len(report.checked)} rules checked, {checks} checks: {_verdict(report.found)}")
    if not report.clean:
        raise typer.Exit(1)


def _verdict(found: int) -> str:
    return f"{found} violation{'' if found == 1 else 's'}." if found else "all is well."
