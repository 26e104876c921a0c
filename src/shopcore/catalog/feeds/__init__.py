"""Product files of other shops: read row by row, whatever is wrong with some of the rows."""

from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.feeds.formats import FORMATS, read_feed, sniff
from shopcore.catalog.feeds.jsonl import write_jsonl
from shopcore.catalog.feeds.rows import BadRow, FeedRow, Reader, SkippedRow
from shopcore.catalog.feeds.source import text_lines

__all__ = [
    "FORMATS",
    "read_feed",
    "sniff",
    "ItemDraft",
    "BadRow",
    "SkippedRow",
    "FeedRow",
    "Reader",
    "text_lines",
    "write_jsonl",
]
