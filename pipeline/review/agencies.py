"""Decisions on what agencies sent by themselves (proposed replies, requests for time), and on their links."""

from datetime import date

from sqlalchemy.orm import Session

from pipeline.answering.links import Links
from pipeline.answering.proposals import set_aside, take
from pipeline.answering.receiving import extend
from pipeline.clock import local
from pipeline.clocks import UNANSWERED
from pipeline.documents.issuing import number_and_symbol
from pipeline.documents.letter import office_contact
from pipeline.documents.link import NewLink, link_html, link_text
from pipeline.formats import vn_date
from pipeline.outbox import queue
from pipeline.reasons import reason_given
from pipeline.review.decision import Conflict, Decisions, get
from pipeline.review.faster import who_decided, who_saw
from pipeline.routing import recipient
from pipeline.secret import MissingSecret
from pipeline.states import NotAllowed
from store.history import record_of_referral
from store.models import ProposedReply, TimeRequest

GRANTED, DECLINED = "granted", "declined"


class AgencyDecisions(Decisions):
    def take_reply(self, proposed_id: int, actor: str) -> int:
        """The message is the agency's reply, received when it came; returns the reply's id."""
        with self._transaction("take_reply") as session:
            proposed = self._proposed(session, proposed_id)
            return take(session, proposed, at=self._clock(), actor=actor)

    def set_reply_aside(self, proposed_id: int, actor: str, why: str) -> None:
        with self._transaction("set_reply_aside") as session:
            set_aside(session, self._proposed(session, proposed_id), why, at=self._clock(), actor=actor)

    def grant_time(self, request_id: int, actor: str, until: date | None = None) -> date:
        """`until`: another day than the agency asked for. Returns the day that was given."""
        with self._transaction("grant_time") as session:
            asked = self._asked(session, request_id)
            why = f"theo đề nghị của cơ quan gửi ngày {vn_date(local(asked.asked_at))}: {asked.why}"
            given = until or asked.until
            referral, now = asked.referral, self._clock()
            extend(session, self._settings, referral, given, why, at=now, actor=actor, asked=asked)
            asked.decision = GRANTED
            return given

    def decline_time(self, request_id: int, actor: str, why: str) -> None:
        reason = reason_given(why, "Hãy ghi lý do chưa đồng ý; cơ quan sẽ đọc được.")
        with self._transaction("decline_time") as session:
            asked = self._asked(session, request_id)
            asked.decision = DECLINED
            record_of_referral(
                session,
                asked.referral_id,
                "time_declined",
                at=self._clock(),
                actor=actor,
                after={"until_date": asked.until.isoformat(), "time_request": asked.id},
                why=reason,
            )

    def replace_link(self, referral_id: int, actor: str, why: str) -> None:
        """Every earlier link of the referral is void at once; the new one goes to the agency's contact."""
        reason = reason_given(why, "Hãy ghi lý do thay liên kết.")
        links = self._links()
        now = self._clock()
        with self._referral(referral_id) as (session, referral):
            if referral.state not in UNANSWERED:
                raise NotAllowed("Chỉ thay liên kết của phiếu đã gửi và còn chờ trả lời.")
            agency = recipient(
                self._settings, referral.agency_key, local(now).date(), referral.issue.commune_code
            )
            if agency is None or agency.address is None:
                raise NotAllowed(f"{referral.agency_name} chưa có địa chỉ nhận của đầu mối.")
            referral.link_serial += 1
            new = NewLink(
                office=self._settings.office.name,
                agency=f"{agency.name} ({agency.contact_unit})",
                number=number_and_symbol(self._settings.office, "letter", referral.number),
                subject=referral.title or referral.issue.title,
                url=links.address(referral, now),
                until=local(links.good_until(now)).date(),
                contact=office_contact(self._settings.office),
            )
            queue(
                session,
                self._settings,
                key=f"link {referral.id}/{referral.link_serial}",
                kind="link",
                channel=agency.delivery.channel,
                recipient=agency.address,
                subject=f"Liên kết mới để trả lời phiếu chuyển số {new.number}",
                text=link_text(new),
                html=link_html(new),
                attachments=[],
                at=now,
                actor=actor,
                referral_id=referral.id,
            )
            record_of_referral(
                session,
                referral.id,
                "link_replaced",
                at=now,
                actor=actor,
                why=reason,
            )

    def _links(self) -> Links:
        page = self._settings.agency_page
        if page is None:
            raise NotAllowed("Cơ quan chưa mở trang trả lời bằng liên kết (mục agency_page của config.yaml).")
        try:
            return Links(page)
        except MissingSecret as error:
            raise NotAllowed(f"Chưa có khóa ký liên kết: {error}.") from error

    def _proposed(self, session: Session, proposed_id: int) -> ProposedReply:
        proposed: ProposedReply = get(session, ProposedReply, proposed_id)
        self._lock(session, proposed.referral_id)
        session.refresh(proposed)
        if proposed.decision is not None:
            raise Conflict(who_saw(session, proposed))
        return proposed

    def _asked(self, session: Session, request_id: int) -> TimeRequest:
        asked: TimeRequest = get(session, TimeRequest, request_id)
        self._lock(session, asked.referral_id)
        session.refresh(asked)
        if asked.decision is not None:
            raise Conflict(who_decided(session, asked))
        return asked
