"""Whole inputs from which mutated ones are made; all invented, and small, so that many can be tried."""

import gzip
import re

from bench.invented.bulk import Bulk
from bench.invented.families import FAMILIES
from bench.invented.pages import UNIQUE, Family, page
from bench.newspapers import PUBLISHED

_URL = "https://bao.example.vn/nguoi-dan-keu-vi-duong-ngap-1234567.htm"
_RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Báo Lau Sậy &ndash; Dân sinh</title><link>https://bao.example.vn</link>
<atom:link href="https://bao.example.vn/rss" rel="self"/><ttl>30</ttl>
<skipHours><hour>1</hour><hour>2</hour><hour>23</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<pubDate>Fri, 20 Nov 2026 08:00:00 +0700</pubDate><lastBuildDate>Fri, 20 Nov 2026 08:00:00 GMT</lastBuildDate>
<item><title><![CDATA[Đường Bến Đò ngập &quot;sâu&quot; nửa mét]]></title>
<link>https://bao.example.vn/duong-ben-do-ngap-sau-100001.htm?utm_source=rss</link>
<guid isPermaLink="true">https://bao.example.vn/?p=100001</guid><dc:creator>Phóng viên</dc:creator>
<pubDate>Fri, 20 Nov 2026 07:30:00 +0700</pubDate><media:thumbnail url="https://anh.example.vn/1.jpg"/>
<description><![CDATA[<a href="/x"><img src="a.jpg"></a></br>Bà con phải <b>kê đồ</b> lên cao &amp; chờ.]]></description>
<content:encoded><![CDATA[<p>Nước lên từ nửa đêm.</p><p>Chưa ai trả lời.</p>]]></content:encoded></item>
<item><title>Chợ Gạo m&#7845;t &#273;i&#7879;n &amp;amp; n&#432;&#7899;c</title><link>/cho-gao-mat-dien-100002.htm</link>
<pubDate>07/03/2026 08:47</pubDate><description>&lt;p&gt;Hai tối liền.&lt;/p&gt;</description></item>
<item><title>Ngày lạ</title><link>https://bao.example.vn/ngay-la-100003.htm</link><pubDate>2026-03-07 08:07</pubDate></item>
<item><title/><link/><guid>khong-phai-dia-chi</guid><pubDate>Thứ Bảy, 7/3/2026, 08:07 (GMT+7)</pubDate></item>
</channel></rss>"""
_ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cong.example.vn/">
<title type="html">Cổng &lt;i&gt;xã Trầm&lt;/i&gt;</title><updated>2026-11-20T01:00:00Z</updated><id>tag:cong</id>
<entry><title>Giếng khoan nhiễm phèn</title><link rel="alternate" href="tin/gieng-khoan-nhiem-phen-55001"/>
<link rel="enclosure" href="a.mp3"/><id>https://cong.example.vn/tin/55001</id>
<published>2026-11-19T22:10:00+07:00</published><updated>2026-11-19T23:10:00.123Z</updated>
<summary type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Nước <b>vàng</b></div></summary></entry>
<entry><title>Không ngày</title><link href="javascript:alert(1)"/><content type="text">x</content></entry></feed>"""
_RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x">
<title>Tin</title></channel><item rdf:about="https://c.example.vn/tin-100-mot-hai-ba"><title>Một</title>
<link>https://c.example.vn/tin-100-mot-hai-ba</link><dc:date>2026-11-19</dc:date></item></rdf:RDF>"""
_JSON = """{"version": "https://jsonfeed.org/version/1.1", "title": "Tin xã", "home_page_url": "https://x.example.vn",
"items": [{"id": "1", "url": "https://x.example.vn/lop-hoc-dot-nat-70001", "title": "Lớp học dột",
"content_html": "<p>Mưa là <b>nghỉ</b>.</p>", "date_published": "2026-11-19T08:00:00+07:00"},
{"id": 2, "external_url": "/b-70002", "summary": "Không tên", "date_modified": 1763500000, "authors": [{"name": "x"}]},
{"id": null, "url": ["x"], "title": {"a": 1}, "date_published": "hôm qua"}]}"""
_SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://bao.example.vn/cau-tam-lung-lay-20001.htm</loc><lastmod>2026-11-19T20:00:00+07:00</lastmod>
<news:news><news:publication><news:name>Báo</news:name><news:language>vi</news:language></news:publication>
<news:publication_date>2026-11-19T19:00:00+07:00</news:publication_date><news:title>Cầu tạm lung lay</news:title>
</news:news><image:image><image:loc>https://anh.example.vn/2.jpg</image:loc></image:image></url>
<url><loc> https://bao.example.vn/a?b=1&amp;c=2 </loc><lastmod>2026-11</lastmod><priority>0.5</priority></url>
<url><loc>ftp://bao.example.vn/x</loc></url><url/></urlset>"""
_INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://bao.example.vn/sitemap-news.xml</loc><lastmod>2026-11-20</lastmod></sitemap>
<sitemap><loc>https://bao.example.vn/sitemaps/2026-11.xml.gz</loc></sitemap>
<sitemap><loc>/sitemap-video.xml</loc><lastmod>x</lastmod></sitemap></sitemapindex>"""
_LISTING = """<!doctype html><html><head><meta charset="utf-8"><title>Dân sinh</title><base href="/muc/"></head><body>
<nav><ul><li><a href="/">Trang chủ</a></li><li><a href="/dan-sinh">Dân sinh</a></li></ul></nav>
<div class="list"><h3 class="story"><a href="cho-ngap-rac-tu-dau-tuan-30001.htm">Chợ ngập rác từ đầu tuần</a></h3>
<p>Tóm tắt</p><h3><a href='/ngo-toi-thieu-den-ca-thang-30002.htm' title=x>Ngõ tối thiếu đèn cả tháng nay</a></h3>
<h3><a href="//m.example.vn/ba-con-lo-mua-bao-30003.htm#c">Bà con lo</a></h3>
<table><tr><td>1<td><a href="?id=40001">Câu hỏi: bao giờ có nước sạch cho xóm Cau?</a><td>12/11/2026</table></div>
<div class="pager"><a class="on" href="?trang=1">1</a><a href="?trang=2">2</a><a rel="next" href="?trang=2">Sau »</a></div>
<script>var a = "<a href='/x'>";</script><footer><a href="/lien-he">Liên hệ</a></footer></body></html>"""

FEEDS: tuple[bytes, ...] = (
    _RSS.format(encoding="utf-8").encode(),
    b"\xef\xbb\xbf" + _RSS.format(encoding="utf-8").encode(),
    _RSS.format(encoding="utf-16").encode("utf-16"),
    _RSS.format(encoding="windows-1258").encode("cp1258", "xmlcharrefreplace"),
    _ATOM.encode(),
    _RDF.encode(),
    _JSON.encode(),
)
SITEMAPS: tuple[bytes, ...] = (
    _SITEMAP.encode(),
    _INDEX.encode(),
    gzip.compress(_SITEMAP.encode()),
    b"https://bao.example.vn/a-b-c-d-1\nhttps://bao.example.vn/a-b-c-d-2\n",
)
LISTINGS: tuple[bytes, ...] = (_LISTING.encode(), _LISTING.encode("utf-16"))

_SMALL = Bulk(
    styles=1, style_bytes=200, scripts=1, script_bytes=200, pictures=1, picture_bytes=200, menus=2,
    menu_links=6, related=2, frames=6, fields=2, attribute_bytes=60, comments=2,
)  # fmt: skip


def _small(family: Family, seed: int) -> bytes:
    slim = Family(family.key, _SMALL, 4, family.article, family.head, family.layout)
    text = page(slim, seed, _URL, PUBLISHED).replace(UNIQUE, "Lau Sậy")
    # The longest thing in it is a portal's hidden field: only its being there matters here.
    return re.sub(r'(?<=__VIEWSTATE" value=")[0-9a-f]+', "7e", text).encode()


PAGES: tuple[bytes, ...] = tuple(_small(family, seed) for seed, family in enumerate(FAMILIES))
LAYOUTS = tuple(family.layout for family in FAMILIES)
ROBOTS: tuple[bytes, ...] = (
    "# Báo\nUser-agent: *\nDisallow: /noi-bo/*$\nAllow: /\nCrawl-delay: 2.5\n"
    "Sitemap: https://bao.example.vn/sitemap.xml\nUser-agent: DanSinh\nUser-agent: x\nDisallow:\n".encode(),
)
SAVED: tuple[bytes, ...] = (
    (
        b'{"url": "https://bao.example.vn/a-b-c-d-50001", "title": "M\\u1ed9t", "published": "2026-11-19T08:00",'
        b' "body": "M\\u1ed9t \\u0111o\\u1ea1n.\\nHai \\u0111o\\u1ea1n."}\n'
        b'{"url": "https://bao.example.vn/a-b-c-d-50002", "html": "<html><h1>Hai</h1><p>x</p></html>"}\n'
    ),
)
