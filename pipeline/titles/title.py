"""From an issue's articles and place to its title."""

from collections.abc import Iterable
from itertools import takewhile

from nlp.privacy import mask_text
from pipeline.formats import unit_in_sentence
from pipeline.titles.landmark import landmark
from pipeline.titles.subjects import subject
from store.models import Article, Issue

LONGEST = 120
_OWN_TEXT = ("report", "followup")
_UNITS = ("Phường ", "Xã ", "Thị trấn ", "Đặc khu ", "Tỉnh ", "Thành phố ")
_ROADS = ("đường ", "phố ", "đại lộ ", "quốc lộ ", "tỉnh lộ ", "hương lộ ", "cao tốc ", "đèo ")


def title_of(articles: Iterable[Article], *, kind: str, topic: str, place: str | None) -> str:
    """ "Mất nước, thiếu nước sinh hoạt tại chung cư Bến Đò – phường Cầu Gỗ", by the first article that tells
    what; the first headline, which is masked, where none does or nothing says where.

    `articles` in order of publication, at least one; answers and reprints left out.
    """
    told = list(articles)
    for article in told if kind == "concern" and place else ():
        if made := _made(article, topic, _in_sentence(place or "")):
            return made
    return told[0].title


def title_for(issue: Issue) -> str:
    """As its articles, topic and place are now."""
    told = [member.article for member in issue.articles if member.role in _OWN_TEXT]
    articles = sorted(
        told or [member.article for member in issue.articles],
        key=lambda one: (one.published_at, one.canonical_url),
    )
    return title_of(articles, kind=issue.kind, topic=issue.topic, place=issue.place_name)


def _made(article: Article, topic: str, place: str) -> str | None:
    texts = (article.title, article.lead or "")
    what = subject(texts, topic)
    if what is None:
        return None
    at = next((found for text in texts if (found := landmark(text, topic))), None)
    title = f"{_joined(what, at)} – {place}"
    if at and (len(title) > LONGEST or mask_text(title) != title):
        return f"{what} – {place}"
    return title


def _joined(what: str, at: str | None) -> str:
    """ "Chợ xuống cấp: chợ Gỗ", but "Ùn tắc giao thông tại chợ Gỗ" and "… trên đường Bến Gỗ"."""
    if at is None:
        return what
    if at.startswith(_ROADS):
        return f"{what} trên {at}"
    kind = " ".join(takewhile(str.islower, at.split()))
    said = f" {what.casefold().replace(',', '')} "
    return f"{what}: {at}" if f" {kind} " in said else f"{what} tại {at}"


def _in_sentence(place: str) -> str:
    return unit_in_sentence(place) if place.startswith(_UNITS) else place
