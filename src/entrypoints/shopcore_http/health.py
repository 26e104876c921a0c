"""Is this process alive, can it serve, and what has it been doing."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.response import Response
from msgspec import Meta

from shopcore.errors import StoreOutdated
from shopcore_http.counter import Counter
from shopcore_http.door import ANYBODY
from shopcore_http.endpoint import endpoint
from shopcore_http.metrics import CONTENT_TYPE, Metrics


class Health(msgspec.Struct):
    status: Annotated[str, Meta(examples=["ok"])]


@endpoint("GET", "/health/live", allow=ANYBODY, counted=False, tag="health", summary="Is the process alive")
async def live() -> Health:
    return Health("ok")


@endpoint(
    "GET",
    "/health/ready",
    allow=ANYBODY,
    counted=False,
    tag="health",
    summary="Can requests be served now",
    refuses=[StoreOutdated],
)
async def ready(counter: Counter) -> Health:
    """503 while the store is out of reach, or at another version than this program."""
    await counter.do(counter.shop.store.ping)
    return Health("ok")


@endpoint(
    "GET",
    "/metrics",
    allow=ANYBODY,
    counted=False,
    tag="health",
    summary="Metrics of this server, for Prometheus",
    media=["text/plain"],
)
async def metrics(measured: Metrics) -> Response[bytes]:
    return Response(measured.text(), media_type=CONTENT_TYPE)


HANDLERS = [live, ready, metrics]
