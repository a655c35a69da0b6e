"""Pages made to take time or memory: none takes two seconds, none raises."""

import time
import tracemalloc

import pytest

from crawler.extraction import extract
from crawler.extraction.names import _read
from crawler.extraction.tree import parse_page
from crawler.settings import LayoutSettings
from tests.unit.crawler.invented import LEAD, PARAGRAPHS, STATED, TITLE, URL, html, paragraphs

TEXT = "Một đoạn văn dài hơn hai mươi lăm ký tự để được tính."
PIECES = [
    "<div>", "<p>a</p>", "<p><a href=x>", "<ul><li>", "<b>x", "<table><tr><td>", "<br>",
    "<article>", "<form>",
    "<h3><a href=/tin-bai-a-b-c-12345.htm>x</a>", "<h1>x</h1>", "<h2>x", "<title>x</title>",
    "<meta name=a content=b>", '<span class="date">19/11/2026 08:00</span>', "&amp;", "<", "<!--",
    '<div class="comment related">x</div>', "<div itemprop=articleBody><p>x</p>",
    '<script type="application/ld+json">{"@type":"NewsArticle"}</script>', f"<div class=content>{TEXT}</div>",
    f"<div class=content>{TEXT}", f"<p>{TEXT}", f"<span>{TEXT}", f'<p class="lead">{TEXT}</p>',
    "<p>Nguyễn.Văn.A</p>", f"<a href=x>{TEXT}</a>", '<time datetime="2026-11-19">x</time>',
    "19/11/2026 ", "a ", "\u0301", "<p>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1</p>",
]  # fmt: skip
EVERYTHING = LayoutSettings(
    body="p, div, li, span", lead="p, b", title="h1, b", time="span", drop=("b", "div a")
)


@pytest.mark.parametrize("layouts", [(), (EVERYTHING,)], ids=["undeclared", "declared"])
@pytest.mark.parametrize("piece", PIECES)
def test_a_piece_without_end(piece: str, layouts: tuple[LayoutSettings, ...]) -> None:
    size = 600_000
    page = html(f"<title>{TITLE}</title>{STATED}", f"<h1>{TITLE}</h1>{piece * (size // len(piece))}").encode()
    began = time.process_time()
    extract(page, URL, layouts=layouts)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "tag",
    [
        "<a " + " ".join(f"x{number}=1" for number in range(60_000)) + ">",
        "<div " + " ".join(f"x{number}" for number in range(60_000)) + ">",
        "<div" + "".join(f"/x{number}" for number in range(60_000)) + ">",
        '<div class="' + "a " * 500_000 + '">',
        '<div style="' + "a" * 1_000_000 + '">',
        "<script>if(a<b) " + "x " * 100_000 + "</script>",
        "<img src='data:image/png;base64," + "Ab/=" * 50_000 + "'>",
    ],
)
def test_a_tag_without_end(tag: str) -> None:
    page = html(STATED, f"<h1>{TITLE}</h1>{tag}<p>{LEAD}</p>{paragraphs()}").encode()
    began = time.process_time()
    extracted = extract(page, URL, layouts=())
    assert time.process_time() - began < 2
    assert extracted.body is not None
    assert extracted.body.endswith(PARAGRAPHS[-1])


def test_depth_ends_no_reading() -> None:
    page = html(STATED, f"<h1>{TITLE}</h1>{paragraphs()}" + "<div>" * 100_000 + "</div>" * 100_000 + LEAD)
    assert extract(page, URL, layouts=()).article
    deepest = max(sum(1 for _ in element.iterancestors()) for element in parse_page(page).iter())
    assert deepest < 300


def test_linked_data_without_end() -> None:
    for data in ("[" * 200_000, '{"@graph":' * 50_000, '[{"@type":"X"},' * 50_000, '"' + "a" * 2_000_000):
        page = html(
            f'{STATED}<script type="application/ld+json">{data}</script>', f"<h1>{TITLE}</h1>{paragraphs()}"
        )
        began = time.process_time()
        assert extract(page, URL).article
        assert time.process_time() - began < 2


def test_nothing_is_kept_of_pages_read() -> None:
    """Class names are remembered, but not without end."""

    def read_many(first: int) -> None:
        for number in range(first, first + 40):
            names = "".join(f'<div class="n{number}-{part}"><p>{TEXT}</p></div>' for part in range(20))
            extract(html(STATED, f"<h1>{TITLE}</h1>{names}"), URL, layouts=())

    assert _read.cache_info().maxsize
    read_many(0)
    tracemalloc.start()
    try:
        read_many(100)
        before, _ = tracemalloc.get_traced_memory()
        read_many(200)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 500_000
