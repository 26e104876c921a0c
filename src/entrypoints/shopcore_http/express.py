"""The express lane: from a request straight to its handler, past what Litestar would find out anew each time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeAlias

from litestar.handlers import HTTPRouteHandler
from litestar.types import Empty, HTTPScope, Receive, Send

from shopcore_http.body import BodyRequest
from shopcore_http.door import Door
from shopcore_http.endpoint import Endpoint
from shopcore_http.reply import Reply

Handle: TypeAlias = Callable[[BodyRequest], Awaitable[Any]]
Explain: TypeAlias = Callable[[BodyRequest, Any], Reply[Any]]


class ExpressRequest(BodyRequest):
    """As much of a request as our own handlers look at."""

    def __init__(self, scope: HTTPScope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self._body = Empty


class Stop:
    """Where a lane ends: what was declared of an endpoint, and its handler. `name` is of the path's last part."""

    __slots__ = ("declared", "handle", "name", "template")

    def __init__(self, handler: HTTPRouteHandler, template: str, name: str) -> None:
        self.declared: Endpoint = handler.opt["endpoint"]
        self.handle: Handle = handler.fn
        self.template = template
        self.name = name


class Express:
    """Serves what is declared as JSON, at an address without parameters or with one at its end.

    The door, the handlers and the answers to errors are the same as Litestar's way has, and so is what they say. All
    else is left to it: other addresses and methods, streams, documents.
    """

    def __init__(
        self, app: Any, routes: Iterable[tuple[str, HTTPRouteHandler]], door: Door, explain: Mapping[type, Explain]
    ) -> None:
        self._app = app
        self._door = door
        self._explain = explain
        self._stops: dict[tuple[str, str], Stop] = {}
        for path, handler in routes:
            head, _, last = path.rpartition("/")
            name = last[1:].partition(":")[0] if last.startswith("{") else ""
            if "{" in head or handler.opt["endpoint"].media or not handler.opt["endpoint"].tag:
                continue
            template = f"{head}/{{{name}}}" if name else path
            for verb in handler.http_methods:
                self._stops[verb, f"{head}/{{}}" if name else path] = Stop(handler, template, name)

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
            explain = next(self._explain[kind] for kind in type(error).__mro__ if kind in self._explain)
            ready = explain(request, error).to_asgi_response(None, request)
        await ready(scope, receive, send)
