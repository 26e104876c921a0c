"""What a page of our documentation shows, to be run as it stands there."""

from __future__ import annotations

import re

from source_tree import ROOT


def files_of(page: str) -> dict[str, str]:
    """The files that a page shows, by name: each is a block below `<!-- file: NAME -->`."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", text, re.DOTALL))
