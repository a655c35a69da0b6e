"""What an agency says to a referral, whoever writes it down: the analyst or the agency itself.

All work in the caller's transaction, behind the issue's lock, and raise NotAllowed with a sentence.
What is written by hand is masked before it is stored.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from nlp.privacy import mask_text
from pipeline.asked import lead_referral
from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.clocks import UNANSWERED
from pipeline.competence import contested, contested_in_words, same_name
from pipeline.drafting import set_routing_problem
from pipeline.formats import vn_date
from pipeline.reasons import reason_given
from pipeline.settings import Settings
from pipeline.states import NotAllowed, change
from store.history import record, record_of_referral
from store.models import Attachment, Issue, Referral, Reply, TimeRequest
from store.queries.placing import referrals_of_all
from store.queries.reminders import EXTENDED

LONGEST_TEXT = 20_000
LONGEST_NAME = 200
FURTHEST = timedelta(days=366)
"""from today, for a deadline: a day beyond a year is a slip of the pen"""
ONLY_FILES = "(Nội dung trả lời ở tệp đính kèm.)"


def receive_reply(
    session: Session,
    referral: Referral,
    *,
    text: str,
    received_at: datetime,
    at: datetime,
    actor: str,
    channel: str,
    document_number: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> Reply:
    """`received_at` is what the deadline is held against."""
    if not text.strip() and not attachments:
        raise NotAllowed("Hãy ghi nội dung trả lời.")
    _no_longer_than(text, LONGEST_TEXT, "Nội dung trả lời")
    if received_at > at:
        raise NotAllowed("Thời điểm nhận trả lời ở tương lai.")
    if referral.sent_at is not None and received_at < referral.sent_at:
        raise NotAllowed("Thời điểm nhận trả lời sớm hơn lúc gửi phiếu chuyển.")
    change(session, referral, "answered", at=at, actor=actor)
    reply = Reply(
        referral=referral,
        received_at=received_at,
        recorded_at=at,
        document_number=mask_text((document_number or "").strip())[:LONGEST_NAME] or None,
        text=mask_text(text.strip()) or ONLY_FILES,
        channel=channel,
    )
    session.add(reply)
    session.flush()
    for file in attachments:
        # By its column, which tells what it was before it is written.
        file.reply_id = reply.id
    session.add_all(attachments)
    after = {"referral": referral.id, "received_at": received_at.isoformat(), "channel": channel}
    if attachments:
        after["attachments"] = len(attachments)
    record(session, at=at, actor=actor, entity="reply", entity_id=reply.id, action="recorded", after=after)
    return reply


def receive_refusal(
    session: Session, referral: Referral, body: str, why: str, *, at: datetime, actor: str
) -> None:
    """The agency names the body it holds competent; the issue comes back with that proposal."""
    if not body.strip():
        raise NotAllowed("Từ chối phải nêu cơ quan được cho là có thẩm quyền.")
    masked = reason_given(why, "Hãy ghi lý do từ chối.")
    _no_longer_than(body, LONGEST_NAME, "Tên cơ quan")
    named = mask_text(body.strip())
    change(session, referral, "refused", at=at, actor=actor, why=masked, proposed_agency=named)
    reason = f"{referral.agency_name} từ chối, cho là thuộc thẩm quyền của {named}."
    if passing := contested(referrals_of_all(session, referral.issue)):
        reason = f"{reason} {contested_in_words(passing)}"
    elif referral.role == "co" and _leads(referral.issue, named):
        return
    set_routing_problem(session, referral.issue, reason, at=at, actor=actor)


def _leads(issue: Issue, name: str) -> bool:
    """Where the body named has the issue as its lead there is nothing to decide."""
    lead = lead_referral(issue)
    return lead is not None and same_name(lead.agency_name, name)


def ask_for_time(
    session: Session,
    settings: Settings,
    referral: Referral,
    until: date,
    why: str,
    *,
    at: datetime,
    actor: str,
) -> TimeRequest:
    """Changes no deadline: the committee decides."""
    reason = reason_given(why, "Hãy ghi lý do xin thêm thời gian.")
    if any(asked.decision is None for asked in referral.time_requests):
        raise NotAllowed("Đã có một đề nghị gia hạn đang chờ quyết định.")
    new_deadline(settings, referral, until, at)
    request = TimeRequest(referral=referral, until=until, why=reason, asked_at=at)
    session.add(request)
    session.flush()
    record_of_referral(
        session,
        referral.id,
        "time_asked",
        at=at,
        actor=actor,
        after={"until_date": until.isoformat()},
        why=request.why,
    )
    return request


def new_deadline(settings: Settings, referral: Referral, until: date, now: datetime) -> datetime:
    """The end of the day `until`. Raises NotAllowed where the deadline cannot become that."""
    calendar = WorkingCalendar(settings.calendar)
    if referral.state not in UNANSWERED:
        raise NotAllowed("Chỉ gia hạn phiếu chuyển đã gửi và còn chờ trả lời.")
    if referral.deadline_at is None:
        raise NotAllowed("Phiếu chuyển này không có thời hạn.")
    today = local(now).date()
    if until < today:
        raise NotAllowed(f"Ngày {vn_date(until)} đã qua; hãy chọn một ngày sau hôm nay.")
    if until > today + FURTHEST:
        raise NotAllowed("Chỉ gia hạn trong vòng một năm kể từ hôm nay.")
    if not calendar.is_working_day(until):
        raise NotAllowed(f"{vn_date(until)} không phải ngày làm việc.")
    limit = calendar.end_of_day(until)
    if limit <= max(referral.deadline_at, now):
        raise NotAllowed("Thời hạn mới phải muộn hơn thời hạn cũ và muộn hơn lúc này.")
    return limit


def extend(
    session: Session,
    settings: Settings,
    referral: Referral,
    until: date,
    why: str,
    *,
    at: datetime,
    actor: str,
    asked: TimeRequest | None = None,
) -> None:
    """More time by the programme's clock. A limit of law is not the office's to move.

    `asked`: the request that is granted by it.
    """
    reason = reason_given(why, "Hãy ghi lý do gia hạn.")
    limit, before = new_deadline(settings, referral, until, at), referral.deadline_at
    assert before is not None  # noqa: S101 - new_deadline
    referral.deadline_at = limit
    record_of_referral(
        session,
        referral.id,
        EXTENDED,
        at=at,
        actor=actor,
        before={"deadline_at": before.isoformat()},
        after={"deadline_at": limit.isoformat()} | ({"time_request": asked.id} if asked else {}),
        why=reason,
    )


def _no_longer_than(text: str, limit: int, what: str) -> None:
    if len(text) > limit:
        raise NotAllowed(f"{what} dài quá {limit} ký tự; hãy rút ngắn hoặc gửi thành tệp.")
