"""Articles' pages as heavy as real ones, in the manner of several publishing systems."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bench.invented import bulk as bulks
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
    article: Callable[["Article"], str]
    head: Callable[["Article"], str]
    layout: LayoutSettings
    indented: bool = True
    """templates leave line ends and blanks between elements; a few papers take them out"""


@dataclass(frozen=True)
class Article:
    url: str
    headline: str
    lead: str
    paragraphs: list[str]
    published: datetime
    write: Writer
    bulk: Bulk

    @property
    def printed_time(self) -> str:
        return self.published.strftime("%d/%m/%Y %H:%M")

    @property
    def stated_time(self) -> str:
        return self.published.isoformat(timespec="seconds")


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
        bulk=family.bulk,
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


# What heads tell


def told_in_full(article: Article) -> str:
    """Metas for everyone and JSON-LD."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@type": "WebPage", "@id": article.url},
        "headline": article.headline,
        "description": article.lead,
        "datePublished": article.stated_time,
        "dateModified": article.stated_time,
        "publisher": {"@type": "Organization", "name": "Báo hư cấu"},
    }
    crumbs = {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [{"@type": "ListItem", "position": 1, "item": {"name": "Dân sinh"}}],
    }
    return told_to_networks(article) + "".join(
        f'<script type="application/ld+json">{json.dumps(one, ensure_ascii=False)}</script>'
        for one in (data, crumbs)
    )


def told_to_networks(article: Article) -> str:
    metas = {
        "og:type": "article",
        "og:title": article.headline,
        "og:description": article.lead,
        "og:url": article.url,
        "og:site_name": "Báo hư cấu",
        "og:image": f"https://anh.example.vn/{article.write.hexadecimal(20)}.jpg",
        "article:published_time": article.stated_time,
    }
    named = "".join(
        f'<meta name="{article.write.token(8)}" content="{article.write.label()}">' for _ in range(20)
    )
    return (
        f'<meta name="description" content="{article.lead}"><link rel="canonical" href="{article.url}">'
        + "".join(f'<meta property="{name}" content="{value}">' for name, value in metas.items())
        + named
    )


def told_nothing(article: Article) -> str:
    return f'<meta name="description" content="{article.lead}">'


# How articles are set


def in_named_boxes(article: Article) -> str:
    """A large paper's: a box with a known name, captions, a box of related articles within the text."""
    return (
        '<div class="detail__main" id="main-detail"><div class="detail-top"><ul class="breadcrumb">'
        '<li><a href="/">Trang chủ</a></li><li><a href="/dan-sinh.htm">Dân sinh</a></li></ul>'
        f'<div class="detail-time"><div data-role="publishdate">{article.printed_time} GMT+7</div></div>'
        "</div>"
        f'<h1 class="detail-title article-title" data-role="title">{article.headline}</h1>'
        f'<h2 class="detail-sapo" data-role="sapo">{article.lead}</h2>'
        f'<div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">'
        f"{_figure(article)}{_text(article)}{_inset(article)}</div>"
        f'<div class="detail-author">{article.write.place()}</div></div>'
    )


def in_one_column(article: Article) -> str:
    """A large paper's that keeps the lead apart and sets everything in <article>."""
    return (
        '<article class="singular-container">'
        '<div class="breadcrumbs"><a href="/dan-sinh.htm">Dân sinh</a></div>'
        f'<h1 class="title-page detail">{article.headline}</h1>'
        f'<div class="author-wrap"><time class="author-time" datetime="{article.stated_time}">'
        f"{article.printed_time}</time></div>"
        f'<h2 class="singular-sapo">{article.lead}</h2>'
        f'<div class="singular-content">{_figure(article)}{_text(article)}</div></article>'
    )


def in_a_blog(article: Article) -> str:
    """A small paper's, made with a blog system and its many plug-ins."""
    return (
        f'<article class="post type-post hentry"><header class="entry-header"><h1 class="entry-title">'
        f'{article.headline}</h1><span class="posted-on"><time class="entry-date published" '
        f'datetime="{article.stated_time}">{article.printed_time}</time></span></header>'
        f'<div class="entry-content"><p><strong>{article.lead}</strong></p>{_figure(article)}{_text(article)}'
        f"{_inset(article)}</div></article>"
    )


def in_unnamed_boxes(article: Article) -> str:
    """A paper's whose boxes have names that say nothing."""
    return (
        f'<div class="px-4 c-{article.write.token(5)}"><h1 class="t1">{article.headline}</h1>'
        f'<div class="b2 sc-meta">{article.printed_time}</div><p class="t3">{article.lead}</p>'
        f'<div class="b7 sc-main">{_figure(article)}{_text(article)}{_inset(article)}</div></div>'
    )


