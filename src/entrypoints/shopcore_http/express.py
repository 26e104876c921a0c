"""The express lane: from a request straight to its handler, past what Litestar would find out anew each time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from litestar.types import Empty, HTTPScope, Receive, Send

from shopcore_http.body import BodyRequest
from shopcore_http.door import Door
from shopcore_http.endpoint import Endpoint
from shopcore_http.errors import EXPLAIN
from shopcore_http.reply import Reply

Handle: TypeAlias = Callable[[BodyRequest], Awaitable[Any]]


class ExpressRequest(BodyRequest):
    """As much of a request as our own handlers look at."""

    def __init__(self, scope: HTTPScope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self._body = Empty


class Stop:
    """Where the lane ends: an endpoint. `name` is that of the parameter at the end of its path, if there is one."""

    def __init__(self, template: str, handler: HTTPRouteHandler) -> None:
        self.declared: Endpoint = handler.opt["endpoint"]
        self.handle: Handle = handler.fn
        self.verbs = handler.http_methods
        self.template = template
        self._head, _, last = template.rpartition("/")
        self.name = last[1:-1] if last.startswith("{") else ""

    @property
    def address(self) -> str:
        """Its path, with the parameter left open."""
        return f"{self._head}/{{}}" if self.name else self.template

    @property
    def is_near(self) -> bool:
        """Whether the lane leads there."""
        return "{" not in self._head and bool(self.declared.tag) and not self.declared.media


class Express:
    """Serves what is declared as JSON, at an address without parameters or with one at its end.

    The door, the handlers and the answers to errors are the same as Litestar's way has, and so is what they say. All
    else is left to it: other addresses and methods, streams, documents.
    """

    def __init__(self, app: Litestar, door: Door) -> None:
        self._app = app
        self._door = door
        routes = [route for route in app.routes if isinstance(route, HTTPRoute)]
        declared = [
            (route, handler) for route in routes for handler in route.route_handlers if "endpoint" in handler.opt
        ]
        stops = [Stop(route.path_format, handler) for route, handler in declared]
        self._stops = {(verb, stop.address): stop for stop in stops if stop.is_near for verb in stop.verbs}

    def stop(self, scope: HTTPScope) -> Stop | None:
        """Where the request is served; None where Litestar has to look."""
        verb, path = scope["method"], scope["path"]
        if found := self._stops.get((verb, path)):
            scope["path_params"] = {}
            return found
        head, _, last = path.rpartition("/")
        if last and (found := self._stops.get((verb, f"{head}/{{}}"))):
            scope["path_params"] = {found.name: last}
            return found
        return None

    async def serve(self, stop: Stop, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer the request."""
        scope["litestar_app"] = self._app
        scope["path_template"] = stop.template
        request = ExpressRequest(scope, receive)
        try:
            await self._door.let_in(request, stop.declared)
            answer = await stop.handle(request)
            reply = answer if isinstance(answer, Reply) else Reply(answer)
            ready = reply.to_asgi_response(None, request, status_code=stop.declared.status)
        except Exception as error:
            explain = next(EXPLAIN[kind] for kind in type(error).__mro__ if kind in EXPLAIN)
            ready = explain(request, error).to_asgi_response(None, request)
        await ready(scope, receive, send)
