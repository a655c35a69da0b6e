import pytest

from crawler.addresses import (
    canonical_address,
    leads_home,
    looks_like_article,
    named_address,
    resolve,
    same_site,
)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://song.vn/a-1.html", "https://song.vn/a-1.html"),
        ("http://song.vn/a-1.html", "https://song.vn/a-1.html"),
        ("https://www.song.vn/a-1.html", "https://song.vn/a-1.html"),
        ("https://m.song.vn/a-1.html", "https://song.vn/a-1.html"),
        ("https://amp.song.vn/a-1.html", "https://song.vn/a-1.html"),
        ("https://SONG.vn:443/a-1.html#binh-luan", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.html?utm_source=rss&utm_medium=x&fbclid=1&zarsrc=30", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1/amp", "https://song.vn/a-1"),
        ("https://song.vn/a-1.amp.html", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.html?amp=1", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1/", "https://song.vn/a-1"),
        ("https://song.vn/amp/a-1.html", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.amp", "https://song.vn/a-1"),
        ("https://song.vn/a-1.html?amp", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.html?outputType=amp", "https://song.vn/a-1.html"),
        ("https://wap.song.vn/a-1.html?mobile=1", "https://song.vn/a-1.html"),
        ("https://song.vn/print/a-1.html", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.html/print/", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1-print.htm", "https://song.vn/a-1.htm"),
        ("https://song.vn/in-bai/a-1.html", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.html?print=1&tmpl=component", "https://song.vn/a-1.html"),
        ("https://song.vn/a-1.html;jsessionid=0A1B.may2?id=7", "https://song.vn/a-1.html?id=7"),
        ("https://song.vn/(S(lit3py55t21z5v55vlm25s55))/a-1.aspx", "https://song.vn/a-1.aspx"),
        ("https://song.vn/a-1.html?PHPSESSID=0a1b&ASP.NET_SessionId=x", "https://song.vn/a-1.html"),
        ("https://song.vn/xem?sid=8f14e45fceea167a5a36dedd4bea2543&id=7", "https://song.vn/xem?id=7"),
        ("https://song.vn/a-1.html?ref=trang-chu&src=zalo", "https://song.vn/a-1.html"),
        ("http://song.vn:80//tin//a-1.html", "https://song.vn/tin/a-1.html"),
        ("https://song.vn./%c4%91%7ea", "https://song.vn/%C4%91~a"),
        ("https://sông.vn/a", "https://xn--sng-kna.vn/a"),
        ("https://song.vn", "https://song.vn/"),
        ("https://song.vn/xem?b=2&a=1", "https://song.vn/xem?a=1&b=2"),
        ("https://song.vn/xem?id=7&spm=x", "https://song.vn/xem?id=7"),
        ("https://tin.song.vn/a", "https://tin.song.vn/a"),
        ("https://m.vn/a", "https://m.vn/a"),
        ("http://song.vn:8080/a", "http://song.vn:8080/a"),
        ("http://127.0.0.1:8000/a?utm_source=x", "http://127.0.0.1:8000/a"),
        ("http://127.0.0.1/a", "http://127.0.0.1/a"),
        ("http://localhost/a", "http://localhost/a"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("https://song.vn/đường-xuống-cấp", "https://song.vn/%C4%91%C6%B0%E1%BB%9Dng-xu%E1%BB%91ng-c%E1%BA%A5p"),
        ("mailto:a@song.vn", None),
        ("javascript:void(0)", None),
        ("/a-1.html", None),
        ("https://song.vn:khong/a", None),
        ("", None),
    ],
)  # fmt: skip
def test_one_name_for_one_page(url: str, canonical: str | None) -> None:
    assert canonical_address(url) == canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://song.vn/xem?id=123&cat=4", "https://song.vn/xem?id=124&cat=4"),
        ("https://song.vn/xem?id=123&cat=4", "https://song.vn/xem?id=123&cat=5"),
        ("https://song.vn/xem?id=123&page=1", "https://song.vn/xem?id=123&page=2"),
        ("https://song.vn/modules.php?sid=123", "https://song.vn/modules.php?sid=124"),
        ("https://song.vn/xem?ref=123", "https://song.vn/xem?ref=124"),
        ("https://song.vn/xem?s=nuoc-sach", "https://song.vn/xem?s=duong-hong"),
        ("https://song.vn/a-1.html", "https://song.vn/a-2.html"),
        ("https://song.vn/a-1.html", "https://song.vn/A-1.html"),
        ("https://song.vn/print-3d", "https://song.vn/3d"),
        ("https://song.vn/dong-ho-amper", "https://song.vn/dong-ho"),
        ("https://song.vn/a", "https://tin.song.vn/a"),
        ("https://song.vn/a", "https://song.vn:8443/a"),
        ("https://song.vn/xem?_gallery=1", "https://song.vn/xem?_gallery=2"),
        ("https://song.vn/#/tin/1", "https://song.vn/tin/1"),
    ],
)
def test_two_articles_are_never_one(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/a-1.html?utm_source=rss&id=7&fbclid=x#cuoi", "https://song.vn/a-1.html?id=7"),
        ("/a-1.html?utm_source=rss", "https://song.vn/a-1.html"),
        ("/a-1.html?b=%2F&a=%20&b=%2f", "https://song.vn/a-1.html?b=%2F&a=%20&b=%2f"),
        ("/xem?id=7&amp;cat=4&amp;utm_medium=x", "https://song.vn/xem?id=7&cat=4"),
        (" /đường hỏng ", "https://song.vn/đường%20hỏng"),
        ("http://m.song.vn/amp/a-1.html/", "http://m.song.vn/amp/a-1.html/"),
        ("/a-1;jsessionid=0A?id=7", "https://song.vn/a-1?id=7"),
        ("/" + "a" * 2032, "https://song.vn/" + "a" * 2032),
        ("/" + "a" * 2033, None),
        ("javascript:void(0)", None),
        ("", None),
        (None, None),
    ],
)
def test_the_address_that_is_kept(href: str | None, address: str | None) -> None:
    """It leads where the outlet's did, and tells nothing of the way by which it was found."""
    assert named_address("https://song.vn/tin/", href) == address


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://song.vn/a", "http://www.song.vn/b", True),
        ("https://song.vn/a", "https://khac.vn/a", False),
        ("http://127.0.0.1:1/a", "http://127.0.0.1:2/a", False),
        ("mailto:a@song.vn", "mailto:a@song.vn", False),
    ],
)
def test_same_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("/a", "https://song.vn/a"),
        (" b?x=1#y ", "https://song.vn/tin/b?x=1"),
        ("//khac.vn/a", "https://khac.vn/a"),
        ("javascript:void(0)", None),
        ("http://[", None),
        (None, None),
    ],
)
def test_resolve(href: str | None, address: str | None) -> None:
    assert resolve("https://song.vn/tin/", href) == address


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/do-thi/cau-hong-nhieu-thang-chua-sua.html", True),
        ("/tin-12345.html", True),
        ("/xem?id=7", True),
        ("/chi-tiet.aspx?ItemID=7", True),
        ("/do-thi.html", False),
        ("/chuyen-muc/do-thi/", False),
        ("/", False),
    ],
)
def test_the_make_of_an_articles_address(path: str, article: bool) -> None:
    assert looks_like_article(f"https://song.vn{path}") is article


