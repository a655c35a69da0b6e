"""Feeds of every format. All samples are invented."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from crawler.kinds.feeds import NotAFeed, parse_feed
from crawler.kinds.naming import Named

URL = "https://song.vn/rss/home.rss"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Sông Mới</title>
<item><title>Nước &amp;quot;sạch&amp;quot; đục</title><link>/tin/nuoc-duc-1.html</link>
<description><![CDATA[<a href="x"><img src="y"/></a>Nước đục <b>ba</b> ngày.<br/>Dân chờ.]]></description>
<pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate></item>
<item><title>Không có địa chỉ</title></item>
<item><title>Giờ địa phương</title><link>https://song.vn/b</link><pubDate>20/11/2026 08:05</pubDate></item>
</channel></rss>"""
TIME = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
ITEM = Named("https://song.vn/cau", "Cầu yếu", "Cầu yếu đã lâu.", TIME)

RSS_ITEM = """<item><title>Cầu yếu</title><link>https://song.vn/cau</link>
<description>Cầu yếu đã lâu.</description>{date}</item>"""
PUB_DATE = "<pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate>"
RDF_NS = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
DC_NS = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
DC_DATE = "<dc:date>2026-11-20T08:00:00+07:00</dc:date>"
FORMATS = {
    "RSS 0.90": f"""<rdf:RDF {RDF_NS} xmlns="http://my.netscape.com/rdf/simple/0.9/">
        <channel><title>S</title></channel>{RSS_ITEM.format(date="")}</rdf:RDF>""",
    "RSS 0.91": f"""<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
        "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>S</title>
        {RSS_ITEM.format(date="")}</channel></rss>""",
    **{
        f"RSS {version}": f"""<rss version="{version}"><channel><title>S</title>
        {RSS_ITEM.format(date=PUB_DATE)}</channel></rss>"""
        for version in ("0.92", "0.93", "0.94", "2.0", "2.0.1")
    },
    "RSS 1.0": f"""<rdf:RDF {RDF_NS} xmlns="http://purl.org/rss/1.0/" {DC_NS}>
        <channel rdf:about="https://song.vn/"><title>S</title></channel>
        {RSS_ITEM.format(date=DC_DATE).replace("<item>", '<item rdf:about="https://song.vn/cau">')}</rdf:RDF>""",
    "Atom 0.3": """<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>S</title><entry>
        <title>Cầu yếu</title><link rel="alternate" type="text/html" href="https://song.vn/cau"/>
        <issued>2026-11-20T08:00:00+07:00</issued><modified>2026-11-20T09:00:00+07:00</modified>
        <summary>Cầu yếu đã lâu.</summary></entry></feed>""",
    "Atom 1.0": """<feed xmlns="http://www.w3.org/2005/Atom"><title>S</title><entry>
        <title type="html">Cầu &lt;i&gt;yếu&lt;/i&gt;</title><link rel="self" href="https://song.vn/cau.atom"/>
        <link href="https://song.vn/cau"/><published>2026-11-20T01:00:00Z</published>
        <updated>2026-11-20T02:00:00Z</updated>
        <content type="html">&lt;p&gt;Cầu yếu đã lâu.&lt;/p&gt;</content></entry></feed>""",
    **{
        f"JSON Feed {version}": json.dumps(
            {
                "version": f"https://jsonfeed.org/version/{version}",
                "title": "S",
                "items": [
                    {
                        "id": "https://song.vn/cau",
                        "title": "Cầu yếu",
                        "content_html": "<p>Cầu yếu đã lâu.</p>",
                        "date_published": "2026-11-20T08:00:00+07:00",
                        "date_modified": "2026-11-20T09:00:00+07:00",
                        "author": {"name": "Trần Văn Viết"},
                        "authors": [{"name": "Trần Văn Viết"}],
                    },
                    {"title": "Không có địa chỉ", "id": 7},
                    "không phải mục",
                ],
            }
        )
        for version in ("1", "1.1")
    },
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format(name: str) -> None:
    (item,) = parse_feed(FORMATS[name].encode(), URL).items
    assert (item.url, item.title, item.summary) == (ITEM.url, ITEM.title, ITEM.summary)
    dated = name not in {"RSS 0.90", "RSS 0.91"}
    assert item.published == (TIME if dated else None)
    if name.startswith(("Atom", "JSON")):
        assert item.changed == TIME + timedelta(hours=1)


def test_rss() -> None:
    feed = parse_feed(RSS.encode(), URL)
    assert feed.title == "Sông Mới"
    assert feed.items[0] == Named(
        "https://song.vn/tin/nuoc-duc-1.html", 'Nước "sạch" đục', "Nước đục ba ngày. Dân chờ.", TIME
    )
    assert [item.title for item in feed.items] == ['Nước "sạch" đục', "Giờ địa phương"]
    assert feed.items[1].published == TIME.replace(minute=5)


def windows_1258(text: str) -> bytes:
    from tests.unit.crawler.test_encoding import in_windows_1258

    return in_windows_1258(text)


@pytest.mark.parametrize(
    "content",
    [
        RSS.encode("utf-8-sig"),
        b"\n\n  " + RSS.encode(),
        b"<br />\n<b>Warning</b>: mysql_connect() in /index.php on line 3<br />\n" + RSS.encode(),
        RSS.replace('encoding="utf-8"', 'encoding="utf-16"').encode(),
        RSS.replace('encoding="utf-8"', 'encoding="us-ascii"').encode(),
        RSS.encode("utf-16"),
        RSS.encode("utf-16-le"),
        RSS.encode("utf-16-be"),
        b"\xfe\xff" + RSS.encode("utf-16-be"),
        windows_1258(RSS),
        windows_1258(RSS.replace('encoding="utf-8"', 'encoding="windows-1258"')),
        windows_1258(RSS.replace('encoding="utf-8"', 'encoding="iso-8859-1"')),
        RSS.replace("</channel></rss>", "").encode(),
        RSS.replace("</item>\n</channel></rss>", "").encode(),
        RSS.replace("</pubDate></item>\n</channel></rss>", "").encode(),
        RSS.replace("Giờ địa phương", "Giờ & địa phương").encode(),
        RSS.replace("Giờ địa phương", "Giờ &agrave;\x02 <b>địa phương").encode(),
        RSS.replace("Sông Mới", "Sông\x0b Mới\x00").encode(),
        RSS.replace("<item><title>Không", "<item><guid isPermaLink='false'>7</guid><title>Không").encode(),
        RSS.replace("https://song.vn/b", "\n <![CDATA[ https://song.vn/b ]]>\n").encode(),
        RSS.replace("<link>https://song.vn/b</link>", "<guid>https://song.vn/b</guid>").encode(),
        RSS.replace("https://song.vn/b", "https://song.vn/b?utm_source=rss&amp;utm_medium=x").encode(),
        RSS.replace("https://song.vn/b</link>", "https://demphuc.vn/~r/1</link>"
            "<feedburner:origLink xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'>"
            "https://song.vn/b</feedburner:origLink>").encode(),
        RSS.replace("</channel>", "<item><title>Lại</title><link>http://www.song.vn/b?fbclid=1</link></item>"
            "</channel>").encode(),
    ],
    ids=[
        "mark", "blank lines", "a program's warning", "says utf-16", "says ascii", "is utf-16", "little end",
        "big end", "big end with mark", "says utf-8, is windows-1258", "windows-1258",
        "says iso-8859-1, is windows-1258", "cut off", "cut off in the channel", "cut off in a date",
        "bare ampersand", "entities and open tags", "control characters", "identifier", "address in CDATA",
        "address as identifier", "tracking", "feedburner", "named twice",
    ],
)  # fmt: skip
def test_what_feeds_get_wrong(content: bytes) -> None:
    feed = parse_feed(content, URL)
    assert feed.title == "Sông Mới"
    assert feed.items[0] == Named(
        "https://song.vn/tin/nuoc-duc-1.html", 'Nước "sạch" đục', "Nước đục ba ngày. Dân chờ.", TIME
    )
    assert [item.url for item in feed.items] == [feed.items[0].url, "https://song.vn/b"]


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("<![CDATA[<a href='x'><img src='y'></a></br>Nước đục ba ngày.]]>", "Nước đục ba ngày."),
        ("&lt;a href='x'&gt;&lt;img src='y'&gt;&lt;/a&gt;&lt;/br&gt;Nước đục.", "Nước đục."),
        ("&amp;lt;p&amp;gt;Nước &amp;amp;amp; đất&amp;lt;/p&amp;gt;", "Nước & đất"),
        ("<![CDATA[N&#432;&#7899;c &agrave; &amp;quot;s&#7841;ch&amp;quot;]]>", 'Nước à "sạch"'),
        ("<![CDATA[Giá < 5 triệu và > 3]]>", "Giá < 5 triệu và > 3"),
        ("<![CDATA[Dòng một\x0c\x07dòng <!-- ẩn --> hai<script>alert(1)</script>]]>", "Dòng một dòng hai"),
        ("<![CDATA[" + "<div>" * 3000 + "Sâu.]]>", "Sâu."),
        ("", None),
    ],
)
def test_summaries(description: str, summary: str | None) -> None:
    item = f"<item><title>T</title><link>/a</link><description>{description}</description></item>"
    feed = parse_feed(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), URL)
    assert feed.items[0].summary == summary


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("07/03/2026 08:47", "2026-03-07T08:47+07:00"),
        ("2026-03-07 08:07", "2026-03-07T08:07+07:00"),
        ("2026-03-07T08:07:11", "2026-03-07T08:07+07:00"),
        ("2026-03-07T01:07:11Z", "2026-03-07T01:07+00:00"),
        ("Sat, 07 Mar 2026 08:07:11 GMT+7", "2026-03-07T08:07+07:00"),
        ("<![CDATA[ Thứ bảy, 07/03/2026 - 08:07 ]]>", "2026-03-07T08:07+07:00"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0001-01-01T00:00:00", None),
        ("hôm qua", None),
    ],
)
def test_times(date: str, iso: str | None) -> None:
    item = f"<item><title>T</title><link>/a</link><pubDate>{date}</pubDate></item>"
    (read,) = parse_feed(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), URL).items
    assert (read.published.isoformat(timespec="minutes") if read.published else None) == iso


