"""`shopcore serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from shopcore_cli.apps import example, single

app = single()


@app.command(epilog=example("shopcore serve --host 0.0.0.0 --port 8000 --workers 2"))
def serve(
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 is every one.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen at.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes that serve.")] = 1,
) -> None:
    """Serve the shop over HTTP, until stopped.

    An empty or older SQLite database is brought up to date; an older PostgreSQL one is refused. On PostgreSQL run
    `shopcore worker` beside it; on SQLite the server does that work itself.
    """
    from shopcore_http.serve import serve

    serve(host=host, port=port, workers=workers)
