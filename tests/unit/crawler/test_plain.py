"""Words without markup and without characters that no letter can hold."""

import pytest

from crawler.extraction import extract
from crawler.kinds.feeds import parse_feed
from crawler.plain import one_line, plain_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Hố\x02 sụt", "Hố sụt"),
        ("Hố \x02 sụt", "Hố sụt"),
        ("Hố\x0csụt", "Hố sụt"),
        ("Hố\x1fsụt\x7f", "Hố sụt\x7f"),
        ("\ufeffHố\uffff sụt\ud800", "Hố sụt"),
        ("Hố\u200b s\u00adụt", "Hố sụt"),
        ("Hố sụt 🕳", "Hố sụt 🕳"),
        ("\x01 \x02", None),
    ],
)
def test_characters_that_no_letter_can_hold_are_left_out(written: str, kept: str | None) -> None:
    assert one_line("\x00" + written) == kept
    assert one_line(written) == kept
    assert plain_text(f"<b>{written}</b>") == kept


def test_a_page_and_a_feed_that_hold_them() -> None:
    body = "".join(f"<p>Đoạn thứ {number}&#1; của một bài viết hư cấu&#11;để thử.</p>" for number in range(9))
    page = (
        '<meta charset="utf-8"><meta property="og:title" content="Hố&#2; sụt giữa đường">'
        '<meta property="article:published_time" content="2026-11-20T08:00:00+07:00">'
        f"<h1>Hố&#2; sụt giữa đường</h1><div itemprop='articleBody'>{body}</div>"
    )
    found = extract(page, "https://song.vn/ho-sut-giua-duong-1.html")
    assert found.title == "Hố sụt giữa đường"
    assert found.body is not None
    assert found.body.startswith("Đoạn thứ 0 của một bài viết hư cấu để thử.")
    feed = (
        "<rss version='2.0'><channel><item><title>Hố&amp;#2; sụt</title><link>https://song.vn/a</link></item>"
    )
    (item,) = parse_feed(f"{feed}</channel></rss>".encode(), "https://song.vn/rss").items
    assert item.title == "Hố sụt"
