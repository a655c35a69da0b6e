"""What new articles are grouped with: the articles of open issues, held in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from nlp.similarity import Vector, vector, vector_version
from pipeline.grouping import Grouper, Text
from pipeline.locating import Location, locate
from pipeline.settings import Settings
from store import Store
from store.models import Article, Finding, Issue
from store.queries.placing import placed_communes
from store.queries.vectors import carried, handled_by_people, keep_vector, without_vector

READ_TOGETHER = 5000
MADE_TOGETHER = 500


def keep_vectors(store: Store, settings: Settings, first: datetime) -> int:
    """Makes those that are wanting, once, in batches of their own; how many."""
    made = 0
    while True:
        with store.begin() as session:
            articles = without_vector(session, _since(settings, first), vector_version(), MADE_TOGETHER)
            for article in articles:
                keep(session, article, vector_of(article))
        if not articles:
            return made
        made += len(articles)


def keep(session: Session, article: Article, made: Vector) -> None:
    keep_vector(session, article, vector_version(), made.to_bytes())


def vector_of(article: Article) -> Vector:
    return vector(article.title, article.lead, article.body)


def as_text(article: Article, finding: Finding, where: Location) -> Text:
    return Text(
        key=article.id,
        vector=vector_of(article),
        published_at=article.published_at,
        topic=finding.topic,
        province=where.province,
        communes=frozenset(where.candidates),
    )


class OpenGroups:
    """One Grouper for problems and one for good examples: praise never joins a complaint."""

    def __init__(self, session: Session, settings: Settings, first: datetime) -> None:
        chosen = settings.grouping
        times = timedelta(days=chosen.window_days), timedelta(days=chosen.longest_days)
        self.of = {kind: Grouper(chosen.similarity, *times) for kind in ("concern", "commendation")}
        since = _since(settings, first)
        self._together = dict(_together(handled_by_people(session, since)))
        for grouper in self.of.values():
            grouper.together |= set(self._together)
        for rows in carried(session, since, vector_version(), READ_TOGETHER):
            held = [row for row in rows if row.data is not None]
            self.add([(row.issue_id, row.kind, _text(row)) for row in held])

    def add(self, put: Sequence[tuple[int, str, Text]]) -> None:
        """Texts with their issues and these issues' kinds.

        Where a person has put articles together, they are of one place, whatever each names.
        """
        for kind, grouper in self.of.items():
            grouper.add(
                [(issue_id, self._placed(issue_id, text)) for issue_id, its, text in put if its == kind]
            )

    def _placed(self, issue_id: int, text: Text) -> Text:
        communes = self._together.get(issue_id)
        return replace(text, communes=communes | text.communes) if communes else text


def _since(settings: Settings, first: datetime) -> datetime:
    return first - timedelta(days=settings.grouping.longest_days)


def _text(row: Any) -> Text:
    # A row has the columns of article and finding by which a place is found.
    where = locate(row, row)
    return Text(
        key=row.article_id,
        vector=Vector.from_bytes(row.data),
        published_at=row.published_at,
        topic=row.topic,
        province=where.province,
        communes=frozenset(where.candidates),
    )


def _together(issues: Sequence[Issue]) -> Iterable[tuple[int, frozenset[str]]]:
    for issue in issues:
        found = [(member.article, member.article.finding) for member in issue.articles]
        communes = [locate(article, finding).candidates for article, finding in found if finding]
        if placed := placed_communes(issue, communes):
            yield issue.id, placed
