"""Articles' pages as heavy as real ones, in the manner of several publishing systems."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bench.invented import bulk as bulks
from bench.invented.articles import Article
from bench.invented.bulk import Bulk
from bench.invented.words import Writer
from crawler.settings import LayoutSettings

UNIQUE = "@@TÊN@@"
"""stands in headline, lead and first paragraph for what makes one page differ from the next"""


@dataclass(frozen=True)
class Family:
    """One way in which pages are made."""

    key: str
    bulk: Bulk
    paragraphs: int
    article: Callable[[Article], str]
    head: Callable[[Article], str]
    layout: LayoutSettings
    indented: bool = True
    """templates leave line ends and blanks between elements; a few papers take them out"""


def page(family: Family, seed: int, url: str, published: datetime) -> str:
    """One page of a family; in it UNIQUE stands where a number of pages are to differ."""
    write = Writer(seed)
    article = Article(
        url=url,
        headline=f"{write.headline()} ở {UNIQUE}",
        lead=f"{write.sentence()} Đó là chuyện ở {UNIQUE}.",
        paragraphs=[
            f"{write.paragraph()} ({UNIQUE})",
            *(write.paragraph() for _ in range(family.paragraphs)),
        ],
        published=published,
        write=write,
    )
    text = "".join(
        (
            '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8">',
            f"<title>{article.headline} | Báo hư cấu</title>",
            family.head(article),
            _usual_links(write),
            bulks.styles(write, family.bulk),
            bulks.scripts(write, family.bulk, 0.5),
            '</head><body class="detail-page"><header class="header"><div class="top-bar">',
            '<span class="day">Hôm nay</span>',
            bulks.fields(write, family.bulk),
            "</div>",
            bulks.menus(write, family.bulk),
            "</header>",
            _OUTER,
            '<main class="main"><div class="container"><div class="col-left">',
            family.article(article),
            bulks.pictures(write, family.bulk),
            bulks.comment_box(write, family.bulk) if family.bulk.comments else "",
            '</div><div class="sidebar">',
            bulks.related(write, family.bulk, "Đọc nhiều"),
            bulks.frames(write, family.bulk),
            "</div></div></main>",
            "</div>" * _OUTER.count("<div"),
            bulks.footer(write),
            bulks.scripts(write, family.bulk, 0.5),
            "</body></html>\n",
        )
    )
    return _indented(text, write) if family.indented else text


def _indented(text: str, write: Writer) -> str:
    first, *others = text.split("><")
    return first + "".join(f">\n{' ' * write.random.randint(4, 40)}<{other}" for other in others)


_OUTER = "".join(
    f'<div class="{name}">' for name in ("site", "page", "wrap", "zone", "row", "layout", "content")
)


def _usual_links(write: Writer) -> str:
    return "".join(
        f'<link rel="preload" as="style" href="/css/{write.hexadecimal(10)}.css">' for _ in range(12)
    )
