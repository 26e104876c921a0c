"""HTML as a text to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopcore.catalog.feeds.plain import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("Plain text, as it is", "Plain text, as it is"),
        ("Plain\r\nlines  stay", "Plain\nlines stay"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<p>one</p>\n  <p>two\n  and a half</p>", "one\n\ntwo and a half"),
        ("one<br>two<br/>three<BR />four", "one\ntwo\nthree\nfour"),
        ("Pick<ul><li>a</li> <li>b</li></ul>now", "Pick\n\na\nb\n\nnow"),
        ("<div>a</div><div>b</div>c<br><br>d", "a\nb\nc\n\nd"),
        ("<h2>Care</h2>Wash <b>cold</b>.", "Care\n\nWash cold."),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("a&nbsp;&amp;&#32;b &lt;i&gt; &eacute;", "a & b <i> é"),
        ("<style>p { color: red }</style>seen<script>if (a < b) { x('</p>') }</script>", "seen"),
        ("<script>never closed", ""),
        ("a<!-- <p>hidden</p> -->b", "ab"),
        ("a<!-- never closed", "a"),
        ("<![if !supportLists]>a<![endif]>", "a"),
        ("<a title=\"2 > 1\" href='x'>link</a>", "link"),
        ('<a title="stray>link</a> and <b>more</b>', "link and more"),
        ("5 < 6 and 7 > 3, <3", "5 < 6 and 7 > 3, <3"),
        ("<p>cut off <a href=", "cut off <a href="),
        ("<p></p><p></p><p>alone</p><p></p>", "alone"),
    ],
)
def test_html_is_read_as_people_see_it(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_line_feeds_of_the_source_are_kept_where_they_are_meant() -> None:
    assert plain_text("<b>one</b>\ntwo\n\n\n\nthree", keep_lines=True) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    "part",
    [
        "<a ",
        "<!--",
        "</",
        "<",
        "&",
        '<a b="',
        "<a b='",
        "<![CDATA[",
        "<script>",
        "<p>",
        "<x y='\">",
        "&#",
        "\n ",
        " \n",
    ],
)
def test_hostile_html_takes_no_longer_than_its_length(part: str) -> None:
    assert isinstance(plain_text(part * 200_000), str)


@given(st.text(alphabet="<>/!-\"'&;# abpr\n"))
def test_any_text_is_read_and_nothing_of_a_tag_that_ends_is_left(html: str) -> None:
    text = plain_text(html)

    assert text == text.strip()
    assert "\n\n\n" not in text
