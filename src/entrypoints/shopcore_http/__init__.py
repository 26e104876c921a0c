"""The shop over HTTP: a Litestar application, and a server for it."""

from shopcore_http.app import create_app

__all__ = ["create_app"]
