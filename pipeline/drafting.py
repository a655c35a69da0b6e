"""From a confirmed issue to drafted referrals, and from an approved one to its number and deadline."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.clock import local
from pipeline.clocks import programme_deadline
from pipeline.names import topic_name
from pipeline.routing import NoRoute, Recipient, Routing, find_route, programme_on
from pipeline.settings import Programme, Settings
from pipeline.states import change
from store.history import record
from store.models import Issue, Referral
from store.queries.numbers import next_number

RUNNING = ("drafted", "approved", "sent", "acknowledged", "answered", "accepted", "returned")


def draft_referrals(
    session: Session, settings: Settings, issue: Issue, *, at: datetime, actor: str
) -> list[Referral]:
    """Drafts a referral to each agency that the rules name; where they name none, says so on the issue."""
    routing = find_route(settings, issue.topic, issue.province_code, issue.commune_code, local(at).date())
    if isinstance(routing, NoRoute):
        set_routing_problem(session, issue, routing.reason, at=at, actor=actor)
        return []
    return draft_along(session, issue, routing, settings, at=at, actor=actor)


def draft_along(
    session: Session, issue: Issue, routing: Routing, settings: Settings, *, at: datetime, actor: str
) -> list[Referral]:
    set_routing_problem(session, issue, None, at=at, actor=actor)
    drafts = [_draft(session, settings, issue, routing, routing.lead, "lead", at, actor)]
    drafts += [_draft(session, settings, issue, routing, agency, "co", at, actor) for agency in routing.co]
    return drafts


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
    earlier = session.scalar(
        select(func.count())
        .select_from(Referral)
        .where(Referral.issue_id == issue.id, Referral.agency_key == agency.key)
    )
    referral = Referral(
        issue=issue,
        round=(earlier or 0) + 1,
        agency_key=agency.key,
        agency_name=agency.name,
        role=role,
        programme_key=routing.programme.key,
        rule=routing.rule,
        state="drafted",
        request=_request(settings, issue, routing, role),
        basis=_basis(routing.programme),
        statutory=[],
        drafted_at=at,
    )
    session.add(referral)
    session.flush()
    record(
        session,
        at=at,
        actor=actor,
        entity="referral",
        entity_id=referral.id,
        action="drafted",
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


def _basis(programme: Programme) -> str:
    number = f" số {programme.number}" if programme.number else ""
    return f"{programme.kind.capitalize()}{number} “{programme.name}”"


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


def withdraw_drafts(session: Session, issue: Issue, *, at: datetime, actor: str, why: str) -> None:
    for referral in issue.referrals:
        if referral.state == "drafted":
            change(session, referral, "withdrawn", at=at, actor=actor, why=why)


def approve_referral(
    session: Session, settings: Settings, referral: Referral, *, at: datetime, actor: str
) -> None:
    """Gives the letter its number and starts the programme's clock.

    Raises NotAllowed when the referral is no draft any more.
    """
    today = local(at).date()
    programme = programme_on(settings, today)
    deadline = programme and programme_deadline(settings, programme, referral.issue.urgency, at)
    change(
        session,
        referral,
        "approved",
        at=at,
        actor=actor,
        number=next_number(session, today.year),
        number_year=today.year,
        approved_at=at,
        deadline_at=deadline,
    )


def has_running_referral(issue: Issue) -> bool:
    return any(referral.state in RUNNING for referral in issue.referrals)
