"""How an issue grows: what carried it each day, how widely, and whether it grows faster than it did.

"Developing" is a test: the number of new voices of the last days is held against that of the days before,
both taken as Poisson processes. Were their rates the same, each of the n voices of the two spans would fall
into the last days with the probability d / (d + b), their share of the days; so the chance of as many in the
last days, or more, is the upper tail of a binomial distribution (the exact conditional test of two Poisson
rates: Przyborowski and Wilenski, Biometrika 31, 1940). Where it is below the configured level, the issue is
developing. The first voice is not counted: without it there would be no issue.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.clock import local
from pipeline.formats import vn_number
from pipeline.locating import locate
from pipeline.settings import GrowthSettings
from store.models import Issue, IssueArticle

VOICES = ("report", "followup")
"""A reprint shows the problem to more readers but says nothing more; an answer is no complaint."""
YOUNG = "mới được phản ánh, chưa đủ ngày để đánh giá"
_BARS = "▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Day:
    day: date
    voices: int
    others: int
    """reprints and answers"""


@dataclass(frozen=True)
class Growth:
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    voices: int
    outlets: int
    """reprints count here"""
    communes: tuple[str, ...]
    """codes of those that its articles settle on"""
    days: tuple[Day, ...]
    """each day up to today: from the first article, or as many as the curve shows"""
    recent: int
    """voices of the last days, the first of all left out"""
    before: int
    """those of the days before"""
    chance: float
    """of as many as `recent` or more, if the pace had not changed"""
    developing: bool
    words: str
    """what the test says, for the digest and the page"""

    @property
    def sparkline(self) -> str:
        """ "▁▁▂█": a sign a day."""
        most = max((day.voices + day.others for day in self.days), default=0)
        return "".join(_bar(day.voices + day.others, most) for day in self.days)


@dataclass(frozen=True)
class Carrier:
    """What is reckoned with of an article."""

    role: str
    published_at: datetime
    outlet_key: str
    commune: str | None


def growth_of(issue: Issue, settings: GrowthSettings, now: datetime) -> Growth | None:
    """None for an issue that carries nothing, as one merged into another."""
    return growth_from([_carrier(member) for member in issue.articles], settings, now)


def _carrier(member: IssueArticle) -> Carrier:
    article = member.article
    commune = locate(article, article.finding).commune if article.finding is not None else None
    return Carrier(member.role, article.published_at, article.outlet_key, commune)


def growth_from(carriers: Iterable[Carrier], settings: GrowthSettings, now: datetime) -> Growth | None:
    members = [member for member in carriers if member.published_at <= now]
    if not members:
        return None
    today = local(now).date()
    voices = sorted(local(member.published_at).date() for member in members if member.role in VOICES)
    recent, before = _spans(voices[1:], today, settings)
    chance = chance_of(recent, before, settings.recent_days, settings.before_days)
    # Where the first is not so old itself, nothing can have been added before.
    young = bool(voices) and (today - voices[0]).days < settings.recent_days
    developing = recent > 0 and chance < settings.significance
    return Growth(
        first_seen_at=min(member.published_at for member in members),
        last_seen_at=max(member.published_at for member in members),
        articles=len(members),
        voices=len(voices),
        outlets=len({member.outlet_key for member in members}),
        communes=tuple(sorted({member.commune for member in members if member.commune})),
        days=_days(members, today, settings.curve_days),
        recent=recent,
        before=before,
        chance=chance,
        developing=developing,
        words=YOUNG if young and not recent else _words(recent, before, chance, developing, settings),
    )


def chance_of(recent: int, before: int, recent_days: int, before_days: int) -> float:
    """P(X >= recent) for X ~ Binomial(recent + before, recent_days / (recent_days + before_days))."""
    share, total = recent_days / (recent_days + before_days), recent + before
    return min(1.0, math.fsum(_probability(k, total, share) for k in range(recent, total + 1)))


def _probability(k: int, total: int, share: float) -> float:
    return math.comb(total, k) * share**k * (1 - share) ** (total - k)


def _spans(voices: Iterable[date], today: date, settings: GrowthSettings) -> tuple[int, int]:
    ages = [(today - day).days for day in voices]
    recent = sum(age < settings.recent_days for age in ages)
    both = sum(age < settings.recent_days + settings.before_days for age in ages)
    return recent, both - recent


def _days(members: Sequence[Carrier], today: date, shown: int) -> tuple[Day, ...]:
    told = [(local(member.published_at).date(), member.role in VOICES) for member in members]
    counts = Counter(told)
    first = max(min(day for day, _ in told), today - timedelta(days=shown - 1))
    span = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    return tuple(Day(day, counts[day, True], counts[day, False]) for day in span)


def _bar(count: int, most: int) -> str:
    """The lowest is none at all."""
    return _BARS[math.ceil(count / most * (len(_BARS) - 1))] if count else _BARS[0]


def _words(recent: int, before: int, chance: float, developing: bool, settings: GrowthSettings) -> str:
    last = f"{vn_number(settings.recent_days)} ngày gần đây"
    if not recent:
        return f"{last} không có thêm tin, bài phản ánh"
    counted = (
        f"{last} có thêm {vn_number(recent)} tin, bài phản ánh "
        f"({vn_number(settings.before_days)} ngày trước đó: {vn_number(before)}, không kể tin đầu tiên)"
    )
    if not developing:
        return f"{counted}: chưa nhiều hơn rõ rệt"
    return f"{counted}: tăng rõ rệt; nếu nhịp không đổi, khả năng xảy ra chỉ {_percent(chance)}"


def _percent(chance: float) -> str:
    percent = chance * 100
    return "dưới 0,1%" if percent < 0.1 else f"{vn_number(percent, 1)}%"
