"""Where a statement comes from: outlet, title, time, link."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.clock import local
from pipeline.documents.hrefs import safe_href
from pipeline.formats import vn_date, vn_datetime, vn_short_datetime, vn_time
from store.models import Article, Issue, IssueArticle

SHOWN_SOURCES = 5
"""More than a reader checks; the rest is counted."""


@dataclass(frozen=True)
class Citation:
    outlet: str
    title: str
    url: str
    at: datetime
    """when it was published, or first read where the page names no time"""
    time_known: bool
    reprint: bool
    changed_at: datetime | None = None
    """when its title or text was found changed"""
    gone: bool = False
    """its page has been taken down"""

    @property
    def href(self) -> str | None:
        """Where a link may lead; None: the address is no link."""
        return safe_href(self.url)

    @property
    def marks(self) -> str:
        """What a reader should know before following the link: " (đăng lại; đã gỡ)"; empty if nothing."""
        marks = ["đăng lại"] if self.reprint else []
        if self.gone:
            marks.append("đã gỡ")
        elif self.changed_at is not None:
            marks.append(changed_in_words(self.changed_at))
        return f" ({'; '.join(marks)})" if marks else ""

    @property
    def when(self) -> str:
        return vn_datetime(self.at) if self.time_known else f"đọc được lúc {vn_datetime(self.at)}"

    @property
    def short_when(self) -> str:
        return vn_short_datetime(self.at) + ("" if self.time_known else " (giờ đọc được)")


def citations(issue: Issue) -> tuple[Citation, ...]:
    """Originals before reprints, the newest first."""
    members = sorted(issue.articles, key=_newest_original_first)
    return tuple(citation(member.article, reprint=member.role == "reprint") for member in members)


def _newest_original_first(member: IssueArticle) -> tuple[bool, float, int]:
    return member.role == "reprint", -member.article.published_at.timestamp(), member.id


def citation(article: Article, *, reprint: bool) -> Citation:
    return Citation(
        outlet=article.outlet_name,
        title=article.title,
        url=article.url,
        at=local(article.published_at),
        time_known=article.published_known,
        reprint=reprint,
        changed_at=local(article.changed_at) if article.changed_at else None,
        gone=article.gone_at is not None,
    )


def changed_in_words(moment: datetime) -> str:
    """đã sửa lúc 14:05 22/11/2026"""
    return f"đã sửa lúc {vn_time(moment)} {vn_date(local(moment))}"


def strongest(members: Iterable[IssueArticle]) -> Article | None:
    """The original article of which the tagger is surest: the one to quote."""
    telling = [member for member in members if member.role != "answer" and member.article.finding is not None]
    originals = [member for member in telling if member.role != "reprint"] or telling
    return max((member.article for member in originals), key=_sureness, default=None)


def _sureness(article: Article) -> tuple[bool, float, int]:
    score = article.finding.score if article.finding else 0.0
    return article.body is not None, score, -article.id
