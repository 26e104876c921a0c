"""HTML as a text to read: in one pass and with bounded work, whatever the HTML looks like.

Not built on `html.parser`, which takes minutes for 100 KB of unclosed tags.
"""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG_NAME = re.compile(r"/?\s*([a-zA-Z][a-zA-Z0-9]*)")
_TAG_END = re.compile(r"""[^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+>""")
_UNSEEN_END = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style", "template", "iframe")}
_PARAGRAPH = re.compile(r"p|h[1-6]|ul|ol|dl|table|blockquote|pre|section|article|hr")
_LINE = re.compile(r"li|div|tr|dt|dd|figcaption|header|footer")
_CELL = re.compile(r"td|th")
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")
_BLANKS_IN_LINE = re.compile(r"[ \t\r\f\v\xa0]+")
_AROUND_LINE_FEED = re.compile(r" *\n *")
_EMPTY_LINES = re.compile(r"\n{3,}")


def plain_text(html: str, *, keep_lines: bool = False) -> str:
    """`html` without tags: paragraphs a blank line apart, `br` and `li` as line feeds, entities decoded.

    Scripts, styles and comments are dropped. Line feeds of the source count as blanks, unless there is no tag at
    all, or `keep_lines` says that they are meant.
    """
    if not _TAG.search(html):
        return _tidy(unescape(html), _BLANKS_IN_LINE)
    blanks = _BLANKS_IN_LINE if keep_lines else _BLANKS
    text = _Text()
    position = 0
    quotes = True
    while tag := _TAG.search(html, position):
        text.add(blanks.sub(" ", unescape(html[position : tag.start()])))
        end, quotes = _tag_end(html, tag.end(), quotes=quotes)
        if end is None:
            # No tag is closed any more: what looks like one is text.
            position = tag.start()
            break
        match = _TAG_NAME.match(html, tag.end(), end)
        name = match[1].lower() if match else ""
        text.add_tag(name)
        position = _after_unseen(html, name, tag.end(), end)
    text.add(blanks.sub(" ", unescape(html[position:])))
    return _tidy("".join(text.parts), _BLANKS_IN_LINE)


class _Text:
    """The text so far. Line feeds wait for what comes next, so that tags which follow each other add up to one gap."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._gap = 0

    def add(self, text: str) -> None:
        if text.strip():
            self.parts += ["\n" * self._gap, text]
            self._gap = 0
        elif self._gap or "\n" in text:
            self._gap = max(self._gap, text.count("\n"))
        else:
            self.parts.append(text)

    def add_tag(self, name: str) -> None:
        if name == "br":
            self._gap += 1
        elif _PARAGRAPH.fullmatch(name):
            self._gap = max(self._gap, 2)
        elif _LINE.fullmatch(name):
            self._gap = max(self._gap, 1)
        elif _CELL.fullmatch(name):
            self.parts.append(" ")


def _tag_end(html: str, start: int, *, quotes: bool) -> tuple[int | None, bool]:
    """Where the tag ends, and whether quotes still make sense: a stray one must not swallow the text."""
    if html.startswith("!--", start):
        end = html.find("-->", start)
        return (len(html) if end < 0 else end + 3), quotes
    if quotes and (match := _TAG_END.match(html, start)):
        return match.end(), True
    end = html.find(">", start)
    return (None if end < 0 else end + 1), False


def _after_unseen(html: str, name: str, start: int, end: int) -> int:
    """Where to go on after a tag: behind its whole content, if readers do not see that."""
    if name not in _UNSEEN_END or html.startswith("/", start):
        return end
    closing = _UNSEEN_END[name].search(html, end)
    return closing.start() if closing else len(html)


def _tidy(text: str, blanks: re.Pattern[str]) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _EMPTY_LINES.sub("\n\n", _AROUND_LINE_FEED.sub("\n", blanks.sub(" ", text))).strip()
