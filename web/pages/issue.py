"""Vấn đề: one issue with its articles, referrals, history, and what may be done with it."""

from collections.abc import Iterable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from pipeline import names
from pipeline.answering.page import actor_of
from pipeline.asked import has_it, lead_referral, leading
from pipeline.competence import contested, named_body
from pipeline.deadlines import Deadlines
from pipeline.documents.citation import changed_in_words
from pipeline.growth import growth_from
from pipeline.registers import REGISTERS
from pipeline.review.issues import URGENCIES
from pipeline.routing import COMMUNE, recipient
from pipeline.states import NotAllowed, allowed
from store.models import Issue, Referral
from store.queries import desk as queries
from store.queries import registers
from store.queries.likely import likely_others
from store.queries.placing import in_order, merged_into, nearby
from store.queries.reminders import extensions
from web.articles import ROWS, articles_of
from web.curve import curve_of
from web.evidence import marked, passage
from web.hindered import hindrances
from web.late_replies import late_replies
from web.lately import lately_of
from web.visits import Visit

EVENTS = 200
NEARBY = 8
OTHERS = 20
"""issues offered to be merged with; any other can be named by its number"""
PAGE, TICKED, EVERY = "bai", "chon", "tat-ca"
"""in an address: the page of the articles; which of them the forms offer to be ticked"""
EDITABLE = ("detected", "confirmed", "referred", "reopened")
ROUTABLE = ("confirmed", "referred", "reopened")


def issue(visit: Visit) -> Response:
    return issue_page(visit, visit.id)


def issue_page(visit: Visit, issue_id: int, problem: NotAllowed | None = None, status: int = 200) -> Response:
    desk = visit.desk
    now = desk.clock()
    with desk.store.read() as session:
        shown = queries.issue(session, issue_id)
        if shown is None:
            raise HTTPException(404)
        merged = merged_into(session, shown.id)
        articles = articles_of(session, shown.id, visit.request.query_params.get(PAGE, ""))
        return visit.render(
            "issue.html",
            status,
            problem=problem,
            now=now,
            issue=shown,
            lately=lately_of(visit, session, issues=_one_matter(shown, merged)),
            events=queries.history(session, [shown.id, *(one.id for one in merged)], EVENTS),
            posts=queries.posts(session) | _agencies_as_actors(shown),
            agency_names={referral.agency_key: referral.agency_name for referral in shown.referrals},
            deadlines=Deadlines(desk.settings, now, extensions(session, [one.id for one in shown.referrals])),
            marked=marked,
            changed_in_words=changed_in_words,
            allowed=allowed,
            editable=shown.state in EDITABLE,
            routable=shown.state in ROUTABLE,
            accepted_replies=_accepted_replies(heard := in_order([shown, *merged])),
            passing=contested(heard),
            late=late_replies(session, shown.referrals),
            hindrances=hindrances(visit, session, shown.referrals),
            leads=leading(shown),
            led=lead_referral(shown),
            letters=_letters(shown, heard),
            proposed_agencies=_proposed_agencies(visit, shown),
            merged=merged,
            entries=registers.of_issue(session, shown.id),
            projects=registers.near(shown, registers.open_projects(session)),
            register_names={one.key: one for one in REGISTERS.values()},
            articles=articles,
            article_rows=ROWS,
            ticked=articles.all if _wants_all(visit) else articles.offered,
            growth=(growth := growth_from(articles.carriers, desk.settings.growth, now)),
            curve=curve_of(growth) if growth else None,
            place_name=names.place_name,
            nearby=nearby(session, shown, NEARBY),
            passage=passage,
            others=likely_others(session, shown, OTHERS),
            **_choices(visit, shown),
        )


def _one_matter(issue: Issue, merged: Iterable[Issue]) -> list[int]:
    """What was merged is told of on both pages."""
    into = [issue.merged_into_id] if issue.merged_into_id else []
    return [issue.id, *into, *(one.id for one in merged)]


def _wants_all(visit: Visit) -> bool:
    """Also where a form comes back: what was ticked in it may stand anywhere."""
    return visit.request.query_params.get(TICKED) == EVERY or "article" in visit.form


def _agencies_as_actors(issue: Issue) -> dict[str, str]:
    return {actor_of(referral): referral.agency_name for referral in issue.referrals}


def _letters(issue: Issue, heard: Iterable[Referral]) -> dict[tuple[str, int], Referral]:
    """The referral that an event is about, by its entity and number."""
    found = {}
    for referral in heard:
        found["referral", referral.id] = referral
        found |= {("reply", reply.id): referral for reply in referral.replies}
    for referral in issue.referrals:
        found |= {("delivery", delivery.id): referral for delivery in referral.deliveries}
    return found


def _accepted_replies(referrals: Iterable[Referral]) -> list[Any]:
    replies = [reply for referral in referrals for reply in referral.replies]
    return [reply for reply in replies if reply.judgement == "accepted"]


def _proposed_agencies(visit: Visit, issue: Issue) -> list[tuple[str, str]]:
    """Bodies that refusals of this round name, that config.yaml knows and that do not have the issue yet."""
    found = {}
    # A co-agency's refusal takes the issue from no lead.
    for referral in issue.referrals if leading(issue) is None else ():
        if referral.state == "refused" and referral.round == issue.round:
            body = named_body(visit.desk.settings, referral.proposed_agency or "", visit.desk.today)
            if body is not None and body.address is not None and not has_it(issue, body.key):
                found[body.key] = body.name
    return list(found.items())


def _choices(visit: Visit, issue: Issue) -> dict[str, Any]:
    """What the forms offer: units (those the text may mean first) and agencies that exist today."""
    settings = visit.desk.settings
    province = settings.office.province
    agencies = names.agencies_of(settings, visit.desk.today)
    if own := recipient(settings, COMMUNE, visit.desk.today, issue.commune_code):
        agencies = [(own.key, own.name), *agencies]
    return {
        "likely_places": [(code, names.place_name(code)) for code in issue.commune_candidates],
        "places": names.units_of(province),
        "province": (province, names.place_name(province)),
        "agencies": agencies,
        "urgencies": sorted(URGENCIES, reverse=True),
        "statutory_clocks": settings.statutory,
        "has_agency_page": settings.agency_page is not None,
    }
