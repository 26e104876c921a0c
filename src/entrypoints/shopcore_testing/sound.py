"""The auditor as the last word of a test."""

from __future__ import annotations

from shopcore.shop import Shop
from shopcore.store import Store


def must_be_sound(store: Store) -> None:
    """The auditor finds nothing wrong with the shop in `store`."""
    report = Shop(store).auditor.run()
    assert report.clean, "\n".join(map(str, report.violations))
