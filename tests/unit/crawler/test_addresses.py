import pytest

from crawler.addresses import canonical_address, looks_like_article, resolve, same_site


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
