"""Inputs that once broke a reader, as small as they could be made."""

import pytest

from tests.fuzz.test_mutations import try_one

# Counting lines takes longer than reading: what a reader takes by itself is limited here.
pytestmark = pytest.mark.no_cover

FOUND: tuple[tuple[str, bytes], ...] = (
    # References to characters that do not exist, where feedparser reads loosely.
    ("feed", b"<feed <d>&#9999999999;"),
    ("feed", b"<feed <t>&#xD800;"),
    ("feed", b"<feed\n<d>&#1114112;"),
    # An address with a NUL in it.
    ("feed", b"<channel><item<link>.&#0;</link>"),
    ("saved", b'{"url":"http://\x00","html":">"}'),
    # A link outside of what feedparser takes for an item.
    ("feed", b"<channel <item<link</item</link>"),
    # A lone surrogate is no text, and no name either.
    ("sitemap", b'<sitemapindex s=""><sitemap><loc>&#xD800;</c>'),
    ("sitemap", b'<urlset xmlns="&#xD800;"</c>'),
    # Work that grew with the square of what a page repeats.
    ("listing-selected", b"<html><h3>" + b"<p><a href=x>" * 3000),
    ("listing-selected", b"<html>" + b"<h3><a href=/tin-bai-a-b-c-12345.htm>x</a>" * 3000),
    ("page", b"<html><h1>x</h1>" + b"<div itemprop=articleBody><p>x</p>" * 9000),
    ("page", b"<html><h1>x</h1>" + b"<article>" * 30_000),
    ("page", b"<html><h1>x</h1>" + b"<p><a href=x>" * 20_000),
    ("page", b"<html><h1>x</h1>" + b"<table><tr><td>" * 20_000),
    ("page", b"<html><h1>x</h1>" + b'<span class="date">19/11/2026 08:00</span>' * 30_000),
    ("page", b"<html><h1>x</h1>" + b"<pubDate>19/11/2026</pubDate>" * 40_000),
)

PIECES: tuple[bytes, ...] = (
    b"<div>", b"<p>a</p>", b"<ul><li>", b"<b>x", b"<br>", b"<h1>x</h1>", b"<title>x</title>", b"<article>",
    b'<a href="/tin-bai-a-b-c-12345.htm">x</a>', b'<div class="comment related">x</div>',
    b'<time datetime="2026-11-19">x</time>', b"<meta name=a content=b>", b"<figure><figcaption>x",
    b'<script type="application/ld+json">{"@type":"NewsArticle"}</script>', b"<script>", b"<!--", b"<![CDATA[",
    b"]]>", b"a", b"a ", b" ", b"\n", b"1/", b"19/11/2026 ", b"&amp;", b"&", b"&#", b"<", b'"', b"{", b"[",
    b'{"a":', b"x-", b"http://", b"\xcc\x81", b"\xe1\xba\xa1",
    b"<item><title>x</title><link>http://b.vn/a</link></item>", b"<url><loc>http://b.vn/a</loc></url>", b"<loc>",
    b"<pubDate>19/11/2026</pubDate>", b"<skipHours><hour>1</hour>", b"<ttl>", b"Disallow: /*a*a*a*a*a*b$\n",
    b"Disallow: /" + b"*a" * 50 + b"\n",
)  # fmt: skip
WRAPPED: dict[str, bytes] = {
    "page": b'<html><head><title>Mot</title><meta property="article:published_time" '
    b'content="2026-11-19T08:00:00+07:00"></head><body><h1>Mot hai ba</h1>%s<p>xin chao</p>',
    "listing": b"<html><body>%s",
    "feed": b'<rss version="2.0"><channel><title>x</title>%s</channel></rss>',
    "sitemap": b"<urlset>%s</urlset>",
    "robots": b"User-agent: *\n%s",
    "saved": b"%s",
}
SIZE = 150_000


@pytest.mark.parametrize(("name", "content"), FOUND)
def test_an_input_that_once_broke_a_reader(name: str, content: bytes) -> None:
    try_one(name, content)


@pytest.mark.parametrize("name", WRAPPED)
def test_one_piece_many_times_over(name: str) -> None:
    for piece in PIECES:
        try_one(name, WRAPPED[name].replace(b"%s", piece * (SIZE // len(piece))))
