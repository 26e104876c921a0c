"""Query parameters are read as strictly as bodies."""

from __future__ import annotations

import pytest

from webshop import Web, faults_of


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "page"),
        ("page=", "page"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=1.0", "page"),
        ("page=1e2", "page"),
        ("page=01", "page"),
        ("page=%2B1", "page"),
        ("page=%D9%A3", "page"),
        ("page=1%20", "page"),
        ("page=1_0", "page"),
        ("page=99999999999999999999", "page"),
        ("page=1&page=2", "page"),
        ("page=1&limit=0", "limit"),
        ("page=1&limit=-5", "limit"),
        ("page=1&limit=ten", "limit"),
        ("page=1&minPrice=cheap", "minPrice"),
        ("page=1&minPrice=-1", "minPrice"),
        ("page=1&maxPrice=NaN", "maxPrice"),
        ("page=1&maxPrice=1e5", "maxPrice"),
        ("page=1&inStock=1", "inStock"),
        ("page=1&inStock=True", "inStock"),
        ("page=1&sort=stock", "sort"),
        ("page=1&order=up", "order"),
        ("page=1&category=", "category"),
        ("page=1&category=a%00b", "category"),
        ("page=1&category=%FF", "query"),
        ("&".join(f"x{number}=1" for number in range(60)), "query"),
    ],
)
def test_a_parameter_that_is_not_one_is_refused_by_name(table: Web, query: str, field: str) -> None:
    assert field in faults_of(table.get(f"/api/items?{query}"))


def test_every_bad_parameter_is_told_at_once(table: Web) -> None:
    answer = table.get("/api/items?limit=x&sort=y&inStock=z")

    assert set(faults_of(answer)) == {"page", "limit", "sort", "inStock"}


def test_parameters_that_nobody_knows_are_ignored(table: Web) -> None:
    assert table.get("/api/items?page=1&utm_source=mail").status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("page=1&from=yesterday", "from"),
        ("page=1&from=2026-02-30", "from"),
        ("page=1&from=2026-01-01T00:00:00", "from"),
        ("page=1&to=0001-01-01T00:00:00%2B14:00", "to"),
        ("page=1&state=final", "state"),
        ("page=1&outcome=won", "outcome"),
        ("page=1&reason=stolen", "reason"),
    ],
)
def test_filters_of_removals_are_read_strictly(table: Web, query: str, field: str) -> None:
    assert field in faults_of(table.get(f"/api/removed-items?{query}", by="sales"))


def test_a_search_needs_words(table: Web) -> None:
    assert faults_of(table.get("/api/items/search?page=1")) == {"q": "is required"}
    assert "q" in faults_of(table.get("/api/items/search?page=1&q=%20%20"))
