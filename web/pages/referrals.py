"""Phiếu chuyển: the board by agency and state, one referral, and approval of several that have been read."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from pipeline import names
from pipeline.answering.page import actor_of
from pipeline.deadlines import Deadlines
from pipeline.documents.letter import letter_docx, letter_text
from pipeline.documents.mail import DOCX
from pipeline.documents.templating import template_of
from pipeline.review.approval import Preview
from pipeline.routing import recipient
from pipeline.states import NotAllowed, allowed
from pipeline.undoing import undo_until
from store.models import Referral
from store.queries import desk, referrals
from store.queries.referrals import SHOWN, BoardFilter
from store.queries.reminders import extensions
from web.forms import text
from web.hindered import hindrances
from web.late_replies import late_replies
from web.lately import lately_of
from web.letter_number import letter_number
from web.permissions import Action
from web.visits import MAX_ID, Visit, for_signed_in

ROWS = 50
AT_ONCE = 20
"""letters that are read and approved together: of more nobody reads each"""
AGENCIES = 12
"""lines of the board before it is unfolded"""
EVENTS = 200
LONGEST_NUMBER = 6
"""in digits, of a page"""
LATE, PAST, NUMBER = "qua-han", "ca-da-xong", "so-phieu"
NO_NUMBER = 0
"""that no letter has"""
STATES = {
    "drafted": "Chờ duyệt",
    "approved": "Đã duyệt",
    "sent": "Đã gửi",
    "acknowledged": "Đã tiếp nhận",
    "answered": "Đã trả lời",
    "returned": "Trả lại",
    "accepted": "Chấp nhận",
    "refused": "Từ chối",
}
"""headings of the board"""


def board(visit: Visit) -> Response:
    asked, now = visit.request.query_params, visit.desk.clock()
    chosen = {name: asked.get(name, "") for name in ("co-quan", "tinh-trang", LATE, PAST, NUMBER)}
    page = page_of(asked.get("trang", ""))
    with visit.desk.store.read() as session:
        agencies = _agencies(visit, session)
        wanted = _wanted(chosen, agencies)
        lines = referrals.board(session, now)
        rows = referrals.referrals(session, wanted, lines, now=now, limit=ROWS, offset=(page - 1) * ROWS)
        total = referrals.count(session, wanted, lines, now)
        return visit.render(
            "referrals.html",
            now=now,
            lines=lines,
            first_lines=AGENCIES,
            totals={state: sum(line.by_state.get(state, 0) for line in lines) for state in SHOWN},
            late=sum(line.late for line in lines),
            states=STATES,
            agencies=agencies,
            chosen=chosen,
            rows=rows,
            total=total,
            ticked=[one.id for one in rows if one.state == "drafted"][:AT_ONCE] if asked.get("chon") else [],
            deadlines=_deadlines(visit, session, rows, now),
            page=page,
            pages=max(1, -(-total // ROWS)),
            at_once=AT_ONCE,
        )


def _agencies(visit: Visit, session: Session) -> dict[str, str]:
    """Key and name, by name, of all that have had a referral; those of today as config.yaml names them."""
    keys, today = referrals.agency_keys(session), visit.desk.today
    known = {key: recipient(visit.desk.settings, key, today) for key in keys}
    found = {key: agency.name for key, agency in known.items() if agency is not None}
    found |= referrals.agency_names(session, set(keys) - set(found))
    return dict(sorted(found.items(), key=lambda one: one[1]))


def _wanted(chosen: dict[str, str], agencies: dict[str, str]) -> BoardFilter:
    return BoardFilter(
        agency_key=chosen["co-quan"] if chosen["co-quan"] in agencies else None,
        state=chosen["tinh-trang"] if chosen["tinh-trang"] in SHOWN else None,
        late=bool(chosen[LATE]),
        whole_past=bool(chosen[PAST]),
        number=_number(chosen[NUMBER]),
    )


def _number(asked: str) -> int | None:
    """Of the letter that somebody on the telephone names; None where none is asked for."""
    if not asked.strip():
        return None
    number = letter_number(asked)
    return NO_NUMBER if number is None else number


def page_of(asked: str) -> int:
    """1 for whatever is no number of a page; a number without end is none."""
    known = asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_NUMBER
    return max(int(asked), 1) if known else 1


def _deadlines(visit: Visit, session: Session, rows: Collection[Referral], now: datetime) -> Deadlines:
    return Deadlines(visit.desk.settings, now, extensions(session, [one.id for one in rows]))


def referral(visit: Visit) -> Response:
    return referral_page(visit, visit.id)


def referral_page(
    visit: Visit, referral_id: int, problem: NotAllowed | None = None, status: int = 200
) -> Response:
    """One, with what it will say, what came of it and what may be done; also to be printed."""
    now, settings = visit.desk.clock(), visit.desk.settings
    with visit.desk.store.read() as session:
        shown = referrals.one(session, referral_id)
        if shown is None:
            raise HTTPException(404)
        return visit.render(
            "referral.html",
            status,
            problem=problem,
            now=now,
            referral=shown,
            lately=lately_of(visit, session, referrals=[shown.id]),
            late=late_replies(session, [shown]),
            hindrances=hindrances(visit, session, [shown]),
            text=letter_text(visit.desk.review.draft_letter(session, shown))
            if shown.state == "drafted"
            else None,
            deadlines=_deadlines(visit, session, [shown], now),
            allowed=allowed,
            events=referrals.history(session, shown, EVENTS),
            posts=desk.posts(session) | {actor_of(shown): shown.agency_name},
            agency_names={shown.agency_key: shown.agency_name},
            agencies=names.agencies_of(settings, visit.desk.today),
            statutory_clocks=settings.statutory,
            has_agency_page=settings.agency_page is not None,
        )


def draft(visit: Visit) -> Response:
    """The letter as a file before it has a number."""
    settings = visit.desk.settings
    with visit.desk.store.read() as session:
        shown = referrals.for_letters(session, [visit.id]).get(visit.id)
        if shown is None or shown.state != "drafted":
            raise HTTPException(404)
        letter = visit.desk.review.draft_letter(session, shown)
    content = letter_docx(letter, template_of(settings, "letter"), draft=True)
    name = f"du-thao-phieu-chuyen-{visit.id}.docx"
    return Response(
        content, media_type=DOCX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def before_approval(visit: Visit) -> Response:
    """What was ticked on the board, each as it will go."""
    ticked = ticked_in(visit.request.query_params.getlist("phieu"))
    with visit.desk.store.read() as session:
        shown = visit.desk.review.previews(session, ticked[:AT_ONCE], visit.user.actor)
        return visit.render(
            "referrals_preview.html",
            shown=[(preview, _as_text(preview)) for preview in shown],
            to_approve=sum(preview.hindrance is None for preview in shown),
            left=len(ticked) - len(ticked[:AT_ONCE]),
            at_once=AT_ONCE,
            has_agency_page=visit.desk.settings.agency_page is not None,
        )


def _as_text(preview: Preview) -> str:
    return letter_text(preview.letter) if preview.letter else ""


def approve_ticked(visit: Visit) -> Response:
    """Not led to another page: sent once more, the form finds all of them approved and does nothing."""
    ticked = ticked_in([one for one in visit.form.getlist("phieu") if isinstance(one, str)])
    seen = {one: text(visit.form, f"da-xem-{one}") for one in ticked[:AT_ONCE]}
    decided = visit.desk.review.approve_all(seen, visit.user.actor)
    approved = [one for one in decided if one.problem is None]
    refused = [one for one in decided if one.problem is not None]
    with visit.desk.store.read() as session:
        decisions = referrals.approvals_to_undo(session, [one.referral_id for one in approved])
        lately = lately_of(visit, session, referrals=[one.referral_id for one in refused])
    before = [one for one in lately.own if one.action == Action.APPROVE]
    own = {one.referral_id for one in before}
    return visit.render(
        "referrals_decided.html",
        approved=approved,
        refused=[one for one in refused if one.referral_id not in own],
        decisions=decisions,
        lately=lately,
        before=before,
        until=undo_until(visit.desk.settings, visit.desk.clock()),
    )


def ticked_in(values: Collection[str]) -> list[int]:
    """Numbers of referrals, each once; what is no such number is left out."""
    found = (int(one) for one in values if one.isascii() and one.isdigit() and len(one) < 12)
    return list(dict.fromkeys(one for one in found if one <= MAX_ID))


def routes() -> list[Route]:
    return [
        Route("/phieu-chuyen", for_signed_in(board, Action.VIEW_BOARD), name="referrals"),
        Route(
            "/phieu-chuyen/duyet",
            for_signed_in(before_approval, Action.APPROVE),
            methods=["GET"],
            name="before_approval",
        ),
        Route(
            "/phieu-chuyen/duyet",
            for_signed_in(approve_ticked, Action.APPROVE),
            methods=["POST"],
            name="approve_ticked",
        ),
        Route("/phieu-chuyen/{id:int}", for_signed_in(referral, Action.VIEW_BOARD), name="referral"),
        Route("/phieu-chuyen/{id:int}/du-thao.docx", for_signed_in(draft, Action.VIEW_BOARD), name="draft"),
    ]
