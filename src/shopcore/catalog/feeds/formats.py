"""Which formats there are, and how to tell one from another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import IO

from shopcore.catalog.feeds import jsonl, shopify, woocommerce
from shopcore.catalog.feeds.rows import FeedRow, Reader
from shopcore.catalog.feeds.source import clean_lines, text_lines
from shopcore.catalog.feeds.table import header_of
from shopcore.errors import InvalidInput

FORMATS: Mapping[str, Reader] = {
    "shopify": shopify.read,
    "woocommerce": woocommerce.read,
    "jsonl": jsonl.read,
}


def sniff(first_line: str, filename: str = "") -> str:
    """The name of the format of a file that begins with `first_line`; its own name helps where that says nothing.

    Raises InvalidInput where it is none of FORMATS.
    """
    line = first_line.removeprefix("\ufeff").strip()
    if line.startswith("{"):
        return "jsonl"
    header = header_of(line)
    if shopify.fits(header):
        return "shopify"
    if woocommerce.fits(header):
        return "woocommerce"
    if filename.casefold().removesuffix(".gz").endswith((".jsonl", ".ndjson")):
        return "jsonl"
    raise InvalidInput("file", f"is in none of the known formats {', '.join(FORMATS)}: name its format")


def read_feed(
    file: IO[bytes], *, currency: str, format_name: str | None = None, filename: str = ""
) -> Iterator[FeedRow]:
    """Read a product file, plain or compressed with gzip, in the named format or else in the one it looks like.

    Raises InvalidInput where the file as a whole cannot be read; see `Reader`.
    """
    if format_name is not None and format_name not in FORMATS:
        raise InvalidInput("format", f"must be one of {', '.join(FORMATS)}")
    lines = clean_lines(text_lines(file))
    before = []
    for line in lines:
        before.append(line)
        if line.strip(" \t\r\n"):
            break
    name = format_name or sniff(before[-1] if before else "", filename)
    yield from FORMATS[name](chain(before, lines), currency=currency)