def in_a_portal(article: Article) -> str:
    """A commune's portal: tables, a long hidden field, <br> between paragraphs, nothing told to machines."""
    text = "<br><br>".join(article.paragraphs)
    state = article.write.hexadecimal(40_000)
    return (
        f'<input type="hidden" name="__VIEWSTATE" value="{state}"><table width="100%"><tr><td class="Normal">'
        f'<div class="ArticleHeader"><h1 class="ArticleTitle">{article.headline}</h1>'
        f'<span class="ArticleDate">{article.printed_time}</span></div>'
        f'<div class="ArticleSummary">{article.lead}</div>'
        f'<div class="ArticleText"><div style="text-align: justify">{text}</div></div></td></tr></table>'
    )


def _text(article: Article) -> str:
    parts = []
    for number, paragraph in enumerate(article.paragraphs):
        if number and number % 6 == 0:
            parts.append(f"<h3><strong>{article.write.heading()}</strong></h3>")
            parts.append(_figure(article))
        parts.append(f'<p style="text-align: justify;">{paragraph}</p>')
    return "".join(parts)


def _figure(article: Article) -> str:
    return (
        '<figure class="image align-center"><img '
        f'src="https://anh.example.vn/{article.write.hexadecimal(16)}.jpg" '
        f'width="680" height="420" alt=""><figcaption>{article.write.sentence()} Ảnh: {article.write.place()}'
        "</figcaption></figure>"
    )


def _inset(article: Article) -> str:
    return (
        '<div class="VCSortableInPreviewMode link-content-footer" type="RelatedOneNews">'
        f'<a href="/{article.write.slug()}.htm">{article.write.headline()}</a></div>'
    )


def usual_layout() -> LayoutSettings:
    """Of `in_named_boxes`."""
    return LayoutSettings(
        title="h1.detail-title",
        lead="h2.detail-sapo",
        body="div.detail-content",
        time="[data-role=publishdate]",
        drop=("figure", ".VCSortableInPreviewMode"),
    )


_BIG = Bulk(
    styles=4, style_bytes=66_000, scripts=40, script_bytes=45_000, pictures=60, picture_bytes=200_000,
    menus=30, menu_links=210, related=22, frames=320, fields=40, attribute_bytes=60_000,
    comments=6,
)  # fmt: skip
_STYLED = Bulk(
    styles=4, style_bytes=310_000, scripts=18, script_bytes=29_000, pictures=11, picture_bytes=12_000,
    menus=38, menu_links=276, related=10, frames=60, fields=3, attribute_bytes=60_000,
)  # fmt: skip
_BLOG = Bulk(
    styles=14, style_bytes=110_000, scripts=34, script_bytes=60_000, pictures=16, picture_bytes=12_000,
    menus=6, menu_links=70, related=16, frames=150, fields=8, attribute_bytes=4_000, comments=12,
)  # fmt: skip
_LEAN = Bulk(
    styles=6, style_bytes=7_000, scripts=44, script_bytes=35_000, pictures=3, picture_bytes=4_000,
    menus=7, menu_links=43, related=10, frames=130, fields=54, attribute_bytes=4_000,
)  # fmt: skip
_PORTAL = Bulk(
    styles=3, style_bytes=40_000, scripts=20, script_bytes=30_000, pictures=0, picture_bytes=0,
    menus=20, menu_links=180, related=8, frames=120, fields=12, attribute_bytes=1_000,
)  # fmt: skip

FAMILIES: tuple[Family, ...] = (
    Family("lon", _BIG, 14, in_named_boxes, told_in_full, usual_layout()),
    Family(
        "mot-cot", _STYLED, 8, in_one_column, told_in_full,
        LayoutSettings(
            title="h1.title-page", lead="h2.singular-sapo", body="div.singular-content",
            time="time.author-time", drop=("figure",),
        ),
        indented=False,
    ),
    Family(
        "blog", _BLOG, 9, in_a_blog, told_to_networks,
        LayoutSettings(
            title="h1.entry-title", body="div.entry-content", time="time.entry-date",
            drop=("figure", ".VCSortableInPreviewMode"),
        ),
    ),
    Family(
        "khong-ten", _LEAN, 9, in_unnamed_boxes, told_in_full,
        LayoutSettings(
            title="h1.t1", lead="p.t3", body="div.b7", time="div.b2",
            drop=("figure", ".VCSortableInPreviewMode"),
        ),
    ),
    Family(
        "cong", _PORTAL, 7, in_a_portal, told_nothing,
        LayoutSettings(
            title="h1.ArticleTitle", lead="div.ArticleSummary", body="div.ArticleText",
            time="span.ArticleDate",
        ),
    ),
)  # fmt: skip