def test_who_writes_and_who_comments_is_not_read() -> None:
    people = """<author>viet@song.vn (Trần Văn Viết)</author><dc:creator>Trần Văn Viết</dc:creator>
        <comments>https://song.vn/cau/binh-luan</comments><slash:comments>7</slash:comments>
        <wfw:commentRss>https://song.vn/cau/binh-luan.rss</wfw:commentRss>"""
    namespaces = f"""{DC_NS} xmlns:slash="http://purl.org/rss/1.0/modules/slash/"
        xmlns:wfw="http://wellformedweb.org/CommentAPI/" """
    item = RSS_ITEM.format(date=PUB_DATE + people)
    feed = parse_feed(f'<rss version="2.0" {namespaces}><channel>{item}</channel></rss>'.encode(), URL)
    assert feed.items == (ITEM,)


def test_a_feed_that_lists_an_archive() -> None:
    """Ten thousand items: the newest are read, wherever they stand, and quickly."""
    first = datetime(2020, 1, 1, tzinfo=UTC)
    items = "".join(
        f"<item><title>Tin {day}</title><link>/tin-{day}</link><description>Đường hỏng.</description>"
        f"<pubDate>{(first + timedelta(hours=day)).isoformat()}</pubDate></item>"
        for day in range(10_000)
    )
    feed = parse_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), URL)
    numbers = [int(item.url.rpartition("-")[2]) for item in feed.items]
    assert numbers == list(range(9_000, 10_000))
    assert "names 9000 items more" in feed.notices[0].what
    listed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": f"/{n}"} for n in range(1500)]}
    assert len(parse_feed(json.dumps(listed).encode(), URL).items) == 1000


