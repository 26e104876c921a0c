"""The web application: a shop, its settings, and every endpoint."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from litestar import Litestar, Router
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import Receive, Scope, Send

from shopcore.shop import Shop
from shopcore_http import auth, cart, carts, documents, health, items, orders, removals, stock, users
from shopcore_http.addresses import Addresses
from shopcore_http.body import MAX_BODY, BodyRequest
from shopcore_http.counter import Counter
from shopcore_http.door import Door
from shopcore_http.edge import BODY_SECONDS, Edge
from shopcore_http.errors import EXPLAIN
from shopcore_http.express import Express
from shopcore_http.limits import LoginLimit, RateLimit
from shopcore_http.metrics import Metrics
from shopcore_http.replica import Replica
from shopcore_http.reply import Reply
from shopcore_settings import Settings


class ShopApp(Litestar):
    """Litestar with an edge around it: the router's own refusals go through no middleware, but through this."""

    edge: Edge
    express: Express
    counter: Counter
    replica: Replica
    measured: Metrics

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.edge(scope, receive, send)

    async def inner(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and (stop := self.express.stop(scope)):
            await self.express.serve(stop, scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    shop: Shop,
    settings: Settings,
    *,
    body_seconds: float = BODY_SECONDS,
    on_shutdown: Sequence[Callable[[], None]] = (),
) -> ShopApp:
    """An ASGI application over `shop`, which stays open when the app is shut down."""
    counter = Counter(shop, LoginLimit(shop.limits, settings.login_limit))
    rate = RateLimit(shop.limits, settings.rate_limit)
    metrics = Metrics()
    door = Door(shop.accounts, counter, rate, Addresses(settings.trusted_proxies))
    app = ShopApp(
        route_handlers=[*health.HANDLERS, *documents.HANDLERS, *_api(settings)],
        guards=[door.admit],
        request_class=BodyRequest,
        response_class=Reply,
        exception_handlers=EXPLAIN,
        request_max_body_size=MAX_BODY,
        state=State({"server": settings.public_url or "/"}),
        on_shutdown=[counter.close, rate.close, *on_shutdown],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )
    app.counter, app.replica, app.measured = counter, Replica(counter), metrics
    app.express = Express(app, door)
    methods_of = {
        route.path_format: list(route.route_handler_map) for route in app.routes if isinstance(route, HTTPRoute)
    }
    app.edge = Edge(app.inner, metrics, methods_of=methods_of, body_seconds=body_seconds)
    return app


def _api(settings: Settings) -> list[Router]:
    """Everything under /api; what the catalog is called there is a setting."""
    fixed = (auth, users, cart, orders, removals, carts)
    return [
        Router("/api", route_handlers=[handler for part in fixed for handler in part.HANDLERS]),
        Router(f"/api/{settings.items_path}", route_handlers=[*items.HANDLERS, *stock.HANDLERS]),
    ]
