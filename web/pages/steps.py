"""What people do at the desk: one table from an address to a call of pipeline.review."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.states import NotAllowed
from store.queries import answers, undone
from store.queries import desk as queries
from web.forms import day, moment, number, text
from web.pages import answering, placing, undoing
from web.pages.after import address_after, done_with, page_after, told_of
from web.pages.refusing import CONFLICT, refused
from web.permissions import Action
from web.visits import Visit, for_signed_in


def _confirm(visit: Visit) -> None:
    visit.desk.review.confirm(visit.id, visit.user.actor, seen_version=number(visit.form, "seen_version"))


def _dismiss(visit: Visit) -> None:
    visit.desk.review.dismiss(
        visit.id,
        visit.user.actor,
        text(visit.form, "why"),
        seen_version=number(visit.form, "seen_version"),
    )


def _set_topic(visit: Visit) -> None:
    visit.desk.review.set_topic(
        visit.id,
        text(visit.form, "topic"),
        visit.user.actor,
        seen_version=number(visit.form, "seen_version"),
    )


def _set_urgency(visit: Visit) -> None:
    urgency = number(visit.form, "urgency")
    if urgency is None:
        raise NotAllowed("Hãy chọn mức độ.")
    visit.desk.review.set_urgency(
        visit.id, urgency, visit.user.actor, seen_version=number(visit.form, "seen_version")
    )


def _set_place(visit: Visit) -> None:
    visit.desk.review.set_place(
        visit.id,
        text(visit.form, "place"),
        visit.user.actor,
        seen_version=number(visit.form, "seen_version"),
    )


def _set_agency(visit: Visit) -> None:
    visit.desk.review.set_agency(
        visit.id,
        text(visit.form, "agency"),
        visit.user.actor,
        seen_version=number(visit.form, "seen_version"),
    )


def _close(visit: Visit) -> None:
    visit.desk.review.close(
        visit.id,
        text(visit.form, "outcome"),
        visit.user.actor,
        reply_id=number(visit.form, "reply_id"),
        outcome_date=day(visit.form, "outcome_date", "Thời hạn kế hoạch"),
        why=text(visit.form, "why") or None,
        seen_version=number(visit.form, "seen_version"),
    )


def _reopen(visit: Visit) -> None:
    visit.desk.review.reopen(
        visit.id,
        visit.user.actor,
        text(visit.form, "why"),
        seen_version=number(visit.form, "seen_version"),
    )


def _approve(visit: Visit) -> None:
    visit.desk.review.approve(visit.id, visit.user.actor, seen_version=number(visit.form, "seen_version"))


def _withdraw(visit: Visit) -> None:
    why = text(visit.form, "why")
    if not why:
        raise NotAllowed("Hãy ghi lý do rút.")
    visit.desk.review.withdraw(visit.id, visit.user.actor, why)


def _acknowledge(visit: Visit) -> None:
    visit.desk.review.acknowledge(visit.id, visit.user.actor)


def _record_reply(visit: Visit) -> None:
    visit.desk.review.record_reply(
        visit.id,
        visit.user.actor,
        text=text(visit.form, "text"),
        received_at=moment(visit.form, "received_at", "Nhận lúc"),
        document_number=text(visit.form, "document_number") or None,
    )


def _refuse(visit: Visit) -> None:
    visit.desk.review.refuse(
        visit.id, text(visit.form, "proposed_agency"), visit.user.actor, text(visit.form, "why")
    )


def _record_trigger(visit: Visit) -> None:
    visit.desk.review.record_trigger(
        visit.id,
        text(visit.form, "clock"),
        moment(visit.form, "trigger_at", "Xảy ra lúc"),
        visit.user.actor,
    )


def _accept_reply(visit: Visit) -> None:
    visit.desk.review.accept_reply(visit.id, visit.user.actor)


def _return_reply(visit: Visit) -> None:
    visit.desk.review.return_reply(visit.id, visit.user.actor, text(visit.form, "why"))


def _send_again(visit: Visit) -> None:
    visit.desk.review.send_again(visit.id, visit.user.actor)


def _mail_seen(visit: Visit) -> None:
    visit.desk.review.mail_seen(visit.id, visit.user.actor)


def _no_issue(_session: Session, _id: int) -> int | None:
    return None


def _issue_itself(_session: Session, issue_id: int) -> int | None:
    return issue_id


@dataclass(frozen=True)
class Step:
    path: str
    action: Action
    do: Callable[[Visit], object]
    """a number that it returns is the issue's where it led, a day the one to which a deadline was moved"""
    issue_of: Callable[[Session, int], int | None] = _issue_itself


