import itertools
from datetime import UTC, datetime

import pytest

from crawler.kinds.feeds import NotAFeed, parse_feed
from crawler.kinds.naming import Named

URL = "https://song.vn/rss"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Sông Mới</title>
<item><title>Nước &amp;quot;sạch&amp;quot; đục</title><link>/tin/nuoc-duc-1.html</link>
<description><![CDATA[<a href="x"><img src="y"/></a>Nước đục <b>ba</b> ngày.<br/>Dân chờ.]]></description>
<pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate></item>
<item><title>Không có địa chỉ</title></item>
<item><title>Giờ địa phương</title><link>https://song.vn/b</link><pubDate>20/11/2026 08:05</pubDate></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Cổng</title><entry>
<title type="html">Cầu &lt;i&gt;yếu&lt;/i&gt;</title>
<link rel="alternate" href="https://cong.vn/cau"/><updated>2026-11-20T01:00:00Z</updated>
<content type="html">&lt;p&gt;Cầu yếu.&lt;/p&gt;</content></entry></feed>"""
TIME = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


def test_rss() -> None:
    feed = parse_feed(RSS.encode(), URL)
    assert feed.title == "Sông Mới"
    assert feed.items[0] == Named(
        "https://song.vn/tin/nuoc-duc-1.html", 'Nước "sạch" đục', "Nước đục ba ngày. Dân chờ.", TIME
    )
    assert [item.title for item in feed.items] == ['Nước "sạch" đục', "Giờ địa phương"]
    assert feed.items[1].published == TIME.replace(minute=5)


def test_atom() -> None:
    (item,) = parse_feed(ATOM.encode(), URL).items
    assert item == Named("https://cong.vn/cau", "Cầu yếu", "Cầu yếu.", TIME)


@pytest.mark.parametrize(
    "content",
    [
        RSS.encode("utf-8-sig"),
        b"\n\n  " + RSS.encode(),
        RSS.replace('encoding="utf-8"', 'encoding="utf-16"').encode(),
        RSS.replace('encoding="utf-8"', 'encoding="us-ascii"').encode(),
        RSS.encode("utf-16"),
        RSS.replace("</channel></rss>", "").encode(),
        RSS.replace("Giờ địa phương", "Giờ & địa phương").encode(),
    ],
    ids=["mark", "blank lines", "says utf-16", "says ascii", "is utf-16", "cut off", "bare ampersand"],
)
def test_what_feeds_get_wrong(content: bytes) -> None:
    feed = parse_feed(content, URL)
    assert feed.items[0].title == 'Nước "sạch" đục'
    assert len(feed.items) == 2


def test_an_empty_feed_is_a_feed() -> None:
    assert parse_feed(b'<rss version="2.0"><channel/></rss>', URL).items == ()


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"<html><p>x</p></html>", b"{}", b"\xff\xd8\xff\xe0", b"<a><b>"]
)
def test_what_is_no_feed(content: bytes) -> None:
    with pytest.raises(NotAFeed, match="is not a feed") as raised:
        parse_feed(content, URL)
    assert raised.value.remedy


def test_entities_are_not_unfolded_without_end() -> None:
    names = "abcdefghij"
    entities = "".join(
        f'<!ENTITY {later} "{f"&{earlier};" * 10}">' for earlier, later in itertools.pairwise(names)
    )
    channel = '<rss version="2.0"><channel><title>&j;</title></channel></rss>'
    bomb = f'<!DOCTYPE rss [<!ENTITY a "x">{entities}]>{channel}'
    feed = parse_feed(bomb.encode(), URL)
    assert len(feed.title or "") < 10_000
