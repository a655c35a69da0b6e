"""The scripted analyst: does at each morning what a careful person would, by what is true of each article."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import select

from pipeline.clock import LOCAL, local
from pipeline.demo.registers import enter_of
from pipeline.demo.town import Town, TownArticle, Truth
from pipeline.review import Review
from pipeline.settings import Settings
from store import Store
from store.models import Issue, Referral

ACTOR = "analyst:chuyen-vien"
LEAD = "lead:lanh-dao"
"""who approves what the analyst has prepared; both are accounts of the desk that is opened afterwards"""
UNIMPORTANT = 1
"""Confirmed, but its letters wait as drafts: something is left to do for whoever opens the desk."""


@dataclass(frozen=True)
class Step:
    """What comes in from one agency about one event, and what the analyst makes of it."""

    morning: str
    event: str
    agency: str
    step: str
    """acknowledge | reply | refuse"""
    received: str = ""
    number: str | None = None
    text: str = ""
    judgement: str = ""
    why: str = ""
    outcome: str | None = None
    outcome_date: str | None = None
    proposed: str = ""
    instead: str | None = None
    """after a refusal: the agency chosen in its place"""


@dataclass(frozen=True)
class Seen:
    """An issue as the analyst sees it; `truth` is that of the article it began with."""

    id: int
    state: str
    kind: str
    topic: str
    urgency: int
    province: str | None
    commune: str | None
    restricted: bool
    truth: Truth
    drafts: tuple[int, ...]


class Analyst:
    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime], town: Town) -> None:
        self._store = store
        self._review = Review(store, settings, clock)
        self._clock = clock
        self._home = settings.office.province
        self._town = town

    def work(self, *, least_urgency: int = 0) -> dict[str, int]:
        """One morning: what agencies sent, then every issue that waits, down to `least_urgency`.

        Returns counts: confirmed, dismissed, approved, left, answered, entered.
        """
        counts = dict.fromkeys(("confirmed", "dismissed", "approved", "left", "answered", "entered"), 0)
        today = local(self._clock()).date().isoformat()
        for step in _steps():
            if step.morning == today and self._take(step):
                counts["answered"] += 1
        for issue in self._issues("detected"):
            counts[self._judge(issue, least_urgency)] += 1
        for issue in self._issues("confirmed", "referred", "reopened"):
            if issue.truth.urgency > UNIMPORTANT and not issue.restricted:
                for referral_id in issue.drafts:
                    self._review.approve(referral_id, LEAD)
                    counts["approved"] += 1
        counts["entered"] = len(list(enter_of(today, self._review, self._issue_of, ACTOR)))
        return counts

    # -- issues ---------------------------------------------------------------------------------

    def _judge(self, issue: Seen, least_urgency: int) -> str:
        if issue.truth.kind not in ("concern", "commendation"):
            self._review.dismiss(issue.id, ACTOR, "Không phải vấn đề dân sinh trên địa bàn.")
            return "dismissed"
        if earlier := self._same_event(issue):
            self._review.dismiss(issue.id, ACTOR, f"Trùng với vấn đề số {earlier}.")
            return "dismissed"
        if issue.restricted or issue.truth.restricted or issue.truth.urgency < least_urgency:
            return "left"
        if issue.truth.kind == "concern":
            self._correct(issue)
        self._review.confirm(issue.id, ACTOR)
        return "confirmed"

    def _same_event(self, issue: Seen) -> int | None:
        others = self._issues("confirmed", "referred", "closed", "reopened")
        return next((o.id for o in others if o.truth.event and o.truth.event == issue.truth.event), None)

    def _issue_of(self, event: str) -> int | None:
        found = self._issues("detected", "confirmed", "referred", "closed", "reopened")
        return next((issue.id for issue in found if issue.truth.event == event), None)

    def _correct(self, issue: Seen) -> None:
        if issue.truth.topic and issue.truth.topic != issue.topic:
            self._review.set_topic(issue.id, issue.truth.topic, ACTOR)
        right = issue.truth.communes[0] if len(issue.truth.communes) == 1 else None
        if right != issue.commune or issue.province != self._home:
            self._review.set_place(issue.id, right or self._home, ACTOR)

    # -- replies --------------------------------------------------------------------------------

    def _take(self, step: Step) -> bool:
        """False where the event never became a referral to that agency."""
        found = self._referral(step)
        if found is None:
            return False
        issue_id, referral_id = found
        if step.step == "acknowledge":
            self._review.acknowledge(referral_id, ACTOR)
        elif step.step == "refuse":
            self._review.refuse(referral_id, step.proposed, ACTOR, step.why)
            if step.instead:
                self._review.set_agency(issue_id, step.instead, ACTOR)
        else:
            self._reply(step, issue_id, referral_id)
        return True

    def _reply(self, step: Step, issue_id: int, referral_id: int) -> None:
        reply_id = self._review.record_reply(
            referral_id,
            ACTOR,
            text=step.text,
            received_at=datetime.fromisoformat(step.received).replace(tzinfo=LOCAL),
            document_number=step.number,
        )
        if step.judgement == "returned":
            self._review.return_reply(reply_id, ACTOR, step.why)
            return
        self._review.accept_reply(reply_id, ACTOR)
        if step.outcome:
            on = date.fromisoformat(step.outcome_date) if step.outcome_date else None
            self._review.close(issue_id, step.outcome, ACTOR, reply_id=reply_id, outcome_date=on)

    def _referral(self, step: Step) -> tuple[int, int] | None:
        """The issue of the event and its referral that the agency may still answer."""
        events = {
            i.id for i in self._issues("confirmed", "referred", "reopened") if i.truth.event == step.event
        }
        with self._store.read() as session:
            for referral in session.scalars(select(Referral).where(Referral.agency_key == step.agency)):
                if referral.issue_id in events and referral.state in ("sent", "acknowledged"):
                    return referral.issue_id, referral.id
        return None

    # -- inside ---------------------------------------------------------------------------------

    def _issues(self, *states: str) -> list[Seen]:
        with self._store.read() as session:
            issues = session.scalars(select(Issue).where(Issue.state.in_(states)).order_by(Issue.id))
            return [seen for issue in issues if (seen := self._see(issue))]

    def _see(self, issue: Issue) -> Seen | None:
        """None where no article of it is the town's."""
        articles = [self._town.find(membership.article.url) for membership in issue.articles]
        first = _first(articles)
        if first is None:
            return None
        return Seen(
            id=issue.id,
            state=issue.state,
            kind=issue.kind,
            topic=issue.topic,
            urgency=issue.urgency,
            province=issue.province_code,
            commune=issue.commune_code,
            restricted=issue.restricted,
            truth=first.truth,
            drafts=tuple(r.id for r in issue.referrals if r.state == "drafted"),
        )


def _first(articles: Sequence[TownArticle | None]) -> TownArticle | None:
    return next((article for article in articles if article is not None), None)


def _steps() -> list[Step]:
    text = (resources.files("pipeline.demo") / "town" / "replies.yaml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(text)
    return [Step(**entry) for entry in entries]
