"""What people decide at the desk. Each call is one transaction that writes its events.

Every method raises NotAllowed, with a sentence for the official who clicked, when the state does not
permit the step, and Conflict when somebody else was faster.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pipeline.clock import local
from pipeline.drafting import (
    approve_referral,
    draft_along,
    draft_referrals,
    set_routing_problem,
    withdraw_drafts,
)
from pipeline.names import OUTCOME_IN_WORDS, place_name, topics, unit_codes
from pipeline.routing import Routing, programme_on, recipient
from pipeline.settings import Settings
from pipeline.states import NotAllowed, change
from store import Store
from store.history import record
from store.models import Delivery, Event, Issue, Referral, Reply, User

OUTCOMES_RESTING_ON_A_REPLY = ("fixed", "explained", "planned")


class Conflict(NotAllowed):
    """Somebody else has decided in the meantime."""


class Review:
    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    # -- issues ---------------------------------------------------------------------------------

    def confirm(self, issue_id: int, actor: str, *, seen_version: int | None = None) -> None:
        with self._issue(issue_id, seen_version) as (session, issue):
            change(session, issue, "confirmed", at=self._clock(), actor=actor)
            if issue.kind == "concern":
                draft_referrals(session, self._settings, issue, at=self._clock(), actor=actor)

    def dismiss(self, issue_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        if not why.strip():
            raise NotAllowed("Hãy ghi lý do bỏ qua.")
        with self._issue(issue_id, seen_version) as (session, issue):
            change(session, issue, "dismissed", at=self._clock(), actor=actor, why=why)
            withdraw_drafts(session, issue, at=self._clock(), actor=actor, why=why)

    def set_topic(self, issue_id: int, topic: str, actor: str, *, seen_version: int | None = None) -> None:
        if topic not in topics(self._settings):
            raise NotAllowed(f"Không có lĩnh vực “{topic}”.")
        with self._issue(issue_id, seen_version) as (session, issue):
            self._edit(session, issue, actor, topic=topic)
            self._redraft(session, issue, actor)

    def set_place(
        self, issue_id: int, unit_code: str, actor: str, *, seen_version: int | None = None
    ) -> None:
        """`unit_code` is a commune's or a province's, in force today."""
        codes = unit_codes(unit_code)
        if codes is None:
            raise NotAllowed(f"Không có đơn vị hành chính mang mã “{unit_code}”.")
        province, commune = codes
        with self._issue(issue_id, seen_version) as (session, issue):
            self._edit(
                session,
                issue,
                actor,
                province_code=province,
                commune_code=commune,
                commune_candidates=[],
                place_name=place_name(unit_code),
            )
            self._redraft(session, issue, actor)

    def set_agency(
        self, issue_id: int, agency_key: str, actor: str, *, seen_version: int | None = None
    ) -> None:
        """A person's choice of the lead agency takes the place of what the rules named."""
        now = self._clock()
        today = local(now).date()
        with self._issue(issue_id, seen_version) as (session, issue):
            if issue.state not in ("confirmed", "referred", "reopened"):
                raise NotAllowed("Chỉ chọn cơ quan cho vấn đề đã xác nhận và chưa kết thúc.")
            agency = recipient(self._settings, agency_key, today, issue.commune_code)
            programme = programme_on(self._settings, today)
            if agency is None or agency.email is None:
                raise NotAllowed(f"Cơ quan “{agency_key}” không có hoặc chưa có địa chỉ nhận.")
            if programme is None:
                raise NotAllowed("Hôm nay không có chương trình phối hợp nào có hiệu lực.")
            if any(r.agency_key == agency.key and r.state in ("approved", "sent") for r in issue.referrals):
                raise NotAllowed(f"Đã chuyển vấn đề này tới {agency.name}.")
            withdraw_drafts(session, issue, at=now, actor=actor, why="chọn cơ quan khác")
            routing = Routing(agency, (), f"do {actor} chọn ngày {today:%d/%m/%Y}", programme)
            draft_along(session, issue, routing, self._settings, at=now, actor=actor)

    def close(
        self,
        issue_id: int,
        outcome: str,
        actor: str,
        *,
        reply_id: int | None = None,
        outcome_date: date | None = None,
        why: str | None = None,
        seen_version: int | None = None,
    ) -> None:
        """Closed is not fixed: it names an outcome and the accepted reply it rests on."""
        with self._issue(issue_id, seen_version) as (session, issue):
            self._check_outcome(session, issue, outcome, reply_id, outcome_date, why)
            withdraw_drafts(session, issue, at=self._clock(), actor=actor, why="vấn đề đã kết thúc")
            change(
                session,
                issue,
                "closed",
                at=self._clock(),
                actor=actor,
                why=why,
                outcome=outcome,
                outcome_date=outcome_date,
                closing_reply_id=reply_id,
            )

    def reopen(self, issue_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        if not why.strip():
            raise NotAllowed("Hãy ghi lý do mở lại.")
        with self._issue(issue_id, seen_version) as (session, issue):
            change(session, issue, "reopened", at=self._clock(), actor=actor, why=why)
            draft_referrals(session, self._settings, issue, at=self._clock(), actor=actor)

    # -- referrals ------------------------------------------------------------------------------

    def approve(self, referral_id: int, actor: str) -> None:
        with self._referral(referral_id) as (session, referral):
            approve_referral(session, self._settings, referral, at=self._clock(), actor=actor)

    def withdraw(self, referral_id: int, actor: str, why: str) -> None:
        with self._referral(referral_id) as (session, referral):
            change(session, referral, "withdrawn", at=self._clock(), actor=actor, why=why)

    def acknowledge(self, referral_id: int, actor: str) -> None:
        with self._referral(referral_id) as (session, referral):
            change(session, referral, "acknowledged", at=self._clock(), actor=actor)

    def refuse(self, referral_id: int, proposed_agency: str, actor: str, why: str) -> None:
        """The agency names the body it holds competent; the issue comes back with that proposal."""
        if not proposed_agency.strip():
            raise NotAllowed("Từ chối phải nêu cơ quan được cho là có thẩm quyền.")
        if not why.strip():
            raise NotAllowed("Hãy ghi lý do từ chối.")
        now = self._clock()
        with self._referral(referral_id) as (session, referral):
            change(
                session, referral, "refused", at=now, actor=actor, why=why, proposed_agency=proposed_agency
            )
            reason = f"{referral.agency_name} từ chối, cho là thuộc thẩm quyền của {proposed_agency}."
            set_routing_problem(session, referral.issue, reason, at=now, actor=actor)

    def record_reply(
        self,
        referral_id: int,
        actor: str,
        *,
        text: str,
        received_at: datetime,
        document_number: str | None = None,
    ) -> int:
        """Returns the reply's id. `received_at` is what the deadline is held against."""
        if not text.strip():
            raise NotAllowed("Hãy ghi nội dung trả lời.")
        now = self._clock()
        if received_at > now:
            raise NotAllowed("Thời điểm nhận trả lời ở tương lai.")
        with self._referral(referral_id) as (session, referral):
            change(session, referral, "answered", at=now, actor=actor)
            reply = Reply(
                referral=referral,
                received_at=received_at,
                recorded_at=now,
                document_number=document_number or None,
                text=text.strip(),
            )
            session.add(reply)
            session.flush()
            after = {"referral": referral.id, "received_at": received_at.isoformat()}
            record(
                session,
                at=now,
                actor=actor,
                entity="reply",
                entity_id=reply.id,
                action="recorded",
                after=after,
            )
            return reply.id

    def accept_reply(self, reply_id: int, actor: str) -> None:
        self._judge(reply_id, "accepted", actor, None)

    def return_reply(self, reply_id: int, actor: str, why: str) -> None:
        if not why.strip():
            raise NotAllowed("Hãy ghi lý do trả lại.")
        self._judge(reply_id, "returned", actor, why)

    def send_again(self, delivery_id: int, actor: str) -> None:
        """A quarantined delivery gets its tries back; the message and its Message-ID stay the same."""
        now = self._clock()
        with self._transaction() as session:
            delivery = _get(session, Delivery, delivery_id)
            change(session, delivery, "queued", at=now, actor=actor, attempts=0, next_attempt_at=now)

    # -- inside ---------------------------------------------------------------------------------

    def _judge(self, reply_id: int, judgement: str, actor: str, why: str | None) -> None:
        with self._transaction() as session:
            reply = _get(session, Reply, reply_id)
            if reply.judgement is not None:
                raise Conflict("Trả lời này đã được đánh giá.")
            reply.judgement = judgement
            change(session, reply.referral, judgement, at=self._clock(), actor=actor, why=why)

    def _edit(self, session: Session, issue: Issue, actor: str, **columns: Any) -> None:
        """Sets what a person has decided; later runs leave these columns alone."""
        if issue.state in ("closed", "merged", "dismissed"):
            raise NotAllowed("Vấn đề đã kết thúc hoặc bỏ qua; hãy mở lại trước khi sửa.")
        before = {name: getattr(issue, name) for name in columns}
        for name, value in columns.items():
            setattr(issue, name, value)
        issue.edited = sorted({*issue.edited, *columns})
        record(
            session,
            at=self._clock(),
            actor=actor,
            entity="issue",
            entity_id=issue.id,
            action="edited",
            before=before,
            after=columns,
        )

    def _redraft(self, session: Session, issue: Issue, actor: str) -> None:
        drafts = [referral for referral in issue.referrals if referral.state == "drafted"]
        if drafts or issue.routing_problem:
            withdraw_drafts(session, issue, at=self._clock(), actor=actor, why="vấn đề được sửa")
            draft_referrals(session, self._settings, issue, at=self._clock(), actor=actor)

    def _check_outcome(
        self,
        session: Session,
        issue: Issue,
        outcome: str,
        reply_id: int | None,
        outcome_date: date | None,
        why: str | None,
    ) -> None:
        if outcome not in OUTCOME_IN_WORDS:
            raise NotAllowed(f"Không có kết quả “{outcome}”.")
        if outcome in OUTCOMES_RESTING_ON_A_REPLY and reply_id is None:
            raise NotAllowed("Kết quả này phải dựa trên một trả lời đã được chấp nhận.")
        if outcome not in OUTCOMES_RESTING_ON_A_REPLY and not (why or "").strip():
            raise NotAllowed("Hãy ghi lý do kết thúc.")
        if outcome == "planned" and outcome_date is None:
            raise NotAllowed("Kế hoạch phải có thời hạn.")
        if reply_id is not None:
            reply = _get(session, Reply, reply_id)
            if reply.referral.issue_id != issue.id or reply.judgement != "accepted":
                raise NotAllowed("Trả lời được chọn không thuộc vấn đề này hoặc chưa được chấp nhận.")

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        try:
            with self._store.begin() as session:
                yield session
        except StaleDataError as error:
            raise Conflict("Có người vừa cập nhật mục này; hãy tải lại trang.") from error

    @contextmanager
    def _issue(self, issue_id: int, seen_version: int | None) -> Iterator[tuple[Session, Issue]]:
        with self._transaction() as session:
            issue = _get(session, Issue, issue_id)
            if seen_version is not None and issue.version != seen_version:
                raise Conflict(_who_was_faster(session, issue))
            yield session, issue

    @contextmanager
    def _referral(self, referral_id: int) -> Iterator[tuple[Session, Referral]]:
        with self._transaction() as session:
            yield session, _get(session, Referral, referral_id)


def _get(session: Session, model: type[Any], key: int) -> Any:
    row = session.get(model, key, with_for_update=True)
    if row is None:
        raise NotAllowed("Không tìm thấy mục này.")
    return row


def _who_was_faster(session: Session, issue: Issue) -> str:
    event = session.scalar(
        select(Event)
        .where(Event.entity == "issue", Event.entity_id == issue.id)
        .order_by(Event.id.desc())
        .limit(1)
    )
    if event is None:
        return "Vấn đề này vừa được cập nhật; hãy xem lại trước khi quyết định."
    return (
        f"Vấn đề này vừa được {_post(session, event.actor)} cập nhật lúc {local(event.at):%H:%M %d/%m/%Y}; "
        "hãy xem lại trước khi quyết định."
    )


def _post(session: Session, actor: str) -> str:
    """The post of an account; a stage or an account that is gone is named as the history names it."""
    post = session.scalar(select(User.post).where(User.name == actor.partition(":")[2]))
    return post or actor
