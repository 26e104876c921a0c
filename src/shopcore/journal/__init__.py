"""The journal: everything that happened, appended and never changed."""

from shopcore.journal.model import Entry

__all__ = ["Entry"]