def test_items_with_tags_without_end() -> None:
    """The parser's time goes with the tags: of items stuffed with them fewer are read, the newest."""
    items = "".join(
        f"<item><link>/tin-{hour}</link><pubDate>{hour:02}:00 20/11/2026</pubDate>{'<a></a>' * 5000}</item>"
        for hour in range(20)
    )
    feed = parse_feed(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), URL)
    assert [item.url.rpartition("-")[2] for item in feed.items] == ["17", "18", "19"]
    assert "names 17 items more" in feed.notices[0].what


def test_texts_without_end_are_shortened() -> None:
    text = "Đường hỏng. " * 30_000
    item = f"<item><title>{text}</title><link>/a</link><description>{text}</description></item>"
    feed = parse_feed(f'<rss version="2.0"><channel>{item * 2}</channel></rss>'.encode(), URL)
    assert len(feed.items[0].title or "") <= 502
    assert "more than 100,000 characters" in feed.notices[0].what
    short = f"<item><title>T</title><link>/a</link><description>{text[:50_000]}</description></item>"
    (item_read,) = parse_feed(f'<rss version="2.0"><channel>{short}</channel></rss>'.encode(), URL).items
    assert 19_000 < len(item_read.summary or "") <= 20_002
    assert (item_read.summary or "").endswith(" …")


