"""Vấn đề and Tìm kiếm: one list, by words, place, topic, agency, outlet, time and state."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline import names
from pipeline.settings import Settings
from pipeline.states import ISSUE
from store.queries import referrals
from store.queries import search as queries
from store.queries.referrals import BoardFilter
from store.queries.search import Hits, Lacking, Listed, Told
from store.wording import Term, as_typed
from web.asking import (
    AGENCY,
    ALL_STATES,
    BEST,
    DETECTED,
    FROM,
    KIND,
    KINDS,
    NEWEST,
    OPEN_STATES,
    ORDER,
    OUTLET,
    STATE,
    STATES_IN_WORDS,
    SURE,
    TOPIC,
    UNIT,
    UNTIL,
    WORDS,
    Asked,
    asked,
)
from web.evidence import Piece
from web.finding import found_in, has_any, passage
from web.issue_table import MAX_ROWS, as_xlsx
from web.letter_number import letter_number
from web.permissions import Action, may
from web.visits import Visit, for_signed_in

ROWS = 50
INSTEAD = 3
"""shorter questions that are offered where one finds nothing"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOTHING = Hits((), more=False, terms=())


@dataclass(frozen=True)
class Row:
    issue: Listed
    title: list[Piece]
    told: Told | None
    """the article that fits best, where its words say more than the title"""
    told_title: list[Piece]
    told_lead: list[Piece]


@dataclass(frozen=True)
class Nothing:
    """Was found: which of the words, as they were typed, no issue has, and what would find something."""

    unknown: list[str]
    instead: list[str]


def routes() -> list[Route]:
    return [
        Route("/van-de", for_signed_in(_issues), name="issues"),
        Route("/tim-kiem", for_signed_in(_search, Action.SEARCH), name="search"),
        Route("/tim-kiem/bang.xlsx", for_signed_in(_table, Action.TAKE_AWAY), name="issues_table"),
    ]


def _issues(visit: Visit) -> Response:
    return _page(visit, "issues", asked(visit.request.query_params, visit.desk.settings, OPEN_STATES))


def _search(visit: Visit) -> Response:
    found = asked(visit.request.query_params, visit.desk.settings, ALL_STATES)
    if found.number is not None:
        with visit.desk.store.read() as session:
            if queries.exists(session, found.number):
                return RedirectResponse(visit.request.app.url_path_for("issue", id=found.number), 303)
    return _page(visit, "search", found)


def _page(visit: Visit, here: str, question: Asked) -> Response:
    settings = visit.desk.settings
    with visit.desk.store.read() as session:
        hits = NOTHING if question.problems else queries.search(session, question.wanted)
        pages = max(1, -(-len(hits.ids) // ROWS))
        page = min(question.page, pages)
        issues = queries.listed(session, hits.ids[(page - 1) * ROWS : page * ROWS])
        by_articles = [issue.id for issue in issues if not queries.has_all(issue.title, hits.terms)]
        told = queries.fitting_articles(session, by_articles, hits.terms)
        return visit.render(
            "issues.html",
            here=here,
            asked=question,
            hits=hits,
            nothing=_nothing(session, question, hits),
            letter=_letter(visit, session, question),
            rows=[_row(issue, told.get(issue.id), hits.terms) for issue in issues],
            page=page,
            pages=pages,
            most=queries.MOST,
            max_rows=MAX_ROWS,
            **_choices(settings),
        )


def _nothing(session: Session, question: Asked, hits: Hits) -> Nothing:
    looked_for = hits.terms and not hits.ids and question.number is None
    found = queries.lacking(session, question.wanted, hits.terms) if looked_for else Lacking()
    typed = as_typed(question.wanted.question)
    shorter = ([typed[term] for term in typed if term in terms] for terms in found.instead[:INSTEAD])
    return Nothing(
        [typed[term] for term in typed if term in found.unknown], [" ".join(one) for one in shorter]
    )


def _letter(visit: Visit, session: Session, question: Asked) -> int | None:
    """The number of a letter, where the words are one and there is such a letter."""
    number = letter_number(question[WORDS])
    if number is None or not may(visit.user.role, Action.VIEW_BOARD):
        return None
    known = referrals.count(session, BoardFilter(number=number), (), visit.desk.clock())
    return number if known else None


def _row(issue: Listed, told: Told | None, terms: tuple[Term, ...]) -> Row:
    title = found_in(issue.title, terms)
    if told is None or told.title == issue.title:
        lead = passage(told.lead or "", terms) if told and not has_any(title) else []
        return Row(issue, title, told if lead else None, [], lead)
    told_title = found_in(told.title, terms)
    return Row(issue, title, told, told_title, passage(told.lead or "", terms))


def _choices(settings: Settings) -> dict[str, Any]:
    agencies = {agency.key: agency.name for agency in settings.agencies}
    outlets = {outlet.key: outlet.name for outlet in settings.crawler.outlets}
    return {
        "places": names.units_of(settings.office.province),
        "states": list(ISSUE),
        "agencies": sorted(agencies.items(), key=lambda one: one[1]),
        "outlets": sorted(outlets.items(), key=lambda one: one[1]),
        "groups_of_states": STATES_IN_WORDS,
        "all_states": ALL_STATES,
        "kinds": KINDS,
        "newest": NEWEST,
        "best": BEST,
        "fields": {"words": WORDS, "state": STATE, "kind": KIND, "topic": TOPIC, "unit": UNIT, "sure": SURE,
                   "agency": AGENCY, "outlet": OUTLET, "from": FROM, "until": UNTIL, "detected": DETECTED,
                   "order": ORDER},
    }  # fmt: skip


def _table(visit: Visit) -> Response:
    question = asked(visit.request.query_params, visit.desk.settings, ALL_STATES)
    with visit.desk.store.read() as session:
        hits = NOTHING if question.problems else queries.search(session, question.wanted, MAX_ROWS)
        packed = as_xlsx(
            visit.desk.settings,
            question,
            queries.listed(session, hits.ids),
            more=hits.more,
            at=visit.desk.clock(),
        )
    day = visit.desk.today.strftime("%Y-%m-%d")
    headers = {"Content-Disposition": f'attachment; filename="van-de-{day}.xlsx"'}
    return Response(packed, media_type=XLSX, headers=headers)
