"""Every page of the desk with addresses of it, found by walking its routes: none can be left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.routing import Route

from bench.desk.invented import AGENCIES
from pipeline.registers import REGISTERS
from store.models import Digest, Issue, IssueArticle, Referral, User
from web.pages.steps import STEPS
from web.permissions import Action
from web.visits import action_of

QUESTIONS = (
    "", "q=o+nhiem+bai+rac", "q=bãi+rác", "q=nguoi+dan", "q=phuong&xep=moi-nhat", "q=%22moi+truong%22",
    "q=duong&linh-vuc=traffic&tinh-trang=closed", "dia-ban=xã+An+Đồng", "bao=bao-40", "bao=bao-1&q=nuoc",
    "co-quan=so-1", "co-quan=so-20&tinh-trang=closed", "tu=01/01/2026&den=31/01/2026",
    "linh-vuc=rural&trang=20", "tinh-trang=dismissed&q=hop",
    "q=khongcotunaynhuthe", "q=ngap+úng&tu=01/06/2026",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    path: str
    """the route's"""
    addresses: Sequence[str]
    """some of it"""
    action: Action | None
    """None: nobody is asked who he is"""


class Unknown(Exception):
    """A route of which no address is known: give it one here."""


def pages(app: Starlette, session: Session) -> list[Page]:
    """What can be looked at. The addresses of forms, which lead back to their issue, are one page."""
    known = _addresses(session)
    steps = {step.path for step in STEPS}
    found = []
    for route in app.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or route.path in steps:
            continue
        addresses = known.get(route.path, [route.path.replace("{id:int}", "1")])
        if "{" in addresses[0]:
            raise Unknown(route.path)
        found.append(Page(route.path, addresses, action_of(route.endpoint)))
    number = _some(session, select(Issue.id))[-1]
    addresses = [path.replace("{id:int}", str(number)) for path in sorted(steps)]
    return [*found, Page("the address of a form", addresses, Action.VIEW)]


def _addresses(session: Session) -> dict[str, list[str]]:
    issues, referrals = _some(session, select(Issue.id)), _some(session, select(Referral.id))
    largest = session.execute(
        select(IssueArticle.issue_id).group_by(IssueArticle.issue_id).order_by(func.count().desc()).limit(1)
    ).scalar_one()
    theirs = _some(session, select(Referral.id).where(Referral.agency_key == AGENCIES[0][0]))
    days = session.scalars(select(Digest.day).order_by(Digest.day).limit(3)).all()
    return {
        "/tim-kiem": [f"/tim-kiem?{question}" for question in QUESTIONS],
        "/tim-kiem/bang.xlsx": ["/tim-kiem/bang.xlsx", "/tim-kiem/bang.xlsx?q=duong&tinh-trang=closed"],
        "/van-de": ["/van-de", "/van-de?trang=20", "/van-de?tinh-trang=tat-ca", "/van-de?linh-vuc=water"],
        "/van-de/{id:int}": [f"/van-de/{number}" for number in (*issues, largest)],
        "/phieu-chuyen/{id:int}": [f"/phieu-chuyen/{number}" for number in referrals],
        "/co-quan/phieu/{id:int}": [f"/co-quan/phieu/{number}" for number in theirs],
        "/phieu-chuyen/{id:int}/thu.docx": [f"/phieu-chuyen/{number}/thu.docx" for number in referrals],
        "/phieu-chuyen/{id:int}/du-thao.docx": [
            f"/phieu-chuyen/{number}/du-thao.docx"
            for number in _some(session, select(Referral.id).where(Referral.state == "drafted"))
        ],
        "/tep/{id:int}": ["/tep/1"],
        "/ban-tin/{day}": [f"/ban-tin/{day}" for day in days],
        "/ban-tin/{day}/nguyen-ban": [f"/ban-tin/{day}/nguyen-ban" for day in days],
        "/nguoi-dung/{id:int}": [f"/nguoi-dung/{number}" for number in _some(session, select(User.id))],
        "/bao-cao/{period}/{name}": ["/bao-cao/2026-W01/bao-cao.docx"],
        "/bao-cao-da-lap/{period}/{name}": ["/bao-cao-da-lap/2026-W01/bao-cao.docx"],
        "/so-theo-doi/{slug}": [f"/so-theo-doi/{one.slug}" for one in REGISTERS.values()],
        "/open311/v2/services.{form}": ["/open311/v2/services.json"],
        "/open311/v2/requests.{form}": [
            "/open311/v2/requests.json",
            "/open311/v2/requests.xml?status=closed",
        ],
        "/open311/v2/requests/{id}.{form}": [f"/open311/v2/requests/{issues[0]}.json"],
        "/open311/v2/services/{code}.{form}": ["/open311/v2/services/environment.json"],
    }


def _some(session: Session, numbers: Select[int]) -> list[int]:
    """The first, the last, and some between."""
    found = session.scalars(numbers.order_by("id")).all()
    return sorted({found[len(found) * part // 5] for part in range(5)} | {found[-1]}) if found else [0]
