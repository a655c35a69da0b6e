"""From an issue's articles and place to its title."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, count, takewhile

from nlp.privacy import mask_text
from pipeline.clock import local
from pipeline.formats import unit_in_sentence, vn_date
from pipeline.titles.landmark import landmark
from pipeline.titles.subjects import subject
from store.models import Article, Issue

LONGEST = 120
_OWN_TEXT = ("report", "followup")
_UNITS = ("Phường ", "Xã ", "Thị trấn ", "Đặc khu ", "Tỉnh ", "Thành phố ")
_ROADS = ("đường ", "phố ", "đại lộ ", "quốc lộ ", "tỉnh lộ ", "hương lộ ", "cao tốc ", "đèo ")


def title_of(
    articles: Iterable[Article], *, kind: str, topic: str, place: str | None, unlike: Collection[str] = ()
) -> str:
    """ "Mất nước, thiếu nước sinh hoạt tại chung cư Bến Đò – phường Cầu Gỗ", by the first article that tells
    what; the first headline, which is masked, where none does or nothing says where.

    `articles` in order of publication, at least one; answers and reprints left out. `unlike`: titles of
    issues that it must be told from: by another place that its articles name, else by the day of the first.
    """
    told = list(articles)
    by_place = _in_sentence(place) if kind == "concern" and place else None
    made = [one for article in told for one in _made(article, topic, by_place)] if by_place else []
    made = made or [article.title for article in told]
    return next(one for one in chain(made, _by_day(made[0], told[0])) if one not in unlike)


def _by_day(title: str, article: Article) -> Iterator[str]:
    day = vn_date(local(article.published_at))
    yield f"{title} (tin ngày {day})"
    yield from (f"{title} (tin ngày {day}, {number})" for number in count(2))


def title_for(issue: Issue, unlike: Collection[str] = ()) -> str:
    """As its articles, topic and place are now."""
    told = [member.article for member in issue.articles if member.role in _OWN_TEXT]
    articles = sorted(
        told or [member.article for member in issue.articles],
        key=lambda one: (one.published_at, one.canonical_url),
    )
    return title_of(articles, kind=issue.kind, topic=issue.topic, place=issue.place_name, unlike=unlike)


def _made(article: Article, topic: str, place: str) -> Iterator[str]:
    """By each place that headline and lead name first."""
    texts = (article.title, article.lead or "")
    what = subject(texts, topic)
    if what is None:
        return
    found = dict.fromkeys(at for text in texts if (at := landmark(text, topic)))
    for at in found or (None,):
        title = f"{_joined(what, at)} – {place}"
        wrong = at and (len(title) > LONGEST or mask_text(title) != title)
        yield f"{what} – {place}" if wrong else title


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
