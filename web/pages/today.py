"""Hôm nay: what waits for a person, by what is to be done, and what is new since the last look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from pipeline.competence import contested
from pipeline.deadlines import Deadlines, horizon
from pipeline.states import NotAllowed
from pipeline.watching import SourceHealth, ailing, in_words, watched
from store import Store
from store.models import Look
from store.queries import answers, looks
from store.queries import desk as queries
from store.queries.desk import Part
from store.queries.inbox import unclear_mails
from store.queries.reminders import extensions
from store.queries.search import articles_of
from web.evidence import headline, own_headline, passage
from web.hindered import hindrances
from web.lately import own_lately
from web.permissions import ANALYST, LEAD, OPERATOR
from web.visits import Visit

TO_DECIDE, SHOWN = 20, 10
"""rows of a list that is decided one after the other, and of others; the rest comes when these are done"""
WHOLE = {
    "cho-xac-nhan": ("issues", {"tinh-trang": "detected"}),
    "cho-duyet": ("referrals", {"tinh-trang": "drafted"}),
    "den-han": ("referrals", {"qua-han": "co"}),
}
"""Where a list is shown to its end: a route and its query."""


@dataclass(frozen=True)
class Section:
    id: str
    label: str
    unit: str
    part: Part[Any]


LABELS = {
    "cho-xac-nhan": ("Chờ xác nhận", "vấn đề"),
    "cho-duyet": ("Chờ duyệt", "phiếu"),
    "cho-danh-gia": ("Trả lời chờ đánh giá", "trả lời"),
    "thu-den": ("Thư đến có thể là trả lời", "thư"),
    "den-han": ("Quá hạn và sắp đến hạn", "phiếu"),
    "xin-han": ("Đề nghị gia hạn", "đề nghị"),
    "chua-ro-noi-chuyen": ("Vướng nơi chuyển", "vấn đề"),
    "hop-thu": ("Thư đến chưa rõ về phiếu nào", "thư"),
    "thu-ket": ("Thư chưa gửi được", "thư"),
    "nguon-loi": ("Nguồn cần xem lại", "nguồn"),
}
"""Each part of the page in its usual order, with what is counted in it."""
FIRST = {
    ANALYST: ("cho-xac-nhan", "cho-danh-gia", "thu-den"),
    LEAD: ("cho-duyet", "xin-han", "chua-ro-noi-chuyen", "den-han"),
    OPERATOR: ("thu-ket", "nguon-loi", "hop-thu"),
}
"""What is whose to do comes first."""


def today(visit: Visit, problem: NotAllowed | None = None, status: int = 200) -> Response:
    desk = visit.desk
    now = desk.clock()
    with desk.store.read() as session:
        look = session.get(Look, visit.user.id)
        answer = _page(visit, session, now, _since(look, now), problem, status)
    if looks.to_be_noted(look, now):
        desk.afterwards.write(answer, f"look {visit.user.id}", partial(_note, desk.store, visit.user.id, now))
    return answer


def _note(store: Store, user_id: int, now: datetime) -> None:
    with store.begin() as session:
        looks.note(session, user_id, now)


def look_at(visit: Visit) -> Response:
    """Without a note of who looked."""
    with visit.desk.store.read() as session:
        return _page(visit, session, visit.desk.clock(), None)


def _page(
    visit: Visit,
    session: Session,
    now: datetime,
    since: datetime | None,
    problem: NotAllowed | None = None,
    status: int = 200,
) -> Response:
    until = horizon(visit.desk.settings, now)
    news = looks.news(session, since, now, until)
    parts = _parts(visit, session, now) | {"den-han": queries.due_by(session, until, SHOWN, news.all_due)}
    detected = [one.id for one in parts["cho-xac-nhan"].rows]
    shown = [one.id for one in parts["den-han"].rows]
    shown += [one.referral_id for one in parts["xin-han"].rows]
    return visit.render(
        "today.html",
        status,
        problem=problem,
        now=now,
        since=since,
        news=news,
        overdue=news.all_overdue,
        whole=WHOLE,
        sections=_sections(visit.user.role, parts),
        first=FIRST.get(visit.user.role, ("cho-xac-nhan",))[0],
        items=(items := _items(visit.user.role, parts)),
        first_item=next(iter(items), None),
        deadlines=Deadlines(visit.desk.settings, now, extensions(session, shown)),
        headline=headline,
        own_headline=own_headline,
        contested=contested,
        passage=passage,
        hindrances=hindrances(visit, session, parts["cho-duyet"].rows),
        speaking=queries.speaking_articles(session, detected),
        articles=articles_of(session, detected),
        ailment=in_words,
        lately=own_lately(visit, session),
    )


def _since(look: Look | None, now: datetime) -> datetime | None:
    """When the last sitting ended; nothing is called new to who looks for the first time."""
    if look is None:
        return None
    return look.at if now - look.at >= looks.SITTING else look.before_at


def _parts(visit: Visit, session: Session, now: datetime) -> dict[str, Part[Any]]:
    settings = visit.desk.settings
    return {
        "cho-xac-nhan": queries.waiting_for_confirmation(session, TO_DECIDE),
        "cho-duyet": queries.waiting_for_approval(session, TO_DECIDE),
        "cho-danh-gia": queries.waiting_for_judgement(session, SHOWN),
        "thu-den": answers.proposed_replies(session, SHOWN),
        "xin-han": answers.time_requests(session, SHOWN),
        "chua-ro-noi-chuyen": queries.routing_problems(session, SHOWN),
        "hop-thu": unclear_mails(session, SHOWN),
        "thu-ket": queries.stuck_deliveries(session, SHOWN),
        "nguon-loi": _ailing(watched(session, settings, now)),
    }


def _sections(role: str, parts: dict[str, Part[Any]]) -> list[Section]:
    return [Section(key, *LABELS[key], parts[key]) for key in _order(role)]


def _order(role: str) -> list[str]:
    first = FIRST.get(role, ())
    return [*first, *(key for key in LABELS if key not in first)]


def _items(role: str, parts: dict[str, Part[Any]]) -> list[str]:
    """Ids on the page of what is decided in the list itself, in the page's order."""
    kinds = {"cho-xac-nhan": "viec", "cho-duyet": "duyet", "cho-danh-gia": "traloi", "thu-den": "thu"}
    return [f"{kinds[key]}-{row.id}" for key in _order(role) if key in kinds for row in parts[key].rows]


def _ailing(found: Sequence[SourceHealth]) -> Part[SourceHealth]:
    rows = ailing(found)
    return Part(rows[:SHOWN], len(rows))
