"""Words that people read."""

from __future__ import annotations

from shopcore.text import number_of


def test_one_is_not_several() -> None:
    assert [number_of(count, "unit") for count in (0, 1, 2, -1)] == ["0 units", "1 unit", "2 units", "-1 units"]
