"""What docs/deploying.md says of the replica is what is declared."""

from __future__ import annotations

import re

from litestar.routes import HTTPRoute

from shopcore_http import create_app
from shopcore_memory import MemoryStore
from shopcore_settings import Settings
from source_tree import ROOT
from webshop import webshop


def test_the_endpoints_that_it_lists_are_those_that_may_be_answered_from_a_replica() -> None:
    text = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    listed = re.findall(r"^- `([A-Z]+ /\S+)`$", text, re.MULTILINE)

    with webshop(MemoryStore()) as web:
        routes = create_app(web.shop, Settings()).routes
    lagging = {
        f"{verb} {route.path_format}"
        for route in routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "endpoint" in handler.opt and handler.opt["endpoint"].may_lag
        for verb in handler.http_methods
    }

    assert set(listed) == lagging
