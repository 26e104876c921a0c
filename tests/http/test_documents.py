"""The OpenAPI document says all that the API does, and the page for people needs no internet."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import pytest
from litestar.routes import HTTPRoute

from shopcore.errors import ShopError
from shopcore_http.decode import read
from shopcore_http.endpoint import Endpoint
from shopcore_http.examples import examples_of
from shopcore_http.schema import gives, takes
from shopcore_http.strict_json import parse
from webshop import Web


@pytest.fixture(scope="module")
def document(table: Web) -> dict[str, Any]:
    answer = table.get("/schema/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def endpoints(table: Web) -> dict[str, Endpoint]:
    declared = [
        handler.opt["endpoint"]
        for route in table.client.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "endpoint" in handler.opt
    ]
    return {each.name: each for each in declared if each.tag}


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()}


def test_it_is_openapi_3_1_with_the_bearer_scheme(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_endpoint_is_in_it(document: dict[str, Any], endpoints: dict[str, Endpoint]) -> None:
    assert operations(document).keys() == endpoints.keys()
    assert len(endpoints) > 30


def test_whoever_needs_a_token_is_told(document: dict[str, Any], endpoints: dict[str, Endpoint]) -> None:
    for name, operation in operations(document).items():
        assert bool(operation["security"]) == (endpoints[name].allow is not None)
        assert ("401" in operation["responses"]) == (endpoints[name].allow is not None or name in ("log_in", "refresh"))


def test_every_answer_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        for status, answer in operation["responses"].items():
            for media, shown in answer["content"].items():
                assert shown.get("example") or shown.get("examples"), (name, status, media)


def test_every_example_of_a_body_is_one_that_would_be_taken(
    document: dict[str, Any], endpoints: dict[str, Endpoint]
) -> None:
    for name, operation in operations(document).items():
        kind = takes(endpoints[name])
        if kind is not None:
            shown = operation["requestBody"]["content"]["application/json"]["example"]
            read(kind, parse(json.dumps(shown).encode()))


def test_the_example_of_a_stock_change_changes_stock(table: Web, document: dict[str, Any]) -> None:
    shown = operations(document)["change_stock"]["requestBody"]["content"]["application/json"]["example"]

    answer = table.post(f"/api/items/{table.item()}/stock", shown, by="admin")

    assert (answer.status_code, answer.json()["onHand"]) == (200, 15)


def test_every_example_of_an_answer_has_all_its_fields(
    document: dict[str, Any], endpoints: dict[str, Endpoint]
) -> None:
    for name, operation in operations(document).items():
        kind = gives(endpoints[name])
        if kind is not None:
            shown = operation["responses"][str(endpoints[name].status)]["content"]["application/json"]["example"]
            msgspec.convert(shown, kind)


def every_error(kind: type[ShopError] = ShopError) -> list[type[ShopError]]:
    return [kind, *(error for child in kind.__subclasses__() for error in every_error(child))]


def test_every_error_of_the_shop_can_be_shown() -> None:
    for kind in every_error():
        if "__dataclass_fields__" in kind.__dict__:
            for status, code, body in examples_of(kind):
                assert 400 <= status < 600
                assert body["error"]["code"] == code


def test_prices_are_numbers_and_attributes_stand_among_the_other_keys(document: dict[str, Any]) -> None:
    item = document["components"]["schemas"]["ItemOut"]

    assert item["properties"]["price"]["type"] == "number"
    assert item["additionalProperties"] is True
    assert "attributes" not in item["properties"]


def test_headers_that_matter_are_documented(document: dict[str, Any]) -> None:
    operation = operations(document)["put_in_cart"]

    assert {each["name"] for each in operation["parameters"]} == {"Idempotency-Key", "If-Match"}
    assert {"ETag", "Idempotency-Replayed"} <= operation["responses"]["200"]["headers"].keys()
    assert "Link" in operations(document)["list_items"]["responses"]["200"]["headers"]


def test_parameters_have_the_names_of_the_wire(document: dict[str, Any]) -> None:
    assert "/api/cart/items/{itemId}" in document["paths"]
    query = {each["name"] for each in operations(document)["list_removals"]["parameters"]}
    assert query == {"page", "limit", "state", "outcome", "reason", "userId", "itemId", "from", "to"}


def test_parameters_say_what_they_are_and_never_null(document: dict[str, Any]) -> None:
    parameters = [each for operation in operations(document).values() for each in operation["parameters"]]

    assert "null" not in json.dumps(parameters)
    described = {each["name"]: each.get("description") for each in operations(document)["list_removals"]["parameters"]}
    assert described["reason"] == "Without it: what shoppers removed themselves."
    assert described["to"] == "Removed before then; a day counts whole."


def test_the_page_loads_nothing_from_elsewhere(table: Web) -> None:
    page = table.get("/schema")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in page.headers["content-security-policy"]
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(parts) == 5
    for part in parts:
        assert table.get(f"/{part}").status_code == 200
    assert "http" not in table.get("/schema/static/page.js").text
    assert table.get("/schema/").url.path == "/schema"
