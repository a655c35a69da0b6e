"""What people decide at the desk. Each call is one transaction that writes its events.

What they write by hand (reasons, an agency's answer) is masked before it is stored, like any text.

Every method raises NotAllowed, with a sentence for the official who clicked, when the state does not
permit the step, and Conflict when somebody else was faster.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from nlp.privacy import mask_text
from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.clocks import statutory_deadline
from pipeline.drafting import (
    LIVE,
    approve_referral,
    draft_along,
    draft_referrals,
    has_it,
    reopen,
    set_routing_problem,
    withdraw,
    withdraw_drafts,
    withdraw_unsent,
)
from pipeline.names import OUTCOME_IN_WORDS, place_name, topics, unit_codes
from pipeline.routing import Routing, programme_on, recipient
from pipeline.settings import Settings
from pipeline.states import NotAllowed, change
from store import Store
from store.history import record
from store.models import Delivery, Event, Issue, Referral, Reply, User
from store.queries.issues import locked

NOT_FOUND = "Không tìm thấy mục này."
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
            change(session, issue, "dismissed", at=self._clock(), actor=actor, why=mask_text(why))
            withdraw_unsent(session, issue, at=self._clock(), actor=actor, why="vấn đề được bỏ qua")

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
            if issue.kind != "concern":
                raise NotAllowed("Gương tốt không chuyển tới cơ quan nào.")
            agency = recipient(self._settings, agency_key, today, issue.commune_code)
            programme = programme_on(self._settings, today)
            if agency is None or agency.email is None:
                raise NotAllowed(f"Cơ quan “{agency_key}” không có hoặc chưa có địa chỉ nhận.")
            if programme is None:
                raise NotAllowed("Hôm nay không có chương trình phối hợp nào có hiệu lực.")
            if has_it(issue, agency.key):
                raise NotAllowed(f"Đã chuyển vấn đề này tới {agency.name}.")
            drafts = [r for r in issue.referrals if r.state == "drafted" and r.role == "co"]
            found = [recipient(self._settings, r.agency_key, today, issue.commune_code) for r in drafts]
            co = tuple(other for other in found if other is not None and other.key != agency.key)
            withdraw_drafts(session, issue, at=now, actor=actor, why="chọn cơ quan khác")
            routing = Routing(agency, co, f"do {actor} chọn ngày {today:%d/%m/%Y}", programme)
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
            withdraw_unsent(session, issue, at=self._clock(), actor=actor, why="vấn đề đã kết thúc")
            change(
                session,
                issue,
                "closed",
                at=self._clock(),
                actor=actor,
                why=why and mask_text(why),
                outcome=outcome,
                outcome_date=outcome_date,
                closing_reply_id=reply_id,
            )

    def reopen(self, issue_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        if not why.strip():
            raise NotAllowed("Hãy ghi lý do mở lại.")
        with self._issue(issue_id, seen_version) as (session, issue):
            reopen(session, issue, at=self._clock(), actor=actor, why=mask_text(why))
            if issue.kind == "concern":
                draft_referrals(session, self._settings, issue, at=self._clock(), actor=actor)

    # -- referrals ------------------------------------------------------------------------------

    def approve(self, referral_id: int, actor: str) -> None:
        with self._referral(referral_id) as (session, referral):
            approve_referral(session, self._settings, referral, at=self._clock(), actor=actor)

    def withdraw(self, referral_id: int, actor: str, why: str) -> None:
        """A draft, or an approved letter not yet on its way; after the last the issue waits to be routed."""
        now = self._clock()
        with self._referral(referral_id) as (session, referral):
            withdraw(session, referral, at=now, actor=actor, why=mask_text(why))
            issue = referral.issue
            if not any(other.state in LIVE for other in issue.referrals):
                reason = "Đã rút phiếu chuyển; hãy chọn cơ quan khác hoặc kết thúc vấn đề."
                set_routing_problem(session, issue, reason, at=now, actor=actor)

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
            body = mask_text(proposed_agency.strip())
            change(
                session, referral, "refused", at=now, actor=actor, why=mask_text(why), proposed_agency=body
            )
            reason = f"{referral.agency_name} từ chối, cho là thuộc thẩm quyền của {body}."
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
            if referral.sent_at is not None and received_at < referral.sent_at:
                raise NotAllowed("Thời điểm nhận trả lời sớm hơn lúc gửi phiếu chuyển.")
            change(session, referral, "answered", at=now, actor=actor)
            reply = Reply(
                referral=referral,
                received_at=received_at,
                recorded_at=now,
                document_number=document_number or None,
                text=mask_text(text.strip()),
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
        """A quarantined delivery gets its tries back; message and Message-ID stay the same.

        Where the agency's address has been mended since, the old message is dropped and the refer stage
        writes one to the new address.
        """
        now = self._clock()
        with self._transaction() as session:
            delivery = _get(session, Delivery, delivery_id)
            referral = delivery.referral
            if referral is None or self._address(referral) in (None, delivery.recipient):
                change(session, delivery, "queued", at=now, actor=actor, attempts=0, next_attempt_at=now)
                return
            change(session, delivery, "cancelled", at=now, actor=actor, why="địa chỉ nhận đã đổi")
            referral.letter_path = None

    def record_trigger(self, referral_id: int, key: str, at: datetime, actor: str) -> None:
        """A statutory clock runs only from its own trigger, which somebody must have seen happen."""
        clock = next((clock for clock in self._settings.statutory if clock.key == key), None)
        if clock is None:
            raise NotAllowed(f"Không có thời hạn luật định “{key}”.")
        now = self._clock()
        if at > now:
            raise NotAllowed("Mốc bắt đầu thời hạn ở tương lai.")
        limit = statutory_deadline(clock, at, WorkingCalendar(self._settings.calendar))
        entry = {
            "key": key,
            "text": clock.text,
            "basis": clock.basis,
            "trigger_at": local(at).isoformat(),
            "deadline_at": limit.isoformat(),
        }
        with self._referral(referral_id) as (session, referral):
            before = list(referral.statutory)
            referral.statutory = [*(one for one in before if one["key"] != key), entry]
            record(
                session,
                at=now,
                actor=actor,
                entity="referral",
                entity_id=referral.id,
                action="trigger",
                before={"statutory": before},
                after={"statutory": referral.statutory},
            )

    # -- inside ---------------------------------------------------------------------------------

    def _judge(self, reply_id: int, judgement: str, actor: str, why: str | None) -> None:
        with self._transaction() as session:
            reply = _get(session, Reply, reply_id)
            referral = self._lock(session, reply.referral_id)
            session.refresh(reply)
            if reply.judgement is not None:
                raise Conflict("Trả lời này đã được đánh giá.")
            reply.judgement = judgement
            change(session, referral, judgement, at=self._clock(), actor=actor, why=why and mask_text(why))

    def _address(self, referral: Referral) -> str | None:
        today = local(self._clock()).date()
        agency = recipient(self._settings, referral.agency_key, today, referral.issue.commune_code)
        return agency.email if agency else None

    def _edit(self, session: Session, issue: Issue, actor: str, **columns: Any) -> None:
        """Sets what a person has decided; later runs leave these columns alone."""
        if issue.state in ("closed", "merged", "dismissed"):
            raise NotAllowed("Vấn đề đã kết thúc hoặc bỏ qua; hãy mở lại trước khi sửa.")
        before = {name: getattr(issue, name) for name in columns}
        if before == columns:
            return
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
        """What has gone out stays out; the agencies that the corrected issue belongs to get theirs."""
        if issue.kind == "concern" and issue.state in ("confirmed", "referred", "reopened"):
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
            issue = _locked(session, issue_id)
            if seen_version is not None and issue.version != seen_version:
                raise Conflict(_who_was_faster(session, issue))
            yield session, issue

    @contextmanager
    def _referral(self, referral_id: int) -> Iterator[tuple[Session, Referral]]:
        with self._transaction() as session:
            yield session, self._lock(session, referral_id)

    def _lock(self, session: Session, referral_id: int) -> Referral:
        """The referral as it stands now, behind its issue's lock."""
        referral: Referral = _get(session, Referral, referral_id)
        _locked(session, referral.issue_id)
        session.refresh(referral)
        return referral


def _get(session: Session, model: type[Any], key: int) -> Any:
    row = session.get(model, key)
    if row is None:
        raise NotAllowed(NOT_FOUND)
    return row


def _locked(session: Session, issue_id: int) -> Issue:
    try:
        return locked(session, issue_id)
    except NoResultFound as error:
        raise NotAllowed(NOT_FOUND) from error


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
