"""Decisions on an issue: confirm, dismiss, correct, choose the agency, close, reopen."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from nlp.privacy import mask_text
from pipeline.asked import has_it, leading
from pipeline.clock import local
from pipeline.competence import same_name
from pipeline.drafting import (
    draft_along,
    draft_referrals,
    redraft,
    reopen,
    take_from_co,
    withdraw_drafts,
    withdraw_unsent,
)
from pipeline.formats import vn_date
from pipeline.gathering import name_anew, own_title
from pipeline.names import OUTCOME_IN_WORDS, place_name, topics, unit_codes
from pipeline.reasons import reason_given
from pipeline.review.decision import Decisions, get
from pipeline.review.faster import post
from pipeline.routing import Routing, programme_on, recipient
from pipeline.states import NotAllowed, change
from store.history import record
from store.models import Issue, Reply
from store.queries.placing import referrals_of_all, titles_of_parted

LONGEST_TITLE = 200
SAME_TITLE = (
    "Một vấn đề đã được tách riêng với vấn đề này đang mang đúng tiêu đề ấy; hãy ghi thêm điểm khác nhau "
    "(nơi, đoạn đường, thời gian)."
)
URGENCIES = (1, 2, 3, 4)
_JUDGED = ("topic", "urgency")
"""Told with every confirmation and correction, for they are learned from (store.queries.judgements) and
later reports may raise the issue's urgency."""
OUTCOMES_RESTING_ON_A_REPLY = ("fixed", "explained", "planned")


