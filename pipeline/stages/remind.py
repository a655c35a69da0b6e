"""Deadlines near and past → one mail a day at most to each address, about all it owes an answer to.

Off unless config.yaml has a `reminders` section. What was told of is an event of the referral that names
the mail; a mail that never left is dropped for the next day's, which tells of the same again.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.clock import LOCAL, Clock, local
from pipeline.clocks import UNANSWERED
from pipeline.deadlines import standing_words, until_words
from pipeline.documents.issuing import SERIES, head_of, number_and_symbol, numbering_year
from pipeline.documents.letter import office_contact
from pipeline.documents.mail import DOCX, Attachment
from pipeline.documents.reminder import Owed, Reminder, reminder_docx, reminder_html, reminder_text
from pipeline.documents.templating import TemplateMistake, template_of
from pipeline.outbox import queue
from pipeline.reminding import LEADER, step_reached
from pipeline.routing import Recipient, recipient
from pipeline.settings import Reminders, Settings
from pipeline.stages.summary import Progress, Summary
from pipeline.states import allowed, change
from store import Store
from store.history import record_of_referral
from store.models import Referral
from store.queries.issues import locked
from store.queries.numbers import issue_number
from store.queries.reminders import (
    REMINDED,
    REMINDER,
    extensions,
    reminded,
    reminders_to,
    unanswered_by,
)

ACTOR = "stage:remind"


@dataclass(frozen=True)
class _Due:
    referral: Referral
    agency: Recipient
    address: str
    step: str


def is_due(_store: Store, settings: Settings, now: datetime) -> bool:
    """On working days from the configured hour on."""
    rules, today = settings.reminders, local(now)
    if rules is None or today.time() < rules.at:
        return False
    return WorkingCalendar(settings.calendar).is_working_day(today.date())


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("remind")
    rules = settings.reminders
    if rules is None:
        return summary
    now = clock()
    for address, issue_ids in _waiting(store, settings, rules, now, summary).items():
        try:
            with store.begin() as session:
                # In one order, so that two who hold several issues never wait for each other.
                for issue_id in sorted(issue_ids):
                    locked(session, issue_id)
                _remind(session, settings, rules, address, now, summary)
        except TemplateMistake as error:
            summary.fail(f"reminder to {address}", str(error), "mend it; `dansinh check` tells more")
        progress(f"reminders written: {summary.counts.get('reminders', 0)}")
    return summary


def _waiting(
    store: Store, settings: Settings, rules: Reminders, now: datetime, summary: Summary
) -> dict[str, set[int]]:
    """Addresses that something new is to be told to, with the issues of all they owe an answer to."""
    with store.read() as session:
        reached = _reached(session, settings, rules, now, summary)
        fresh = {_address(due) for due in _untold(session, reached)}
        issues: dict[str, set[int]] = defaultdict(set)
        for due in reached:
            if _address(due) in fresh:
                issues[_address(due)].add(due.referral.issue_id)
    return issues


def _remind(
    session: Session, settings: Settings, rules: Reminders, address: str, now: datetime, summary: Summary
) -> None:
    reached = [one for one in _reached(session, settings, rules, now) if _address(one) == address]
    earlier = reminders_to(session, address, datetime.combine(local(now), time(), LOCAL))
    # One that went out today is the day's; one being sent may go out at any moment.
    if not _untold(session, reached) or any(not allowed(mail, "cancelled") for mail in earlier):
        return
    if any(local(mail.queued_at).date() == local(now).date() for mail in earlier):
        return
    for mail in earlier:
        change(session, mail, "cancelled", at=now, actor=ACTOR, why="có thư nhắc mới hơn")
    _queue(session, settings, address, _untold(session, reached), now, summary)


def _reached(
    session: Session, settings: Settings, rules: Reminders, now: datetime, summary: Summary | None = None
) -> list[_Due]:
    calendar = WorkingCalendar(settings.calendar)
    today = local(now).date()
    until = calendar.end_of_day(calendar.add_working_days(today, max(rules.days_before, default=0)))
    found = []
    for referral in unanswered_by(session, UNANSWERED, until):
        assert referral.deadline_at is not None  # noqa: S101 - unanswered_by
        step = step_reached(referral.deadline_at, now, calendar, rules)
        agency = recipient(settings, referral.agency_key, today, referral.issue.commune_code)
        if step is None:
            continue
        if agency is not None and agency.address is not None:
            found.append(_Due(referral, agency, agency.address, step))
        elif summary is not None:
            remedy = f"give agency {referral.agency_key!r} an email"
            summary.fail(referral.agency_name, "cannot be reminded: it has no address", remedy)
    return found


def _untold(session: Session, reached: Sequence[_Due]) -> list[_Due]:
    told = reminded(session, [due.referral.id for due in reached])
    return [due for due in reached if (due.referral.id, due.step, _deadline(due.referral)) not in told]


def _queue(
    session: Session,
    settings: Settings,
    address: str,
    told: Sequence[_Due],
    now: datetime,
    summary: Summary,
) -> None:
    reminder = _reminder(session, settings, told, now)
    # The day's only one: the store itself refuses a second.
    key = f"{REMINDER} {local(now).date().isoformat()} {address}"
    delivery = queue(
        session,
        settings,
        key=key,
        kind=REMINDER,
        channel=told[0].agency.delivery.channel,
        recipient=address,
        subject=f"Nhắc thời hạn trả lời {len(told)} phiếu chuyển",
        text=reminder_text(reminder),
        html=reminder_html(reminder),
        attachments=_attached(session, settings, reminder, key, now) if reminder.leaders else [],
        at=now,
        actor=ACTOR,
    )
    if delivery is None:
        return
    for due in told:
        record_of_referral(
            session,
            due.referral.id,
            REMINDED,
            at=now,
            actor=ACTOR,
            after={"step": due.step, "deadline_at": _deadline(due.referral), "delivery": delivery.id},
        )
    summary.count("reminders")


def _attached(
    session: Session, settings: Settings, reminder: Reminder, key: str, now: datetime
) -> list[Attachment]:
    """A leader is asked by a letter with a number (công văn đôn đốc)."""
    office, day = settings.office, local(now).date()
    number = issue_number(session, SERIES["reminder"], numbering_year(office, day), key, now)
    head = head_of(office, "reminder", number, day, ["- Như trên;"])
    content = reminder_docx(reminder, head, template_of(settings, "reminder"), now)
    return [Attachment(f"cong-van-don-doc-{number}.docx", DOCX, content)]


def _reminder(session: Session, settings: Settings, told: Sequence[_Due], now: datetime) -> Reminder:
    leaders = dict.fromkeys(due.agency.leader_post for due in told if due.step == LEADER)
    contacts = dict.fromkeys(
        f"{due.agency.name} ({due.agency.contact_unit})" for due in told if due.step != LEADER
    )
    extended = extensions(session, [due.referral.id for due in told])
    calendar = WorkingCalendar(settings.calendar)
    return Reminder(
        office=settings.office.name,
        addressees=(*leaders, *contacts),
        leaders=tuple(leaders),
        owed=tuple(_owed(settings, calendar, due, now, extended=due.referral.id in extended) for due in told),
        contact=office_contact(settings.office),
    )


def _owed(settings: Settings, calendar: WorkingCalendar, due: _Due, now: datetime, *, extended: bool) -> Owed:
    referral = due.referral
    assert referral.deadline_at is not None  # noqa: S101 - unanswered_by
    assert referral.approved_at is not None  # noqa: S101 - it has been sent
    return Owed(
        number=number_and_symbol(settings.office, "letter", referral.number),
        day=local(referral.approved_at).date(),
        subject=referral.title or referral.issue.title,
        until=until_words(referral.deadline_at, extended=extended),
        standing=standing_words(
            referral.deadline_at, "overdue" if now > referral.deadline_at else "running", now, calendar
        ),
    )


def _address(due: _Due) -> str:
    """Mail systems tell capitals apart as little as people do: two spellings are one recipient."""
    return due.address.lower() if due.agency.delivery.channel == "mail" else due.address


def _deadline(referral: Referral) -> str:
    assert referral.deadline_at is not None  # noqa: S101 - unanswered_by
    return referral.deadline_at.astimezone(UTC).isoformat()
