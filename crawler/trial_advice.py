"""What is missing from an article, and what an operator can do about it."""

from collections.abc import Iterator

from crawler.extraction import Extracted
from crawler.kinds.naming import Notice
from crawler.sources import ConfiguredSource
from store.queries.article_texts import ArticleText

_SHORT = 300
"""characters of body: most articles have over 1,500"""


def advice_on(page: Extracted, text: ArticleText | None, source: ConfiguredSource) -> Iterator[Notice]:
    layouts = f"`layouts` of outlet {source.outlet.key!r}"
    if text is None:
        yield _refusal(page, layouts)
        return
    yield from _on_text(page, text, layouts)
    if not text.published_known:
        yield Notice(
            "names no time: when it was first seen stands for it",
            f"declare where its time stands in {layouts}",
        )
    if page.layout == "missed":
        yield Notice(
            "is not as the layout declares: the generic reader was taken",
            f"correct {layouts}" if source.layouts else "declare today's layout in " + layouts,
        )
    if page.broken_encoding:
        yield Notice("is not in the encoding that it declares: some letters may be lost", "tell the outlet")


def _refusal(page: Extracted, layouts: str) -> Notice:
    if page.no_index:
        return Notice("asks not to be kept (noindex)", "nothing to do: it is respected")
    return Notice(
        "is not an article: a list, a video, or a page whose text was not found",
        f"if it is one, declare where its body stands in {layouts}",
    )


def _on_text(page: Extracted, text: ArticleText, layouts: str) -> Iterator[Notice]:
    if page.no_archive:
        yield Notice("asks that no copy be kept (noarchive)", "nothing to do: title and address are kept")
        return
    if not text.body:
        yield Notice("has no body", f"declare where it stands in {layouts}")
    elif len(text.body) < _SHORT:
        yield Notice(
            f"has a body of {len(text.body)} characters only",
            f"open the page; if it has more, declare where its body stands in {layouts}",
        )
    if not text.lead:
        yield Notice("has no lead", f"nothing to do if the page prints none; else declare it in {layouts}")