class IssueDecisions(Decisions):
    def confirm(self, issue_id: int, actor: str, *, seen_version: int | None = None) -> None:
        with self._issue(issue_id, seen_version, "confirm") as (session, issue):
            judged = {name: getattr(issue, name) for name in _JUDGED}
            change(session, issue, "confirmed", at=self._clock(), actor=actor, **judged)
            if issue.kind == "concern":
                draft_referrals(session, self._settings, issue, at=self._clock(), actor=actor)

    def dismiss(self, issue_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        reason = reason_given(why, "Hãy ghi lý do bỏ qua.")
        with self._issue(issue_id, seen_version, "dismiss") as (session, issue):
            change(session, issue, "dismissed", at=self._clock(), actor=actor, why=reason)
            withdraw_unsent(session, issue, at=self._clock(), actor=actor, why="vấn đề được bỏ qua")

    def set_topic(
        self, issue_id: int, topic: str, actor: str, *, seen_version: int | None = None
    ) -> list[str]:
        """What stays as it was though it was written for the old topic: a sentence for each letter."""
        if topic not in topics(self._settings):
            raise NotAllowed(f"Không có lĩnh vực “{topic}”.")
        with self._issue(issue_id, seen_version, "set_topic") as (session, issue):
            changed = self._edit(session, issue, actor, topic=topic)
            return self._redraft(session, issue, actor) if changed else []

    def set_title(self, issue_id: int, title: str, actor: str, *, seen_version: int | None = None) -> None:
        """Without a title the one that is made of its articles stands again."""
        name = " ".join(title.split())
        if len(name) > LONGEST_TITLE:
            raise NotAllowed(f"Tiêu đề dài quá {LONGEST_TITLE} ký tự.")
        name = mask_text(name)
        with self._issue(issue_id, seen_version, "set_title") as (session, issue):
            _check_editable(issue)
            if name in titles_of_parted(session, issue.id):
                raise NotAllowed(SAME_TITLE)
            self._edit(session, issue, actor, title=name or own_title(session, issue))
            if not name:
                issue.edited = [field for field in issue.edited if field != "title"]

    def set_urgency(
        self, issue_id: int, urgency: int, actor: str, *, seen_version: int | None = None
    ) -> None:
        """1 to 4; what is no concern at all is dismissed."""
        if urgency not in URGENCIES:
            raise NotAllowed(f"Không có mức độ {urgency}.")
        with self._issue(issue_id, seen_version, "set_urgency") as (session, issue):
            if issue.kind != "concern":
                raise NotAllowed("Gương tốt không có mức độ.")
            self._edit(session, issue, actor, urgency=urgency)

    def set_place(
        self, issue_id: int, unit_code: str, actor: str, *, seen_version: int | None = None
    ) -> list[str]:
        """`unit_code` is a commune's or a province's, in force today. Returns what set_topic does."""
        codes = unit_codes(unit_code)
        if codes is None:
            raise NotAllowed(f"Không có đơn vị hành chính mang mã “{unit_code}”.")
        province, commune = codes
        with self._issue(issue_id, seen_version, "set_place") as (session, issue):
            changed = self._edit(
                session,
                issue,
                actor,
                province_code=province,
                commune_code=commune,
                commune_candidates=[],
                place_name=place_name(unit_code),
            )
            return self._redraft(session, issue, actor) if changed else []

    def set_agency(
        self, issue_id: int, agency_key: str, actor: str, *, seen_version: int | None = None
    ) -> None:
        """A person's choice of the lead agency takes the place of what the rules named."""
        now = self._clock()
        today = local(now).date()
        with self._issue(issue_id, seen_version, "set_agency") as (session, issue):
            if issue.state not in ("confirmed", "referred", "reopened"):
                raise NotAllowed("Chỉ chọn cơ quan cho vấn đề đã xác nhận và chưa kết thúc.")
            if issue.kind != "concern":
                raise NotAllowed("Gương tốt không chuyển tới cơ quan nào.")
            agency = recipient(self._settings, agency_key, today, issue.commune_code)
            programme = programme_on(self._settings, today)
            if agency is None or agency.address is None:
                raise NotAllowed(f"Cơ quan “{agency_key}” không có hoặc chưa có địa chỉ nhận.")
            if programme is None:
                raise NotAllowed("Hôm nay không có chương trình phối hợp nào có hiệu lực.")
            if has_it(issue, agency.key):
                raise NotAllowed(f"Đã chuyển vấn đề này tới {agency.name}.")
            _check_no_other_leads(issue)
            drafts = [r for r in issue.referrals if r.state == "drafted" and r.role == "co"]
            found = [recipient(self._settings, r.agency_key, today, issue.commune_code) for r in drafts]
            co = tuple(other for other in found if other is not None and other.key != agency.key)
            take_from_co(session, issue, agency.key, at=now, actor=actor)
            withdraw_drafts(session, issue, at=now, actor=actor, why="chọn cơ quan khác")
            rule = (
                f"{_chosen_because(issue, agency.name)}do {post(session, actor)} chọn ngày {vn_date(today)}"
            )
            routing = Routing(agency, co, rule, programme)
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
        with self._issue(issue_id, seen_version, "close") as (session, issue):
            self._check_outcome(session, issue, outcome, reply_id, outcome_date, why)
            withdraw_unsent(session, issue, at=self._clock(), actor=actor, why="vấn đề đã kết thúc")
            change(
                session,
                issue,
                "closed",
                at=self._clock(),
                actor=actor,
                why=reason_given(why, "Hãy ghi lý do.") if why else None,
                outcome=outcome,
                outcome_date=outcome_date,
                closing_reply_id=reply_id,
            )

    def reopen(self, issue_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        reason = reason_given(why, "Hãy ghi lý do mở lại.")
        with self._issue(issue_id, seen_version, "reopen") as (session, issue):
            reopen(session, issue, at=self._clock(), actor=actor, why=reason)
            if issue.kind == "concern":
                draft_referrals(session, self._settings, issue, at=self._clock(), actor=actor)

    def _edit(self, session: Session, issue: Issue, actor: str, **columns: Any) -> bool:
        """Sets what a person has decided; later runs leave these columns alone. Whether anything changed."""
        _check_editable(issue)
        before = {name: getattr(issue, name) for name in (*_JUDGED, *columns)}
        after = before | columns
        if before == after:
            return False
        for name, value in columns.items():
            setattr(issue, name, value)
        issue.edited = sorted({*issue.edited, *columns})
        if columns.keys() & {"topic", "place_name"}:
            before["title"] = issue.title
            name_anew(session, issue)
            after["title"] = issue.title
        record(
            session,
            at=self._clock(),
            actor=actor,
            entity="issue",
            entity_id=issue.id,
            action="edited",
            before=before,
            after=after,
        )
        return True

    def _redraft(self, session: Session, issue: Issue, actor: str) -> list[str]:
        if issue.kind != "concern" or issue.state not in ("confirmed", "referred", "reopened"):
            return []
        return redraft(session, self._settings, issue, at=self._clock(), actor=actor)

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
            reply = get(session, Reply, reply_id)
            if reply.referral not in referrals_of_all(session, issue) or reply.judgement != "accepted":
                raise NotAllowed("Trả lời được chọn không thuộc vấn đề này hoặc chưa được chấp nhận.")


def _check_no_other_leads(issue: Issue) -> None:
    """One issue has one."""
    if lead := leading(issue):
        raise NotAllowed(
            f"{lead.agency_name} đang chủ trì vấn đề này (phiếu số {lead.number or '–'}). "
            "Chỉ chọn cơ quan khác khi đã rút phiếu đó (nếu chưa gửi), cơ quan đó từ chối "
            "hoặc trả lời của cơ quan đó đã được chấp nhận."
        )


def _chosen_because(issue: Issue, agency: str) -> str:
    """Where agencies that refused have named this one."""
    naming = [
        referral.agency_name
        for referral in issue.referrals
        if referral.state == "refused" and same_name(referral.proposed_agency or "", agency)
    ]
    return f"theo đề xuất của {', '.join(dict.fromkeys(naming))} khi từ chối, " if naming else ""


def _check_editable(issue: Issue) -> None:
    if issue.state in ("closed", "merged", "dismissed"):
        raise NotAllowed("Vấn đề đã kết thúc hoặc bỏ qua; hãy mở lại trước khi sửa.")
