"""findings → issues: each article joins the problem it tells of, or opens a new one."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nlp.similarity import vector
from pipeline.clock import Clock
from pipeline.drafting import reopen
from pipeline.gathering import NO_TOPIC, name_anew, role_of
from pipeline.grouping import Grouper, Match, Text
from pipeline.locating import Location, locate
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.history import record
from store.models import Article, Finding, Issue, IssueArticle
from store.queries.articles import ungrouped
from store.queries.issues import joinable, locked
from store.queries.placing import issue_of, placed_communes, standing

ACTOR = "stage:group"
BATCH = 50


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("group")
    groups: _Groups | None = None
    while True:
        with store.begin() as session:
            articles = ungrouped(session, BATCH)
            if not articles:
                return summary
            # The open issues are read only when there is something to group.
            groups = groups or _Groups(session, settings, articles[0].published_at)
            for article in articles:
                assert article.finding is not None  # noqa: S101 - ungrouped joins it
                _Placing(session, settings, groups, clock(), summary).place(article, article.finding)
        progress(f"grouped {summary.counts.get('grouped', 0)} articles")


class _Groups:
    """One Grouper for problems and one for good examples: praise never joins a complaint."""

    def __init__(self, session: Session, settings: Settings, first: datetime) -> None:
        window = timedelta(days=settings.grouping.window_days)
        threshold = settings.grouping.similarity
        self.of = {kind: Grouper(threshold, window) for kind in ("concern", "commendation")}
        self._together: dict[int, frozenset[str]] = {}
        for issue in joinable(session, first - window):
            carried = [(member.article, member.article.finding) for member in issue.articles]
            texts = [as_text(article, found, locate(article, found)) for article, found in carried if found]
            if communes := placed_communes(issue, [text.communes for text in texts]):
                self._together[issue.id] = communes
            for text in texts:
                self.add(issue, text)

    def add(self, issue: Issue, text: Text) -> None:
        """Where a person has put articles together, they are of one place, whatever each names."""
        if communes := self._together.get(issue.id):
            text = replace(text, communes=communes | text.communes)
        self.of[issue.kind].add(issue.id, text)


def as_text(article: Article, finding: Finding, where: Location) -> Text:
    return Text(
        key=article.id,
        vector=vector(article.title, article.lead, article.body),
        published_at=article.published_at,
        topic=finding.topic,
        province=where.province,
        communes=frozenset(where.candidates),
    )


class _Placing:
    """Places one article within one transaction."""

    def __init__(
        self, session: Session, settings: Settings, groups: _Groups, now: datetime, summary: Summary
    ) -> None:
        self._session = session
        self._settings = settings
        self._groups = groups
        self._now = now
        self._summary = summary

    def place(self, article: Article, finding: Finding) -> None:
        finding.grouped_at = self._now
        self._summary.count("grouped")
        if article.membership is None and finding.kind == "none":
            return
        where = locate(article, finding)
        if article.membership is not None:
            self._take_in(locked(self._session, article.membership.issue_id), article, finding, where)
        else:
            self._seek(article, finding, where)

    def _seek(self, article: Article, finding: Finding, where: Location) -> None:
        kind = "commendation" if finding.kind == "commendation" else "concern"
        text = as_text(article, finding, where)
        match = self._groups.of[kind].find(text)
        issue = self._where(match) if match else None
        if issue is not None and match is not None and self._may_join(issue, finding, match):
            self._join(issue, article, finding, match, where)
        elif finding.kind == "answer":
            # An answer opens no issue; the digest shows it among what the press says was handled.
            self._summary.count("answers_without_issue")
            return
        elif where.provinces and self._settings.office.province not in where.provinces:
            # Another office's; the digest names it at its end, so that nothing is dropped unseen.
            self._summary.count("elsewhere")
            return
        else:
            issue = self._open(kind, article, finding, where)
        self._groups.add(issue, text)

    def _where(self, match: Match) -> Issue:
        """The issue that carries the match by now: a person may have merged it, or moved the article whose
        reprint this is, since the groups were read."""
        reprinted = issue_of(self._session, int(match.reprint_of.key)) if match.reprint_of else None
        return standing(self._session, reprinted or int(match.group.key))

    def _may_join(self, issue: Issue, finding: Finding, match: Match) -> bool:
        """A dismissed problem that comes back worse is looked at again as a new one."""
        return issue.state != "dismissed" or match.reprint_of is not None or finding.urgency <= issue.urgency

    def _open(self, kind: str, article: Article, finding: Finding, where: Location) -> Issue:
        issue = Issue(
            title=article.title,
            kind=kind,
            topic=finding.topic or NO_TOPIC,
            urgency=finding.urgency,
            province_code=where.province,
            commune_code=where.commune,
            commune_candidates=[] if where.commune else list(where.candidates),
            place_name=where.name,
            state="detected",
            restricted=finding.restricted,
            score=finding.score,
            first_seen_at=article.published_at,
            last_seen_at=article.published_at,
            detected_at=self._now,
            edited=[],
        )
        self._session.add(issue)
        self._session.flush()
        self._add_article(issue, article, "report", None, 1.0)
        name_anew(issue)
        self._record(issue, "detected", {"state": "detected", "article": article.id})
        self._summary.count("issues_opened")
        return issue

    def _join(self, issue: Issue, article: Article, finding: Finding, match: Match, where: Location) -> None:
        reprints = match.reprint_of is not None
        role = role_of(article, is_reprint=reprints, first_seen_at=issue.first_seen_at)
        reprint_of = int(match.reprint_of.key) if match.reprint_of else None
        self._add_article(issue, article, role, reprint_of, match.similarity)
        self._record(issue, "joined", {"article": article.id, "role": role})
        self._summary.count(f"{role}s_joined")
        if issue.state == "closed" and finding.kind == "concern":
            reopen(self._session, issue, at=self._now, actor=ACTOR, why=f"Tin mới: {article.title}")
            self._summary.count("reopened")
        self._take_in(issue, article, finding, where)

    def _add_article(
        self, issue: Issue, article: Article, role: str, reprint_of: int | None, similarity: float
    ) -> None:
        self._session.add(
            IssueArticle(
                issue=issue,
                article=article,
                role=role,
                reprint_of_id=reprint_of,
                similarity=round(similarity, 4),
                joined_at=self._now,
            )
        )

    def _take_in(self, issue: Issue, article: Article, finding: Finding, where: Location) -> None:
        """What the article adds to its issue; what a person has set stays."""
        issue.first_seen_at = min(issue.first_seen_at, article.published_at)
        issue.last_seen_at = max(issue.last_seen_at, article.published_at)
        issue.restricted = issue.restricted or finding.restricted
        if finding.kind != "concern":
            return
        issue.score = max(issue.score, finding.score)
        if "urgency" not in issue.edited:
            issue.urgency = max(issue.urgency, finding.urgency)
        if where.commune and not issue.commune_code and "commune_code" not in issue.edited:
            issue.province_code, issue.commune_code = where.province, where.commune
            issue.commune_candidates, issue.place_name = [], where.name
        if issue.state == "detected":
            name_anew(issue)

    def _record(self, issue: Issue, action: str, after: dict[str, object]) -> None:
        record(
            self._session,
            at=self._now,
            actor=ACTOR,
            entity="issue",
            entity_id=issue.id,
            action=action,
            after=after,
        )
