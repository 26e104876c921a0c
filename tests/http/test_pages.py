"""Pages, and the links between them."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from webshop import Web


def links(web: Web, path: str, by: str | None = None) -> dict[str, str]:
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', web.get(path, by=by).headers["link"])
    return {rel: target for target, rel in found}


def query(target: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(target).query)


def stocked(web: Web, count: int) -> list[str]:
    return [web.item(name=f"Mug {number}") for number in range(count)]


def test_pages_never_overlap_or_skip(any_web: Web) -> None:
    items = stocked(any_web, 7)

    pages = [any_web.get(f"/api/items?page={page}&limit=3").json() for page in (1, 2, 3)]

    assert [item["id"] for page in pages for item in page["items"]] == items
    assert [(page["page"], page["limit"], page["total"]) for page in pages] == [(1, 3, 7), (2, 3, 7), (3, 3, 7)]


def test_following_next_visits_everything(web: Web) -> None:
    items = stocked(web, 7)
    seen: list[str] = []
    target: str | None = "/api/items?page=1&limit=2&sort=createdAt"
    while target:
        seen += [item["id"] for item in web.get(target).json()["items"]]
        target = links(web, target).get("next")

    assert seen == items


def test_links_lead_to_the_first_previous_next_and_last_page(web: Web) -> None:
    stocked(web, 7)

    found = links(web, "/api/items?page=2&limit=3")

    assert {rel: query(target)["page"] for rel, target in found.items()} == {
        "first": ["1"],
        "prev": ["1"],
        "next": ["3"],
        "last": ["3"],
    }


def test_the_first_page_has_no_previous_and_the_last_no_next(web: Web) -> None:
    stocked(web, 4)

    assert links(web, "/api/items?page=1&limit=3").keys() == {"first", "next", "last"}
    assert links(web, "/api/items?page=2&limit=3").keys() == {"first", "prev", "last"}


def test_past_the_end_there_is_nothing_and_a_way_back(web: Web) -> None:
    stocked(web, 4)

    answer = web.get("/api/items?page=9&limit=3")

    assert (answer.status_code, answer.json()) == (200, {"page": 9, "limit": 3, "total": 4, "items": []})
    assert query(links(web, "/api/items?page=9&limit=3")["prev"])["page"] == ["2"]


@pytest.mark.parametrize(
    "path",
    ["/api/items?", "/api/items/search?q=mug&", "/api/orders?", "/api/removed-items/summary?by=item&", "/api/carts?"],
)
def test_far_past_the_end_there_is_nothing_either(any_web: Web, path: str) -> None:
    answer = any_web.get(f"{path}page={10**15}&limit=100", by="admin")

    assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_links_keep_every_other_parameter(web: Web) -> None:
    found = links(web, "/api/items?category=a%26b%20%C3%A9&page=2&sort=price&utm=x&utm=y")

    assert query(found["first"]) == {
        "category": ["a&b é"],
        "sort": ["price"],
        "utm": ["x", "y"],
        "page": ["1"],
        "limit": ["20"],
    }


@pytest.mark.parametrize("limit", ["101", "5000", "9" * 30])
def test_a_limit_above_a_hundred_is_a_hundred_and_said_so(web: Web, limit: str) -> None:
    answer = web.get(f"/api/items?page=1&limit={limit}")

    assert answer.json()["limit"] == 100
    assert query(links(web, f"/api/items?page=1&limit={limit}")["first"])["limit"] == ["100"]


@pytest.mark.parametrize(
    ("path", "by"),
    [
        ("/api/items?", None),
        ("/api/items/search?q=mug&", None),
        ("/api/orders?", "ann"),
        ("/api/removed-items?", "sales"),
        ("/api/removed-items/summary?by=day&", "sales"),
        ("/api/carts?", "sales"),
    ],
)
def test_every_list_is_a_page(table: Web, path: str, by: str | None) -> None:
    answer = table.get(f"{path}page=1", by=by)

    assert answer.status_code == 200
    assert list(answer.json()) == ["page", "limit", "total", "items"]
    assert answer.json()["limit"] == 20
    assert "link" in answer.headers
    assert table.get(path.rstrip("?&"), by=by).status_code == 400
