"""`shopcore prove`: promises of the shop, put to the test on your own database."""

from shopcore_cli.prove.command import app

__all__ = ["app"]
