"""An article's own part of its page: what the head tells of it, and how it is set."""

import json
from dataclasses import dataclass
from datetime import datetime

from bench.invented.words import Writer


@dataclass(frozen=True)
class Article:
    url: str
    headline: str
    lead: str
    paragraphs: list[str]
    published: datetime
    write: Writer

    @property
    def printed_time(self) -> str:
        return self.published.strftime("%d/%m/%Y %H:%M")

    @property
    def stated_time(self) -> str:
        return self.published.isoformat(timespec="seconds")


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
