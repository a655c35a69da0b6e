"""Inputs that hypothesis builds: sound trees with senseless values, and tags in any order."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import ODD
from tests.fuzz.test_mutations import try_one

# Counting lines takes longer than reading: what a reader takes by itself is limited here.
pytestmark = pytest.mark.no_cover

_MANY = settings(max_examples=400, deadline=None, derandomize=True, database=None)

_WORDS = (
    "2026-11-19T08:00:00+07:00", "07/03/2026 08:47", "https://bao.example.vn/a-b-c-d-1", "/a-b-c-d-2", "", " ",
    "Đường ngập", "&amp;", "0", "-1", "1e400",
)  # fmt: skip
_text = st.one_of(st.sampled_from(_WORDS), st.text(max_size=30))
_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), _text),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_text, inner, max_size=3)),
    max_leaves=8,
)
_ITEM_KEYS = (
    "id", "url", "external_url", "title", "summary", "content_html", "content_text", "date_published",
    "date_modified", "authors", "tags", "image", "attachments",
)  # fmt: skip
_items = st.dictionaries(st.sampled_from(_ITEM_KEYS), _values, max_size=8)
_json_feeds = st.fixed_dictionaries(
    {
        "version": st.just("https://jsonfeed.org/version/1.1"),
        "items": st.one_of(st.lists(_items, max_size=4), _values),
    },
    optional={"title": _values, "home_page_url": _values, "feed_url": _values, "language": _values},
)
_SCHEMA_KEYS = (
    "@type", "@graph", "headline", "datePublished", "dateModified", "description", "publisher", "mainEntity",
    "mainEntityOfPage", "itemListElement", "name", "url", "articleBody", "isPartOf",
)  # fmt: skip
_linked_data = st.recursive(
    st.one_of(_values, st.sampled_from(("NewsArticle", "ItemList", "WebPage"))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_SCHEMA_KEYS), inner, max_size=5)
    ),
    max_leaves=12,
)
_FEED_NAMES = (
    "rss", "channel", "item", "title", "link", "description", "pubDate", "guid", "ttl", "skipHours", "hour",
    "skipDays", "day", "feed", "entry", "updated", "published", "summary", "content", "id", "rdf:RDF", "a:b",
    "urlset", "url", "loc", "lastmod", "sitemapindex", "sitemap", "news:news", "news:title",
    "news:publication_date",
)  # fmt: skip
_PAGE_NAMES = (
    "html", "head", "body", "title", "meta", "link", "base", "script", "style", "h1", "h2", "p", "div", "span", "a",
    "article", "section", "aside", "nav", "footer", "table", "tr", "td", "ul", "li", "time", "figure", "br",
    "template", "noscript", "svg", "math", "select", "option", "textarea", "form", "frameset", "plaintext",
)  # fmt: skip
_ATTRIBUTES = (
    "class", "id", "href", "itemprop", "itemtype", "datetime", "content", "property", "name", "rel", "charset",
    "type", "style", "xmlns", "xml:base", "src", "data-role",
)  # fmt: skip
_ATTRIBUTE_VALUES = (
    "article:published_time", "og:title", "canonical", "articleBody", "detail-content", "comment", "publishdate",
    "application/ld+json", "robots", "noindex", "utf-16", "next",
)  # fmt: skip


def _soup(names: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """Tags of these names in any order, with texts and odd bytes between them."""
    attribute = st.builds(
        '{}="{}"'.format, st.sampled_from(_ATTRIBUTES), st.one_of(st.sampled_from(_ATTRIBUTE_VALUES), _text)
    )
    opening = st.builds(
        lambda name, attributes: f"<{name} {' '.join(attributes)}>".encode(errors="replace"),
        st.sampled_from(names),
        st.lists(attribute, max_size=3),
    )
    closing = st.sampled_from([f"</{name}>".encode() for name in names])
    between = st.one_of(_text.map(lambda text: text.encode(errors="replace")), st.sampled_from(ODD))
    return st.lists(st.one_of(opening, opening, closing, between), max_size=40).map(b"".join)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


@_MANY
@given(_json_feeds.map(_json))
def test_json_feeds_of_any_value(content: bytes) -> None:
    try_one("feed", content)


@_MANY
@given(
    st.dictionaries(st.sampled_from((*_ITEM_KEYS, "html", "body", "lead", "published")), _values).map(_json)
)
def test_saved_lines_of_any_value(content: bytes) -> None:
    try_one("saved", content)


@_MANY
@given(_soup(_FEED_NAMES))
def test_feeds_of_tags_in_any_order(content: bytes) -> None:
    try_one("feed", content)
    try_one("sitemap", content)


@_MANY
@given(_soup(_PAGE_NAMES))
def test_pages_of_tags_in_any_order(content: bytes) -> None:
    try_one("page", content)
    try_one("listing", content)
    try_one("board", content)


@_MANY
@given(_linked_data)
def test_pages_that_tell_machines_anything(told: Any) -> None:
    head = b'<html><head><script type="application/ld+json">%s</script></head>' % _json(told)
    try_one("page", head + b"<body><h1>Tin</h1><p>Trong ngay.</p></body></html>")