ASKED = "https://song.vn/tin/a-1.html"
FOUND = {
    "the root": (ASKED, "https://song.vn/", True),
    "by another scheme and host": ("http://m.song.vn/tin/a-1.html", "https://www.song.vn", True),
    "the root, with where one came from": (ASKED, "https://song.vn/?utm_source=404", True),
    "the home page by its name": (ASKED, "https://song.vn/index.html", True),
    "the home page as configured": (ASKED, "https://song.vn/vi/trang-chu/", True),
    "the outlet's home page from another of its hosts": (
        "https://x.vn/a-1.html",
        "https://song.vn/vi/trang-chu",
        True,
    ),
    "another site's root": (ASKED, "https://mang.example/", False),
    "the page itself": (ASKED, ASKED, False),
    "where it has moved": (ASKED, "https://song.vn/tin/moi/a-1.html", False),
    "an article at the root": (ASKED, "https://song.vn/?p=123", False),
    "from one article at the root to the root": ("https://song.vn/?p=123", "https://song.vn/", True),
    "a section": (ASKED, "https://song.vn/tin", False),
}


@pytest.mark.parametrize("where", FOUND)
def test_what_leads_home(where: str) -> None:
    asked, found, leads = FOUND[where]
    assert leads_home(asked, found, "https://song.vn/vi/trang-chu") is leads
