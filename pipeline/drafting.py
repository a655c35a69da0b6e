"""From a confirmed issue to drafted referrals, and drafts taken back."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from pipeline.asked import (
    LIVE,
    UNDER_WAY,
    agencies_with,
    done_before_a_merge,
    lead_of,
    lead_referral,
    of_round,
    refusing,
    settled_before_a_merge,
)
from pipeline.clock import local
from pipeline.names import topic_name
from pipeline.routing import NoRoute, Recipient, Routing, find_route, recipient
from pipeline.settings import Settings
from pipeline.states import ENDED, OUT, NotAllowed, allowed, change
from pipeline.terms import basis_of
from pipeline.waiting_lead import done, refused, stands, waits_for, works_along
from store.history import record, record_of_referral
from store.models import Issue, Referral

WITHDRAWN = "Đã rút phiếu chuyển; hãy chọn cơ quan khác hoặc kết thúc vấn đề."


def draft_referrals(
    session: Session, settings: Settings, issue: Issue, *, at: datetime, actor: str
) -> list[Referral]:
    """Drafts a referral to each agency that the rules name; where they name none, or one that cannot lead,
    says so on the issue."""
    today = local(at).date()
    routing = find_route(settings, issue.topic, issue.province_code, issue.commune_code, today)
    if isinstance(routing, NoRoute):
        set_routing_problem(session, issue, routing.reason, at=at, actor=actor)
        return []
    lead = lead_referral(issue)
    if lead is not None and lead.agency_key != routing.lead.key:
        return _draft_beside(session, settings, issue, lead, routing, at=at, actor=actor)
    if reason := _why_it_cannot_lead(session, issue, routing.lead):
        set_routing_problem(session, issue, reason, at=at, actor=actor)
        return []
    return draft_along(session, issue, routing, settings, at=at, actor=actor)


def redraft(session: Session, settings: Settings, issue: Issue, *, at: datetime, actor: str) -> list[str]:
    """After a correction: drafts are drafted anew by the rules; what has been approved stays.

    A sentence for each letter of the round that stays and is not done with.
    """
    withdraw_drafts(session, issue, at=at, actor=actor, why="vấn đề được sửa")
    draft_referrals(session, settings, issue, at=at, actor=actor)
    return [f"{stands(one)}, vẫn giữ nguyên như khi duyệt." for one in of_round(issue, UNDER_WAY)]


def _draft_beside(
    session: Session,
    settings: Settings,
    issue: Issue,
    lead: Referral,
    routing: Routing,
    *,
    at: datetime,
    actor: str,
) -> list[Referral]:
    """One issue has one lead. Where one has it, the agency that the rules name by now waits until that one
    is done with, in sight; co-agencies are asked to work with the one that leads."""
    waits = None if routing.lead.key in refusing(session, issue) else waits_for(lead, routing.lead.name)
    problem = " ".join(filter(None, (waits, routing.without_co))) or None
    leads = recipient(settings, lead.agency_key, local(at).date(), issue.commune_code)
    if leads is None:
        set_routing_problem(session, issue, problem, at=at, actor=actor)
        return []
    routing = replace(routing, lead=leads, without_co=problem)
    return draft_along(session, issue, routing, settings, at=at, actor=actor)


def _why_it_cannot_lead(session: Session, issue: Issue, agency: Recipient) -> str | None:
    """Whatever the rules say; a person may choose it all the same."""
    if agency.key in refusing(session, issue):
        return refused(agency.name)
    if lead_referral(issue) is None and agency.key in agencies_with(issue, LIVE):
        return works_along(agency.name)
    if agency.key in done_before_a_merge(session, issue):
        return done(agency.name)
    return None


def draft_along(
    session: Session, issue: Issue, routing: Routing, settings: Settings, *, at: datetime, actor: str
) -> list[Referral]:
    """Leaves out agencies that have the issue already, and co-agencies that have refused it or are done."""
    set_routing_problem(session, issue, routing.without_co, at=at, actor=actor)
    have_it = agencies_with(issue, LIVE)
    not_again = have_it | refusing(session, issue) | done_before_a_merge(session, issue)
    wanted = [(routing.lead, "lead")] if routing.lead.key not in have_it else []
    wanted += [(agency, "co") for agency in routing.co if agency.key not in not_again]
    return [_draft(session, settings, issue, routing, agency, role, at, actor) for agency, role in wanted]


def draft_missing_co(
    session: Session, settings: Settings, issue: Issue, *, at: datetime, actor: str
) -> list[Referral]:
    """To co-agencies that could not be written to when the lead got its referral.

    Where the rules name another lead by now, nothing is drafted: one issue has one.
    """
    routing = find_route(settings, issue.topic, issue.province_code, issue.commune_code, local(at).date())
    if isinstance(routing, NoRoute) or lead_of(issue) != routing.lead.key:
        return []
    return draft_along(session, issue, routing, settings, at=at, actor=actor)


def withdraw_settled(session: Session, issue: Issue, *, at: datetime, actor: str) -> None:
    """Drafts to agencies that have refused or dealt with what was merged into the issue meanwhile."""
    settled, refusals = settled_before_a_merge(session, issue), refusing(session, issue)
    for referral in of_round(issue, ("drafted",)):
        if referral.agency_key in settled:
            said = refused if referral.agency_key in refusals else done
            withdraw(session, referral, at=at, actor=actor, why=said(referral.agency_name))
            if referral.role == "lead":
                set_routing_problem(session, issue, said(referral.agency_name), at=at, actor=actor)


def draft_again(
    session: Session, settings: Settings, issue: Issue, settled: Collection[str], *, at: datetime, actor: str
) -> None:
    """What withdraw_settled has withdrawn, once the other issue is parted from it; `settled` before that."""
    no_more = set(settled) - settled_before_a_merge(session, issue)
    gone = agencies_with(issue, ("withdrawn",)) & no_more
    if gone and lead_of(issue) is None and issue.state in ("confirmed", "reopened"):
        withdraw_drafts(session, issue, at=at, actor=actor, why="vấn đề được tách lại")
        draft_referrals(session, settings, issue, at=at, actor=actor)


def take_from_co(session: Session, issue: Issue, agency_key: str, *, at: datetime, actor: str) -> None:
    """What the agency has as a co-agency ends, so that it can be asked to lead."""
    why = "cơ quan này được chọn chủ trì"
    for referral in issue.referrals:
        if (referral.agency_key, referral.role, referral.round) != (agency_key, "co", issue.round):
            continue
        if referral.state in OUT:
            end(session, referral, at=at, actor=actor, why=why)
        elif referral.state in ("drafted", "approved"):
            withdraw(session, referral, at=at, actor=actor, why=why)


def end(session: Session, referral: Referral, *, at: datetime, actor: str, why: str) -> None:
    """Its letter is out, and nobody waits for an answer to it any more."""
    change(session, referral, "withdrawn", at=at, actor=actor, why=why, action=ENDED)
    _send_no_more(session, referral, at=at, actor=actor, why=why)


def reopen(session: Session, issue: Issue, *, at: datetime, actor: str, why: str) -> None:
    """Begins another round of referrals: nobody waits any more for answers to letters of the last one."""
    for referral in issue.referrals:
        if referral.state in OUT:
            end(session, referral, at=at, actor=actor, why=f"vấn đề mở lại: {why}")
    change(session, issue, "reopened", at=at, actor=actor, why=why, round=issue.round + 1)


def _draft(
    session: Session,
    settings: Settings,
    issue: Issue,
    routing: Routing,
    agency: Recipient,
    role: str,
    at: datetime,
    actor: str,
) -> Referral:
    referral = Referral(
        issue=issue,
        round=issue.round,
        agency_key=agency.key,
        agency_name=agency.name,
        role=role,
        programme_key=routing.programme.key,
        rule=routing.rule,
        state="drafted",
        request=_request(settings, issue, routing, role),
        basis=basis_of(routing.programme),
        statutory=[],
        drafted_at=at,
    )
    session.add(referral)
    session.flush()
    record_of_referral(
        session,
        referral.id,
        "drafted",
        at=at,
        actor=actor,
        after={"state": "drafted", "agency": agency.key, "role": role, "issue": issue.id},
        why=routing.rule,
    )
    return referral


def _request(settings: Settings, issue: Issue, routing: Routing, role: str) -> str:
    topic = topic_name(settings, issue.topic)
    if role == "co":
        return (
            f"Đề nghị phối hợp với {routing.lead.name} (cơ quan chủ trì) kiểm tra, xử lý nội dung thuộc "
            f"lĩnh vực “{topic}” nêu trên theo chức năng, nhiệm vụ được giao."
        )
    return (
        f"Đề nghị chủ trì kiểm tra, xử lý theo thẩm quyền nội dung thuộc lĩnh vực “{topic}” nêu trên, "
        "thông tin kết quả tới người dân nơi có vụ việc và trả lời bằng văn bản."
    )


def set_routing_problem(
    session: Session, issue: Issue, reason: str | None, *, at: datetime, actor: str
) -> None:
    if issue.routing_problem == reason:
        return
    before = {"routing_problem": issue.routing_problem}
    issue.routing_problem = reason
    record(
        session,
        at=at,
        actor=actor,
        entity="issue",
        entity_id=issue.id,
        action="routing",
        before=before,
        after={"routing_problem": reason},
    )


def withdraw(session: Session, referral: Referral, *, at: datetime, actor: str, why: str) -> None:
    """Takes back a draft, or an approved letter that the mail server has not been offered.

    Raises NotAllowed when it is on its way.
    """
    if any(delivery.state in ("sending", "sent") for delivery in referral.deliveries):
        raise NotAllowed(f"Phiếu gửi {referral.agency_name} đang được gửi hoặc đã gửi, không rút được nữa.")
    change(session, referral, "withdrawn", at=at, actor=actor, why=why)
    _send_no_more(session, referral, at=at, actor=actor, why=why)


def _send_no_more(session: Session, referral: Referral, *, at: datetime, actor: str, why: str) -> None:
    for delivery in referral.deliveries:
        if allowed(delivery, "cancelled"):
            change(session, delivery, "cancelled", at=at, actor=actor, why=why)
    # The database must know before the agency gets another draft.
    session.flush()


def withdraw_drafts(session: Session, issue: Issue, *, at: datetime, actor: str, why: str) -> None:
    for referral in issue.referrals:
        if referral.state == "drafted":
            withdraw(session, referral, at=at, actor=actor, why=why)


def withdraw_unsent(session: Session, issue: Issue, *, at: datetime, actor: str, why: str) -> None:
    """Drafts and approved letters of an issue that has ended; one already on its way goes."""
    for referral in issue.referrals:
        on_its_way = any(delivery.state in ("sending", "sent") for delivery in referral.deliveries)
        if referral.state in ("drafted", "approved") and not on_its_way:
            withdraw(session, referral, at=at, actor=actor, why=why)
