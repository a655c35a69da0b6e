"""findings → issues: each article joins the problem it tells of, or opens a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from pipeline.clock import Clock
from pipeline.drafting import reopen
from pipeline.gathering import changes_since, name_anew, new_issue, role_of, values_of
from pipeline.grouping import Placement, Text
from pipeline.locating import Location, locate
from pipeline.open_groups import OpenGroups, as_text, keep, keep_vectors
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.history import record
from store.models import Article, Finding, Issue, IssueArticle
from store.queries.articles import ungrouped
from store.queries.issues import closed_at, locked
from store.queries.placing import issue_of, standing

ACTOR = "stage:group"
BATCH = 100
"""so many are placed together, and in one transaction"""


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("group")
    with store.read() as session:
        pending = ungrouped(session, 1)
    if not pending:
        return summary
    # The open issues are read only when there is something to group.
    first = pending[0].published_at
    if made := keep_vectors(store, settings, first):
        progress(f"read {made} texts of open issues")
    groups: OpenGroups | None = None
    while True:
        with store.begin() as session:
            articles = ungrouped(session, BATCH)
            if not articles:
                return summary
            groups = groups or OpenGroups(session, settings, first)
            _Placing(session, settings, groups, clock(), summary).place(articles)
        progress(f"grouped {summary.counts.get('grouped', 0)} articles")


TOLD = ("urgency", "province_code", "commune_code", "commune_candidates", "place_name", "restricted", "title")
"""What an article may change of its issue, and the history tells of."""


@dataclass(frozen=True, slots=True)
class _Seeker:
    """An article that has no place yet."""

    article: Article
    finding: Finding
    where: Location
    text: Text


class _Placing:
    """Places articles within one transaction."""

    def __init__(
        self, session: Session, settings: Settings, groups: OpenGroups, now: datetime, summary: Summary
    ) -> None:
        self._session = session
        self._settings = settings
        self._groups = groups
        self._now = now
        self._summary = summary
        self._anew: dict[int, int] = {}
        """dismissed issues that came back worse, and the issues that were opened for it"""
        self._put: list[tuple[int, str, Text]] = []

    def place(self, articles: Sequence[Article]) -> None:
        seekers: dict[str, list[_Seeker]] = {"concern": [], "commendation": []}
        for article in articles:
            finding = article.finding
            assert finding is not None  # noqa: S101 - ungrouped joins it
            finding.grouped_at = self._now
            self._summary.count("grouped")
            if article.membership is None and finding.kind == "none":
                continue
            where = locate(article, finding)
            if article.membership is not None:
                self._take_in(locked(self._session, article.membership.issue_id), article, finding, where)
                continue
            kind = "commendation" if finding.kind == "commendation" else "concern"
            seekers[kind].append(_Seeker(article, finding, where, as_text(article, finding, where)))
        for kind, some in seekers.items():
            self._place_together(kind, some)
        self._groups.add(self._put)

    def _place_together(self, kind: str, seekers: Sequence[_Seeker]) -> None:
        placements = self._groups.of[kind].place([one.text for one in seekers])
        fellows: dict[int, list[tuple[_Seeker, Placement]]] = {}
        for one, placement in zip(seekers, placements, strict=True):
            if placement.group is not None:
                self._place_in(self._where(placement, int(placement.group)), kind, one, placement)
            else:
                fellows.setdefault(placement.first, []).append((one, placement))
        for some in fellows.values():
            self._place_new(kind, some)

    def _place_new(self, kind: str, fellows: Sequence[tuple[_Seeker, Placement]]) -> None:
        """The first that may open an issue does, the others join it: an answer came perhaps before it."""
        opener = next((one for one, _ in fellows if self._may_open(one)), None)
        if opener is None:
            for one, _ in fellows:
                self._count_unplaced(one)
            return
        issue = self._open(kind, opener)
        for one, placement in fellows:
            if one is not opener:
                self._join(issue, one, placement)

    def _place_in(self, issue: Issue, kind: str, one: _Seeker, placement: Placement) -> None:
        if self._may_join(issue, one.finding, placement):
            self._join(issue, one, placement)
        elif issue.id in self._anew:
            self._join(locked(self._session, self._anew[issue.id]), one, placement)
        elif self._may_open(one):
            self._anew[issue.id] = self._open(kind, one).id
        else:
            self._count_unplaced(one)

    def _may_open(self, one: _Seeker) -> bool:
        """An answer opens no issue, and another province's problem is another office's."""
        provinces = one.where.provinces
        here = not provinces or self._settings.office.province in provinces
        return one.finding.kind != "answer" and here

    def _count_unplaced(self, one: _Seeker) -> None:
        """The digest names both at its end, so that nothing is dropped unseen."""
        self._summary.count("answers_without_issue" if one.finding.kind == "answer" else "elsewhere")

    def _where(self, placement: Placement, group: int) -> Issue:
        """The issue that carries the match by now: a person may have merged it, or moved the article whose
        reprint this is, since the groups were read."""
        original = placement.reprint_of
        reprinted = issue_of(self._session, int(original)) if original is not None else None
        return standing(self._session, reprinted or group)

    def _may_join(self, issue: Issue, finding: Finding, placement: Placement) -> bool:
        """A dismissed problem that comes back worse is looked at again as a new one."""
        known = placement.reprint_of is not None or finding.urgency <= issue.urgency
        return issue.state != "dismissed" or known

    def _open(self, kind: str, one: _Seeker) -> Issue:
        issue = new_issue([one.article], kind=kind, at=self._now)
        self._session.add(issue)
        self._session.flush()
        self._add_article(issue, one, "report", None, 1.0)
        self._record(issue, "detected", {"state": "detected", "article": one.article.id})
        self._summary.count("issues_opened")
        return issue

    def _join(self, issue: Issue, one: _Seeker, placement: Placement) -> None:
        article, finding = one.article, one.finding
        original = placement.reprint_of
        role = role_of(article, is_reprint=original is not None, first_seen_at=issue.first_seen_at)
        self._add_article(issue, one, role, None if original is None else int(original), placement.similarity)
        self._record(issue, "joined", {"article": article.id, "role": role})
        self._summary.count(f"{role}s_joined")
        if issue.state == "closed" and finding.kind == "concern" and self._is_news(issue, article, role):
            reopen(self._session, issue, at=self._now, actor=ACTOR, why=f"Tin mới: {article.title}")
            self._summary.count("reopened")
        self._take_in(issue, article, finding, one.where)

    def _is_news(self, issue: Issue, article: Article, role: str) -> bool:
        """A reprint is no new voice, and what was published before the closing says nothing of after it."""
        if role == "reprint":
            return False
        closed = closed_at(self._session, issue.id)
        return closed is None or article.published_at > closed

    def _add_article(
        self, issue: Issue, one: _Seeker, role: str, reprint_of: int | None, similarity: float
    ) -> None:
        self._session.add(
            IssueArticle(
                issue=issue,
                article=one.article,
                role=role,
                reprint_of_id=reprint_of,
                similarity=round(similarity, 4),
                joined_at=self._now,
            )
        )
        keep(self._session, one.article, one.text.vector)
        self._put.append((issue.id, issue.kind, one.text))

    def _take_in(self, issue: Issue, article: Article, finding: Finding, where: Location) -> None:
        """What the article adds to its issue; what a person has set stays."""
        before = values_of(issue, TOLD)
        issue.first_seen_at = min(issue.first_seen_at, article.published_at)
        issue.last_seen_at = max(issue.last_seen_at, article.published_at)
        issue.restricted = issue.restricted or finding.restricted
        if finding.kind == "concern":
            self._take_in_concern(issue, finding, where)
        earlier, after = changes_since(issue, before)
        if after:
            self._record(issue, "gathered", after, earlier)

    def _take_in_concern(self, issue: Issue, finding: Finding, where: Location) -> None:
        issue.score = max(issue.score, finding.score)
        if "urgency" not in issue.edited:
            issue.urgency = max(issue.urgency, finding.urgency)
        if where.commune and not issue.commune_code and "commune_code" not in issue.edited:
            issue.province_code, issue.commune_code = where.province, where.commune
            issue.commune_candidates, issue.place_name = [], where.name
        if issue.state == "detected":
            name_anew(self._session, issue)

    def _record(
        self, issue: Issue, action: str, after: dict[str, object], before: dict[str, object] | None = None
    ) -> None:
        record(
            self._session,
            at=self._now,
            actor=ACTOR,
            entity="issue",
            entity_id=issue.id,
            action=action,
            before=before,
            after=after,
        )
