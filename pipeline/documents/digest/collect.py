"""From the store to what the digest of a day says."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.competence import contested
from pipeline.documents.digest.changes import changes
from pipeline.documents.digest.content import Counts, DigestContent, Line, StuckDelivery, TopicLines, Waiting
from pipeline.documents.digest.health import failing_mailboxes, source_health
from pipeline.documents.digest.line import line_of
from pipeline.documents.digest.mentions import elsewhere, handled
from pipeline.documents.digest.moment import Moment
from pipeline.documents.digest.sections import Section, sort_out
from pipeline.names import topics
from pipeline.settings import Settings
from pipeline.states import IN_WORDS
from pipeline.watching import watched
from store.models import Delivery, Issue
from store.queries import answers
from store.queries import digest as queries
from store.queries.outbox import stuck
from store.queries.registers import late_claims, open_projects
from store.queries.reminders import extensions

WITHOUT_PREVIOUS = timedelta(hours=24)


def collect(session: Session, settings: Settings, clock_now: datetime, day: date) -> DigestContent:
    """What is new or changed since the digest of an earlier day, else in the last 24 hours."""
    previous = queries.previous_digest_at(session, day)
    since = previous or clock_now - WITHOUT_PREVIOUS
    unreferred = queries.without_referral_ids(session)
    touched = queries.issues_touched(session, since, clock_now)
    moment = Moment(
        settings=settings,
        now=clock_now,
        since=since,
        calendar=WorkingCalendar(settings.calendar),
        events=queries.events_by_issue(session, since, clock_now),
        unreferred=unreferred,
        extensions=extensions(session, [one.id for issue in touched for one in issue.referrals]),
        projects=open_projects(session),
    )
    unrouted = queries.issues_with_routing_problem(session)
    lists = sort_out(touched, moment)

    def lines(section: Section) -> tuple[Line, ...]:
        return tuple(line_of(issue, moment) for issue in lists.get(section, ()))

    return DigestContent(
        office=settings.office.name,
        parent=settings.office.parent,
        place=settings.office.place,
        day=day,
        made_at=local(clock_now),
        since=local(since),
        since_previous=previous is not None,
        counts=_counts(session, lists, moment),
        urgent=lines("urgent"),
        topics=_by_topic(lines("topics"), settings),
        developing=lines("developing"),
        answered=lines("answered"),
        overdue=_by_deadline(lines("overdue")),
        due_soon=_by_deadline(lines("due_soon")),
        good_examples=lines("good_examples"),
        waiting=Waiting(
            unconfirmed=queries.unconfirmed_count(session),
            routing_problems=len(unrouted),
            contested=sum(bool(contested(issue.referrals)) for issue in unrouted),
            without_referral=len(unreferred),
            drafted_referrals=queries.drafted_count(session),
            unjudged_replies=queries.unjudged_count(session),
            proposed_replies=answers.proposed_reply_count(session),
            time_requests=answers.time_request_count(session),
            late_claims=late_claims(session, local(clock_now).date()),
            restricted=lines("restricted"),
            unrouted=lines("unrouted"),
            unreferred=lines("unreferred"),
        ),
        handled=handled(session, moment),
        elsewhere=elsewhere(session, moment),
        stuck=tuple(_stuck(delivery) for delivery in session.scalars(stuck())),
        health=source_health(
            watched(session, settings, clock_now), failing_mailboxes(session, settings), since
        ),
    )


def _by_deadline(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The most urgent first, of these the one that has waited longest."""
    return tuple(sorted(lines, key=_pressing))


def _pressing(line: Line) -> tuple[int, float]:
    until = line.deadline.until if line.deadline else None
    return -line.urgency, until.timestamp() if until else 0.0


def _by_topic(lines: Iterable[Line], settings: Settings) -> tuple[TopicLines, ...]:
    """In the taxonomy's order; within a topic as given, the most urgent first."""
    by_topic: dict[str, list[Line]] = {}
    for line in lines:
        by_topic.setdefault(line.topic, []).append(line)
    names = topics(settings)
    order = [*names, *(topic for topic in by_topic if topic not in names)]
    return tuple(
        TopicLines(topic, names.get(topic, topic), tuple(by_topic[topic]))
        for topic in order
        if topic in by_topic
    )


def _counts(session: Session, lists: dict[Section, list[Issue]], moment: Moment) -> Counts:
    """Issues are counted as the lines below show them, so that a reader who counts finds the same.

    Late or nearly so is every line that says it, whatever list it stands in.
    """
    articles, outlets = queries.article_counts(session, moment.since, moment.now)
    concern_articles, concern_outlets = queries.concern_article_counts(session, moment.since, moment.now)
    concerns = [issue for issues in lists.values() for issue in issues if issue.kind == "concern"]
    standings = Counter(moment.worst_due(issue) for issue in concerns)
    return Counts(
        articles=articles,
        outlets=outlets,
        concern_articles=concern_articles,
        concern_outlets=concern_outlets,
        new_issues=sum(moment.is_new(issue) for issue in concerns),
        changed_issues=sum(not moment.is_new(issue) and bool(changes(issue, moment)) for issue in concerns),
        urgent=len(lists.get("urgent", ())),
        overdue=standings["overdue"],
        due_soon=standings["due_soon"],
    )


def _stuck(delivery: Delivery) -> StuckDelivery:
    return StuckDelivery(
        delivery_id=delivery.id,
        recipient=delivery.recipient,
        subject=delivery.subject,
        state=delivery.state,
        state_in_words=IN_WORDS[delivery.state],
        attempts=delivery.attempts,
        queued_at=local(delivery.queued_at),
        last_error=delivery.last_error,
    )
