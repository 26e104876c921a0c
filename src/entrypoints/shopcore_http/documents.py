"""The OpenAPI document and a page for people, served without help of the internet."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from typing import Annotated, Any

import msgspec
from litestar.connection import Request
from litestar.datastructures import State
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Response
from msgspec import Meta

from shopcore_http.door import ANYBODY
from shopcore_http.endpoint import endpoint
from shopcore_http.reply import Reply, encode
from shopcore_http.schema import document

_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "page.js": "text/javascript",
    "favicon.png": "image/png",
}
_PAGE_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"


class Document(msgspec.Struct):
    """An OpenAPI document."""

    openapi: Annotated[str, Meta(examples=["3.1.0"])]
    info: dict[str, Any]
    paths: dict[str, Any]
    components: dict[str, Any]


@endpoint("GET", "/schema/openapi.json", allow=ANYBODY, counted=False, tag="documents", summary="This document")
async def openapi(request: Request[Any, Any, State]) -> Reply[Document]:
    state = request.app.state
    if state.get("openapi") is None:
        made = document(request.app.routes, version=installed_version(), server=state.server)
        state.openapi = encode(made)
    return Reply(state.openapi)


@endpoint("GET", "/", allow=ANYBODY, counted=False, tag="", summary="The front page")
async def front() -> Redirect:
    return Redirect("schema")


@endpoint(
    "GET", "/schema", allow=ANYBODY, counted=False, tag="documents", summary="A page for people", media=["text/html"]
)
async def page(request: Request[Any, Any, State]) -> Response[bytes] | Redirect:
    if request.scope["raw_path"].endswith(b"/"):  # the router takes that for the same path
        return Redirect("../schema")  # the page names its parts relative to where it is
    return Response(_content("index.html"), media_type="text/html", headers={"Content-Security-Policy": _PAGE_POLICY})


@endpoint(
    "GET", "/schema/static/{name:str}", allow=ANYBODY, counted=False, tag="", summary="Its parts", media=["text/css"]
)
async def static(name: str) -> Response[bytes]:
    if name not in _FILES:
        raise NotFoundException
    return Response(_content(name), media_type=_FILES[name], headers={"Cache-Control": "public, max-age=3600"})


def installed_version() -> str:
    """Of the installed distribution; a source tree that is not installed has none."""
    try:
        return version("shopcore")
    except PackageNotFoundError:
        return "0"


@cache
def _content(name: str) -> bytes:
    return (files("shopcore_http") / "static" / name).read_bytes()


HANDLERS = [front, openapi, page, static]