@pytest.mark.parametrize(
    "inner",
    [
        "<d>" * 200_000, "<item>" * 100_000, "<title>" * 100_000, "<![CDATA[" * 50_000, "<a " * 100_000,
        "&" * 500_000,
    ],
    ids=["depth", "items", "titles", "CDATA", "half tags", "ampersands"],
)  # fmt: skip
@pytest.mark.timeout(30)
def test_a_feed_made_to_exhaust_is_read_in_a_moment(inner: str) -> None:
    feed = f'<rss version="2.0"><channel><item><title>T</title><link>/a</link></item>{inner}'
    assert parse_feed(feed.encode(), URL).items[0].url == "https://song.vn/a"


@pytest.mark.parametrize(
    "content", [b"{" * 100_000, b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 100_000]
)
def test_json_made_to_exhaust(content: bytes) -> None:
    with pytest.raises(NotAFeed, match="no JSON Feed"):
        parse_feed(content, URL)


def test_an_address_longer_than_any_pages_is_left_out() -> None:
    item = f"<item><title>T</title><link>https://song.vn/{'a' * 2048}</link></item>"
    assert parse_feed(f'<rss version="2.0"><channel>{item}</channel></rss>'.encode(), URL).items == ()


def test_an_address_that_is_cut_off_names_no_page() -> None:
    text = (
        '<rss version="2.0"><channel><item><title>T</title><link>/a</link></item><item><link>https://song.v'
    )
    assert [item.url for item in parse_feed(text.encode(), URL).items] == ["https://song.vn/a"]


def test_relative_links_are_the_sites() -> None:
    channel = "<link>https://www.song.vn/</link><item><title>T</title><link>tin-1.html</link></item>"
    feed = parse_feed(f'<rss version="2.0"><channel>{channel}</channel></rss>'.encode(), URL)
    assert feed.items[0].url == "https://www.song.vn/tin-1.html"
    elsewhere = channel.replace("www.song.vn", "may-chu-cu.example")
    feed = parse_feed(f'<rss version="2.0"><channel>{elsewhere}</channel></rss>'.encode(), URL)
    assert feed.items[0].url == "https://song.vn/rss/tin-1.html"


def test_an_empty_feed_is_a_feed() -> None:
    assert parse_feed(b'<rss version="2.0"><channel/></rss>', URL).items == ()
    assert parse_feed(b'{"version": "https://jsonfeed.org/version/1", "items": []}', URL).items == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"<!-- loi --><!DOCTYPE html><html><p>rss</p></html>", "an HTML page"),
        (b"<HTML><p>x</p></html>", "an HTML page"),
        (b"{}", "no JSON Feed"),
        (b'{"items": [], "version": 2}', "no JSON Feed"),
        (b"\xff\xd8\xff\xe0", "not RSS or Atom"),
        (b"<a><b>", "not RSS or Atom"),
        (b"<urlset><url/></urlset>", "not RSS or Atom"),
        (b"/etc/hostname", "not RSS or Atom"),
        (b"https://song.vn/rss", "not RSS or Atom"),
    ],
)
def test_what_is_no_feed(content: bytes, why: str) -> None:
    with pytest.raises(NotAFeed, match="is not a feed") as raised:
        parse_feed(content, URL)
    assert why in raised.value.what
    assert raised.value.remedy


def test_no_entity_is_unfolded_and_no_file_is_opened() -> None:
    names = "abcdefghij"
    entities = "".join(
        f'<!ENTITY {later} "{f"&{earlier};" * 10}">' for earlier, later in itertools.pairwise(names)
    )
    entities += '<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY % g SYSTEM "http://127.0.0.1:1/x"> %g;'
    item = "<item><title>T &f;</title><link>/a</link><description>&j;&f;</description></item>"
    channel = f'<rss version="2.0"><channel><title>&j;&f;</title>{item}</channel></rss>'
    feed = parse_feed(f'<!DOCTYPE rss [<!ENTITY a "x">{entities}]>{channel}'.encode(), URL)
    assert (feed.title, feed.items[0].title, feed.items[0].summary) == ("&j;&f;", "T &f;", "&j;&f;")
