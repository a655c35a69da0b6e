"""What an agency is shown of a referral and what its forms do, by the signed link and by an account."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from pipeline import names
from pipeline.answering.attachments import IN_WORDS
from pipeline.answering.page import OVER, AgencyAnswers
from pipeline.deadlines import Deadlines
from pipeline.documents.citation import SHOWN_SOURCES, citations
from pipeline.documents.issuing import number_and_symbol
from pipeline.documents.letter import office_contact
from pipeline.routing import COMMUNE, recipient
from pipeline.states import allowed
from store.models import Referral
from store.queries.answers import last_words
from store.queries.reminders import extensions
from web.desk import Desk
from web.forms import day, text
from web.uploads import files_of

AGAIN = "lap"
"""This very form had been taken before."""
DONE = {
    "tiep-nhan": "Đã ghi nhận việc tiếp nhận phiếu.",
    "tra-loi": "Đã nhận trả lời của cơ quan. Cảm ơn cơ quan đã trả lời.",
    "tu-choi": "Đã ghi nhận ý kiến của cơ quan về cơ quan có thẩm quyền.",
    "xin-them-han": "Đã nhận đề nghị gia hạn. Thời hạn cũ còn nguyên cho đến khi có quyết định.",
    AGAIN: "Biểu mẫu này đã được nhận trước đó; không ghi thêm lần nữa.",
}


def _acknowledge(answers: AgencyAnswers, form: FormData, _desk: Desk) -> None:
    answers.acknowledge(text(form, "bieu-mau"))


def _answer(answers: AgencyAnswers, form: FormData, desk: Desk) -> None:
    answers.answer(
        text(form, "bieu-mau"),
        text=text(form, "noi-dung"),
        document_number=text(form, "so-van-ban"),
        files=files_of(form, "tep", desk.settings.attachments),
    )


def _refuse(answers: AgencyAnswers, form: FormData, _desk: Desk) -> None:
    body, why = text(form, "co-quan"), text(form, "ly-do-tu-choi")
    answers.refuse(text(form, "bieu-mau"), body=body, why=why)


def _ask_for_time(answers: AgencyAnswers, form: FormData, _desk: Desk) -> None:
    until = day(form, "den-ngay", "Xin gia hạn đến")
    answers.ask_for_time(text(form, "bieu-mau"), until=until, why=text(form, "ly-do-xin"))


STEPS: Mapping[str, Callable[[AgencyAnswers, FormData, Desk], None]] = {
    "tiep-nhan": _acknowledge,
    "tra-loi": _answer,
    "tu-choi": _refuse,
    "xin-them-han": _ask_for_time,
}


def context_of(
    session: Session, desk: Desk, referral: Referral, problem: str | None, typed: FormData | None, done: str
) -> dict[str, Any]:
    """`typed`: of a form that was refused, so that nothing need be typed again; `done`: a key of DONE."""
    settings, issue = desk.settings, referral.issue
    agencies = [name for key, name in names.agencies_of(settings, desk.today) if key != referral.agency_key]
    own = recipient(settings, COMMUNE, desk.today, issue.commune_code)
    if own and own.key != referral.agency_key:
        agencies = [own.name, *agencies]
    sources, now = citations(issue), desk.clock()
    open_to_answers = issue.state not in OVER
    return {
        "referral": referral,
        "letter_number": number_and_symbol(settings.office, "letter", referral.number),
        "issue": issue,
        "deadlines": Deadlines(settings, now, extensions(session, [referral.id])),
        "sources": sources[:SHOWN_SOURCES],
        "more_sources": len(sources) - len(sources[:SHOWN_SOURCES]),
        "contact": office_contact(settings.office),
        "agencies": agencies,
        "may_acknowledge": open_to_answers and allowed(referral, "acknowledged"),
        "may_answer": open_to_answers and allowed(referral, "answered"),
        "may_refuse": open_to_answers and allowed(referral, "refused"),
        "letter": referral.letter or {},
        "refused_because": last_words(session, referral.id, "refused")
        if referral.state == "refused"
        else None,
        "returned_because": last_words(session, referral.id, "returned"),
        "declined_because": last_words(session, referral.id, "time_declined"),
        "limits": settings.attachments,
        "types": ", ".join(dict.fromkeys(IN_WORDS[kind] for kind in settings.attachments.types)),
        "endings": ",".join(f".{kind}" for kind in settings.attachments.types),
        "problem": problem,
        "done": DONE.get(done) if problem is None else None,
        "entered": {name: text(typed, name) for name in typed} if typed else {},
        "forms": {name: secrets.token_urlsafe(16) for name in STEPS},
        "now": now,
    }