STEPS = (
    Step("/van-de/{id:int}/xac-nhan", Action.CONFIRM, _confirm),
    Step("/van-de/{id:int}/bo-qua", Action.DISMISS, _dismiss),
    Step("/van-de/{id:int}/linh-vuc", Action.SET_TOPIC, _set_topic),
    Step("/van-de/{id:int}/muc-do", Action.SET_URGENCY, _set_urgency),
    Step("/van-de/{id:int}/dia-ban", Action.SET_PLACE, _set_place),
    Step("/van-de/{id:int}/co-quan", Action.SET_AGENCY, _set_agency),
    Step("/van-de/{id:int}/tieu-de", Action.SET_TITLE, placing.set_title),
    Step("/van-de/{id:int}/gop", Action.MERGE, placing.merge),
    Step("/van-de/{id:int}/tach-lai", Action.UNMERGE, placing.unmerge),
    Step("/van-de/{id:int}/tach", Action.SPLIT, placing.split),
    Step("/van-de/{id:int}/chuyen-bai", Action.MOVE, placing.move),
    Step("/van-de/{id:int}/ket-thuc", Action.CLOSE, _close),
    Step("/van-de/{id:int}/mo-lai", Action.REOPEN, _reopen),
    Step("/phieu-chuyen/{id:int}/duyet", Action.APPROVE, _approve, queries.issue_of_referral),
    Step("/phieu-chuyen/{id:int}/rut", Action.WITHDRAW, _withdraw, queries.issue_of_referral),
    Step("/phieu-chuyen/{id:int}/tiep-nhan", Action.ACKNOWLEDGE, _acknowledge, queries.issue_of_referral),
    Step("/phieu-chuyen/{id:int}/tra-loi", Action.RECORD_REPLY, _record_reply, queries.issue_of_referral),
    Step("/phieu-chuyen/{id:int}/tu-choi", Action.REFUSE, _refuse, queries.issue_of_referral),
    Step(
        "/phieu-chuyen/{id:int}/moc-luat", Action.RECORD_TRIGGER, _record_trigger, queries.issue_of_referral
    ),
    Step("/tra-loi/{id:int}/chap-nhan", Action.ACCEPT_REPLY, _accept_reply, queries.issue_of_reply),
    Step("/tra-loi/{id:int}/tra-lai", Action.RETURN_REPLY, _return_reply, queries.issue_of_reply),
    Step("/phieu-chuyen/{id:int}/gia-han", Action.EXTEND, answering.extend, queries.issue_of_referral),
    Step(
        "/phieu-chuyen/{id:int}/lien-ket",
        Action.REPLACE_LINK,
        answering.replace_link,
        queries.issue_of_referral,
    ),
    Step("/thu-den/{id:int}/nhan", Action.TAKE_REPLY, answering.take_reply, answers.issue_of_proposed_reply),
    Step(
        "/thu-den/{id:int}/de-rieng",
        Action.SET_REPLY_ASIDE,
        answering.set_reply_aside,
        answers.issue_of_proposed_reply,
    ),
    Step("/xin-han/{id:int}/dong-y", Action.GRANT_TIME, answering.grant_time, answers.issue_of_time_request),
    Step(
        "/xin-han/{id:int}/tu-choi",
        Action.DECLINE_TIME,
        answering.decline_time,
        answers.issue_of_time_request,
    ),
    Step("/hop-thu/{id:int}/da-xem", Action.MAIL_SEEN, _mail_seen, _no_issue),
    Step("/luot-gui/{id:int}/gui-lai", Action.SEND_AGAIN, _send_again, queries.issue_of_delivery),
    Step("/hoan-tac/{id:int}", Action.UNDO, undoing.undo, undone.issue_of),
)
LEADS_ELSEWHERE = (Action.MERGE, Action.UNMERGE, Action.SPLIT, Action.MOVE)


def routes() -> list[Route]:
    taken = [
        route
        for step in STEPS
        for route in (
            Route(
                step.path, for_signed_in(_taking(step), step.action), methods=["POST"], name=step.action.value
            ),
            Route(step.path, for_signed_in(_page_of(step)), methods=["GET"]),
        )
    ]
    return [*taken, *undoing.routes()]


def _page_of(step: Step) -> Callable[[Visit], Response]:
    """Whoever opens a form's address comes to the page with the form."""

    def page(visit: Visit) -> Response:
        with visit.desk.store.read() as session:
            issue_id = step.issue_of(session, visit.id)
        return RedirectResponse(page_after(visit, issue_id), 303)

    return page


def _taking(step: Step) -> Callable[[Visit], Response]:
    """Takes the step and goes back to the page it was taken on; a refusal is shown there, in words.

    A script is answered in JSON: it stays on the page.
    """

    def take(visit: Visit) -> Response:
        with visit.desk.store.read() as session:
            issue_id = step.issue_of(session, visit.id)
        by_script = "application/json" in visit.request.headers.get("accept", "")
        try:
            began = visit.desk.clock()
            led = step.do(visit)
        except NotAllowed as refusal:
            if by_script:
                return JSONResponse({"problem": str(refusal)}, CONFLICT)
            return refused(visit, issue_id, refusal)
        until = led if isinstance(led, date) else None
        where = led if step.action in LEADS_ELSEWHERE else issue_id
        done = done_with(visit, step.action, where, began, until)
        if by_script:
            return JSONResponse(told_of(visit, done))
        return RedirectResponse(address_after(page_after(visit, issue_id), done), 303)

    return take
