"""A shop behind its web application, and people who talk to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from httpx import Response
from litestar.testing import TestClient

from secured_shop import shop_over
from shopcore.accounts.model import Role
from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_http import create_app
from shopcore_http.app import ShopApp
from shopcore_settings import Settings
from shopcore_testing.accounts import PASSWORD, Watch

JSON = {"Content-Type": "application/json"}


@dataclass
class Web:
    """Calls the API as whoever is named; `ann` is a customer, and each role has somebody of that name."""

    client: TestClient[ShopApp]
    shop: Shop
    watch: Watch
    tokens: dict[str, str] = field(default_factory=dict)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: str | None = None,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Response:
        """`body` is sent as JSON, `raw` as it is."""
        headers = {**(JSON if raw is not None else {}), **(headers or {})}
        if by is not None:
            headers["Authorization"] = f"Bearer {self.token(by)}"
        sent = {"content": raw} if raw is not None else {"json": body} if body is not None else {}
        return self.client.request(method, path, headers=headers, **sent)

    def get(self, path: str, *, by: str | None = None, **headers: str) -> Response:
        return self.call("GET", path, by=by, headers=headers)

    def post(self, path: str, body: Any = None, *, by: str | None = None, key: str | None = None) -> Response:
        return self.call("POST", path, body, by=by, headers={"Idempotency-Key": key} if key else {})

    def token(self, name: str) -> str:
        if name not in self.tokens:
            role: Role = name if name in ("support", "sales", "admin") else "customer"  # type: ignore[assignment]
            self.shop.accounts.create(name, PASSWORD, role=role, actor="test")
            self.log_in(name)
        return self.tokens[name]

    def log_in(self, name: str) -> None:
        self.tokens[name] = self.shop.accounts.log_in(name, PASSWORD).tokens.access_token

    def item(self, **fields: Any) -> str:
        """The id of a new item."""
        given: dict[str, Any] = {"name": "Mug", "price": "7.50", "stock": 10, **fields}
        return self.shop.catalog.add_item(**given).id

    def fill(self, name: str, *item_ids: str, quantity: int = 1) -> None:
        for item_id in item_ids:
            added = self.post("/api/cart/items", {"itemId": item_id, "quantity": quantity}, by=name)
            assert added.status_code == 200, added.text

    def order(self, name: str, *item_ids: str) -> dict[str, Any]:
        """Buy one of each."""
        self.fill(name, *item_ids)
        placed: dict[str, Any] = self.post("/api/cart/checkout", {}, by=name).json()["order"]
        return placed


@contextmanager
def webshop(
    store: Store,
    *,
    settings: Settings | None = None,
    policy: Policy | None = None,
    body_seconds: float = 5.0,
    replica: Store | None = None,
) -> Iterator[Web]:
    watch = Watch()
    shop = shop_over(store, watch, policy=policy, replica=replica)
    app = create_app(shop, settings or Settings(), body_seconds=body_seconds)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield Web(client, shop, watch)


def error_of(answer: Response) -> dict[str, Any]:
    """The error of an answer that is one, whose body must be of the one form."""
    body = answer.json()
    assert body.keys() == {"error"}
    error: dict[str, Any] = body["error"]
    assert {"code", "message"} <= error.keys() <= {"code", "message", "details"}
    assert answer.headers["content-type"] == "application/json"
    return error


def faults_of(answer: Response) -> dict[str, str]:
    """What is wrong with each field, of an answer of 400."""
    assert answer.status_code == 400, answer.text
    errors = error_of(answer)["details"]["errors"]
    return {each["field"]: each["reason"] for each in errors}
