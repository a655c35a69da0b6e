"""Which links of a listing lead to articles. All pages are invented; their makes are those of real sites."""

import pytest

from crawler.kinds.listings import read_listing
from crawler.kinds.naming import UnreadableSource

URL = "https://song.vn/do-thi.htm"
MENU = """<header class="site-header"><a href="/thoi-su.htm">Thời sự</a>
<a href="/thoi-su/sap-xep-don-vi-hanh-chinh.htm">Sắp xếp đơn vị hành chính</a></header>
<ul class="main-menu"><li><a href="/phap-luat/ho-so-vu-an.htm">Hồ sơ vụ án</a></li>
<li><a href="/chu-de/51-luat-duoc-thong-qua-tai-ky-hop-274.htm">
51 luật được thông qua tại kỳ họp vừa qua</a></li></ul>"""
FOOTER = """<div class="footer-list"><a href="/chinh-sach-bao-mat-du-lieu-ca-nhan-20190514153010649.htm">
Chính sách bảo mật dữ liệu cá nhân của bạn đọc</a></div>"""
ASIDE = """<div class="tags"><a href="/tag/nuoc-sach-nong-thon-mien-nui-123456.htm">
nước sạch nông thôn miền núi xa</a></div>
<a href="/video/nguoi-dan-xep-hang-cho-nuoc-sach-187983.htm">Người dân xếp hàng chờ nước sạch từ sáng sớm</a>
<a href="/tac-gia/tran-van-viet-123456.htm">Trần Văn Viết, phóng viên thường trú ở tỉnh</a>
<a href="/do-thi/trang-2.htm">2</a>
<a href="https://khac.vn/tin-123456789.htm">Một bài của nơi khác được dẫn lại ở đây</a>
<a href="/">Trang chủ của báo điện tử Sông Mới hôm nay</a><a href="mailto:toasoan@song.vn">Thư</a>"""

HEADLINE = "Hố sụt giữa đường nhiều tháng chưa ai sửa"


def listing(*anchors: str) -> bytes:
    cards = "".join(f"<div class='card'>{anchor}</div>" for anchor in anchors)
    return f"<html><body>{MENU}<main>{cards}</main>{ASIDE}{FOOTER}</body></html>".encode()


def numbered(number: int) -> str:
    return f"/do-thi/ho-sut-giua-duong-nhieu-thang-{number}.htm"


SITES = {
    # what its articles are called: (addresses of articles, addresses of something else)
    "a stamp of date and time": (
        [numbered(20260306110524534 + step) for step in range(6)],
        ["/do-thi/nhip-song-do-thi.htm", "/event/duong-dua-phim-tet-2026-8367.htm"],
    ),
    "a number that grows by a digit": (
        [numbered(99_997 + step) for step in range(6)],
        ["/su-kien/gia-vang-e592.htm"],
    ),
    "words alone": (
        [f"/do-thi/ho-sut-giua-duong-lan-thu-{word}" for word in ("mot", "hai", "ba", "bon", "nam", "sau")],
        [],
    ),
    "an identifier": (
        [f"/hoi-dap/chi-tiet/ab7d473e-21c9-4950-8ae2-94{step}c1c7605af?page=/" for step in range(6)],
        ["/hoi-dap/linh-vuc-123456"],
    ),
    "a number in the query": (
        [f"/Pages/chi-tiet.aspx?ItemID={step}&CatID=4" for step in range(6)],
        ["/Pages/gioi-thieu.aspx"],
    ),
    "a number of three digits, as NukeViet's": (
        [f"/vi/news/do-thi/ho-sut-giua-duong-{step}.html" for step in range(220, 226)],
        [],
    ),
    "directories, as WordPress's": (
        [f"/2026/11/20/ho-sut-giua-duong-lan-{word}/" for word in ("mot", "hai", "ba", "bon", "nam", "sau")],
        [],
    ),
}


@pytest.mark.parametrize("make", SITES)
def test_articles_and_nothing_else(make: str) -> None:
    articles, others = SITES[make]
    anchors = [
        f'<h3><a href="{path}">{HEADLINE}</a></h3><a href="{path}"><img alt=""></a>' for path in articles
    ]
    anchors += [f'<a href="{path}">Nhịp sống</a>' for path in others]
    named = [named.url.removeprefix("https://song.vn") for named in read_listing(listing(*anchors), URL)]
    assert named == articles


def test_short_texts_on_long_addresses() -> None:
    """A picture, a count of readers: the address says it is an article; a section's name says no more."""
    section = "/thoi-su/bau-cu-dai-bieu-quoc-hoi.htm"
    content = listing(
        '<a href="/do-thi/ho-sut-giua-duong-nhieu-thang.htm"><img alt="Hố"></a>',
        f'<a href="{section}">Bầu cử đại biểu Quốc hội</a>',
    )
    assert [named.url for named in read_listing(content, URL)] == [
        "https://song.vn/do-thi/ho-sut-giua-duong-nhieu-thang.htm"
    ]


def test_a_number_shorter_than_the_articles_is_a_topics() -> None:
    """Also where its name reads like a headline."""
    topic = "/do-thi/nguoi-viet-o-vung-lu-va-nhung-ngay-cho-nuoc-rut-8377.htm"
    anchors = [f'<h3><a href="{numbered(20260306110524534 + step)}">{HEADLINE}</a></h3>' for step in range(6)]
    content = listing(*anchors, f'<h3><a href="{topic}">{HEADLINE}</a></h3>')
    assert len(read_listing(content, URL)) == 6


def test_one_page_is_named_once_and_without_tracking() -> None:
    first, second = (f"{numbered(123456)}?{tail}" for tail in ("utm_source=home", "fbclid=7"))
    content = listing(f'<a href="{first}">{HEADLINE}</a>', f'<a href="{second}">{HEADLINE}</a>')
    assert [named.url for named in read_listing(content, URL)] == [f"https://song.vn{numbered(123456)}"]


def test_a_link_text_is_no_title() -> None:
    (named,) = read_listing(listing(f'<a href="{numbered(123456)}">{HEADLINE}</a>'), URL)
    assert (named.title, named.summary, named.published) == (None, None, None)


def test_a_selector_names_anchors_or_boxes() -> None:
    content = listing('<p class="tin"><a href="/x">X</a><a href="/x#cuoi">X</a></p>', '<a href="/y">Y</a>')
    for selector in (".tin", ".tin a"):
        assert [named.url for named in read_listing(content, URL, selector)] == ["https://song.vn/x"]
    with pytest.raises(UnreadableSource, match=r"nothing on the page fits article_links '\.story'"):
        read_listing(content, URL, ".story")


@pytest.mark.parametrize("content", [b"", b"<html></html>", listing()])
def test_a_page_that_names_none(content: bytes) -> None:
    with pytest.raises(UnreadableSource, match="no link on the page looks like one") as raised:
        read_listing(content, URL)
    assert "article_links" in raised.value.remedy
