"""The auditor as the last word of a test."""

from __future__ import annotations

from shopcore.shop import Shop
from shopcore.store import Store


def must_be_sound(store: Store) -> None:
    """The auditor finds nothing wrong with the shop in `store`."""
    report = Shop(store).auditor.run()
    if not report.clean:
        raise AssertionError("\n".join(["the auditor found this:", *map(str, report.violations)]))
