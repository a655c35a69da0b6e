"""What passed between the office and an agency about one referral, in order of time, and what waits."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.asked import lead_referral
from store.models import Event, Issue, Referral, Reply
from web.permissions import Action, may


@dataclass(frozen=True)
class Entry:
    at: datetime
    kind: str
    """drafted | approved | delivery | time_request | proposed | reply | over: how the page prints `thing`"""
    thing: Any


OVER = {"refused": ("refused",), "withdrawn": ("withdrawn", "ended")}
"""by which acts a letter came to a state in which nothing is asked by it any more"""


def thread(referral: Referral, events: Iterable[Event] = ()) -> list[Entry]:
    """`events`: of the page, the newest first."""
    over = next((one for one in events if _is_end(one, referral)), None)
    ends = [Entry(over.at, "over", over)] if over else []
    return sorted([*_entries(referral), *ends], key=lambda entry: entry.at)


def why_returned(reply: Reply, events: Iterable[Event]) -> str | None:
    """What it lacked, where it was returned; `events`: of the page, the newest first."""
    later = [one.recorded_at for one in reply.referral.replies if one.id > reply.id]
    for event in events if reply.judgement == "returned" else ():
        theirs = (event.entity, event.entity_id) == ("referral", reply.referral_id)
        before_next = not later or event.at <= later[0]
        if theirs and event.action == "returned" and before_next and event.at >= reply.recorded_at:
            return event.why
    return None


def _is_end(event: Event, referral: Referral) -> bool:
    theirs = event.entity == "referral" and event.entity_id == referral.id
    return theirs and event.action in OVER.get(referral.state, ())


def _entries(referral: Referral) -> Iterator[Entry]:
    yield Entry(referral.drafted_at, "drafted", referral)
    if referral.approved_at is not None:
        yield Entry(referral.approved_at, "approved", referral)
    for delivery in referral.deliveries:
        yield Entry(delivery.sent_at or delivery.queued_at, "delivery", delivery)
    for asked in referral.time_requests:
        yield Entry(asked.asked_at, "time_request", asked)
    for proposed in referral.proposed_replies:
        if proposed.decision is None:
            yield Entry(proposed.received_at, "proposed", proposed)
    for reply in referral.replies:
        yield Entry(reply.received_at, "reply", reply)


def never_a_letter(referral: Referral) -> bool:
    """A draft that was withdrawn and never had a number: nobody outside the office knows of it."""
    numbered = referral.number is not None or referral.approved_at is not None
    return referral.state == "withdrawn" and not numbered and not referral.deliveries


@dataclass(frozen=True)
class ToDo:
    words: str
    anchor: str


OPEN = ("confirmed", "referred", "reopened")
"""states of an issue in which agencies are asked"""
ASKED = ("approved", "sent", "acknowledged", "returned")


def to_do(issue: Issue, role: str, hindered: Container[int] = ()) -> list[ToDo]:
    """What waits for somebody of this role further down on the issue's page.

    `hindered`: ids of the referrals that another account must approve.
    """
    found = [
        one
        for referral in issue.referrals
        for action, one in _waiting(referral)
        if may(role, action) and not (action is Action.APPROVE and referral.id in hindered)
    ]
    answered = _accepted_lead(issue)
    if answered and may(role, Action.CLOSE):
        found.append(ToDo(f"Kết thúc vấn đề: đã chấp nhận trả lời của {answered.agency_name}", "ket-thuc"))
    return found


def waits_for(issue: Issue, role: str, hindered: Container[int] = ()) -> list[str]:
    """What others have to do before anything is left to somebody of this role; `hindered` as above."""
    if issue.state not in OPEN:
        return []
    found = []
    drafts = [referral.id for referral in issue.referrals if referral.state == "drafted"]
    if drafts and not may(role, Action.APPROVE):
        found.append(f"Chờ lãnh đạo duyệt {len(drafts)} phiếu.")
    elif theirs := sum(one in hindered for one in drafts):
        found.append(f"Chờ lãnh đạo khác duyệt {theirs} phiếu.")
    lead, answered = lead_referral(issue), _accepted_lead(issue)
    if lead and lead.state in ASKED:
        found.append(f"Chờ {lead.agency_name} trả lời.")
    if answered and not may(role, Action.CLOSE):
        found.append(f"Đã chấp nhận trả lời của {answered.agency_name}; chờ lãnh đạo kết thúc vấn đề.")
    return found


def _accepted_lead(issue: Issue) -> Referral | None:
    lead = lead_referral(issue) if issue.state in OPEN else None
    return lead if lead and lead.state == "accepted" else None


def _waiting(referral: Referral) -> Iterator[tuple[Action, ToDo]]:
    agency, card = referral.agency_name, f"phieu-{referral.id}"
    if referral.state == "drafted":
        yield Action.APPROVE, ToDo(f"Duyệt phiếu gửi {agency}", card)
    for reply in referral.replies:
        if reply.judgement is None:
            yield Action.ACCEPT_REPLY, ToDo(f"Đánh giá trả lời của {agency}", f"tra-loi-{reply.id}")
    for proposed in referral.proposed_replies:
        if proposed.decision is None:
            yield Action.TAKE_REPLY, ToDo(f"Xem thư có thể là trả lời của {agency}", f"thu-{proposed.id}")
    for asked in referral.time_requests:
        if asked.decision is None:
            yield Action.GRANT_TIME, ToDo(f"Quyết định đề nghị gia hạn của {agency}", f"xin-{asked.id}")
    if any(delivery.state in ("quarantined", "failed") for delivery in referral.deliveries):
        yield Action.SEND_AGAIN, ToDo(f"Gửi lại thư tới {agency}", card)
