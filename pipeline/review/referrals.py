"""Decisions on a referral and what comes of it: withdraw, answer, refuse, judge, send again."""

from datetime import date, datetime

from pipeline.answering.receiving import extend, receive_refusal, receive_reply
from pipeline.asked import lead_of
from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.clocks import statutory_deadline
from pipeline.drafting import WITHDRAWN, set_routing_problem, withdraw
from pipeline.reasons import reason_given
from pipeline.review.decision import Conflict, Decisions, get
from pipeline.review.faster import who_judged
from pipeline.routing import recipient
from pipeline.states import NotAllowed, change
from store.history import record_of_referral
from store.models import Delivery, Referral, Reply

JUDGING = {"accepted": "accept_reply", "returned": "return_reply"}


class ReferralDecisions(Decisions):
    def withdraw(self, referral_id: int, actor: str, why: str) -> None:
        """A draft, or an approved letter not yet on its way; without a lead the issue waits to be routed."""
        now = self._clock()
        with self._referral(referral_id, "withdraw") as (session, referral):
            withdraw(session, referral, at=now, actor=actor, why=reason_given(why, "Hãy ghi lý do rút."))
            issue = referral.issue
            if lead_of(issue) is None and (referral.role == "lead" or issue.routing_problem is None):
                set_routing_problem(session, issue, WITHDRAWN, at=now, actor=actor)

    def acknowledge(self, referral_id: int, actor: str) -> None:
        with self._referral(referral_id, "acknowledge") as (session, referral):
            change(session, referral, "acknowledged", at=self._clock(), actor=actor)

    def refuse(self, referral_id: int, proposed_agency: str, actor: str, why: str) -> None:
        """The agency names the body it holds competent; the issue comes back with that proposal."""
        with self._referral(referral_id, "refuse") as (session, referral):
            receive_refusal(session, referral, proposed_agency, why, at=self._clock(), actor=actor)

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
        with self._referral(referral_id, "record_reply") as (session, referral):
            reply = receive_reply(
                session,
                referral,
                text=text,
                received_at=received_at,
                at=self._clock(),
                actor=actor,
                channel="desk",
                document_number=document_number,
            )
            return reply.id

    def extend(self, referral_id: int, until: date, actor: str, why: str) -> None:
        with self._referral(referral_id, "extend") as (session, referral):
            extend(session, self._settings, referral, until, why, at=self._clock(), actor=actor)

    def accept_reply(self, reply_id: int, actor: str) -> None:
        self._judge(reply_id, "accepted", actor, None)

    def return_reply(self, reply_id: int, actor: str, why: str) -> None:
        self._judge(reply_id, "returned", actor, reason_given(why, "Hãy ghi lý do trả lại."))

    def send_again(self, delivery_id: int, actor: str) -> None:
        """A delivery that did not arrive gets its tries back; message and Message-ID stay the same.

        Where the agency's address has been mended since, the old message is dropped and the refer stage
        writes one to the new address.
        """
        now = self._clock()
        with self._transaction() as session:
            delivery = get(session, Delivery, delivery_id)
            referral = delivery.referral
            if referral is None or delivery.kind != "referral" or self._arrives(delivery, referral):
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
        with self._referral(referral_id, "record_trigger") as (session, referral):
            before = list(referral.statutory)
            referral.statutory = [*(one for one in before if one["key"] != key), entry]
            record_of_referral(
                session,
                referral.id,
                "trigger",
                at=now,
                actor=actor,
                before={"statutory": before},
                after={"statutory": referral.statutory},
            )

    def _judge(self, reply_id: int, judgement: str, actor: str, why: str | None) -> None:
        with self._transaction(JUDGING[judgement]) as session:
            reply = get(session, Reply, reply_id)
            referral = self._lock(session, reply.referral_id)
            session.refresh(reply)
            if reply.judgement is not None:
                raise Conflict(who_judged(session, reply))
            reply.judgement = judgement
            change(session, referral, judgement, at=self._clock(), actor=actor, why=why)

    def _arrives(self, delivery: Delivery, referral: Referral) -> bool:
        """Whether the delivery goes where the agency is reached today; so it does where nobody knows that."""
        today = local(self._clock()).date()
        agency = recipient(self._settings, referral.agency_key, today, referral.issue.commune_code)
        if agency is None or agency.address is None:
            return True
        return (delivery.channel, delivery.recipient) == (agency.delivery.channel, agency.address)
