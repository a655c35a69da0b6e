"""One issue as one line of the digest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.asked import lead_of
from pipeline.clock import local
from pipeline.deadlines import standing_words, until_words
from pipeline.documents.citation import SHOWN_SOURCES, citations, strongest
from pipeline.documents.digest.changes import answer_note, changes
from pipeline.documents.digest.content import Agency, Deadline, Line, Routed
from pipeline.documents.digest.moment import Moment, present
from pipeline.documents.quotation import quotation, reasons
from pipeline.formats import unit_in_sentence, vn_date, vn_number
from pipeline.names import OUTCOME_IN_WORDS, URGENCY_IN_WORDS, place_name, topic_name
from pipeline.routing import NoRoute, find_route
from pipeline.states import IN_WORDS
from store.models import Issue, Referral
from store.queries.registers import near

LETTER_OUT = ("approved", "sent", "acknowledged", "answered", "accepted", "returned")


@dataclass(frozen=True)
class _Told:
    """What of an article's text may be told."""

    quotation: str | None = None
    outlet: str | None = None
    reasons: tuple[str, ...] = ()


def line_of(issue: Issue, moment: Moment) -> Line:
    sources = citations(issue)
    told = _Told() if issue.restricted else _told(issue)
    concern = issue.kind == "concern"
    return Line(
        issue_id=issue.id,
        title=issue.title,
        place=_place(issue),
        topic=issue.topic,
        topic_name=topic_name(moment.settings, issue.topic),
        urgency=issue.urgency,
        urgency_in_words=URGENCY_IN_WORDS[issue.urgency],
        state=issue.state,
        state_in_words=_state(issue),
        is_new=moment.is_new(issue),
        changes=changes(issue, moment),
        agency=_agency(issue, moment) if concern else None,
        deadline=_deadline(issue, moment) if concern and issue.state != "closed" else None,
        articles=len(sources),
        outlets=len({member.article.outlet_key for member in issue.articles}),
        reprints=sum(source.reprint for source in sources),
        sources=sources[:SHOWN_SOURCES],
        more_sources=max(len(sources) - SHOWN_SOURCES, 0),
        quotation=told.quotation,
        quoted_outlet=told.outlet,
        reasons=told.reasons,
        note=answer_note(issue, moment),
        growth=_growth(issue, moment) if concern and issue.state != "closed" else None,
        projects=tuple(project.title for project in near(issue, moment.projects)) if concern else (),
    )


def _growth(issue: Issue, moment: Moment) -> str | None:
    """Nothing where nothing was added of late."""
    growth = moment.growth(issue)
    if growth is None or not growth.recent:
        return None
    wide = f"; ở {vn_number(len(growth.communes))} xã, phường" if len(growth.communes) > 1 else ""
    return f"{growth.words}{wide} ({growth.sparkline} theo ngày từ {vn_date(growth.days[0].day)})"


def _told(issue: Issue) -> _Told:
    article = strongest(issue.articles)
    if article is None:
        return _Told()
    words = quotation(article)
    return _Told(words, article.outlet_name if words else None, reasons(article))


def _place(issue: Issue) -> str:
    """Commune and province; several communes of one name are said to be so."""
    province = place_name(issue.province_code) if issue.province_code else None
    if issue.commune_code or len(issue.commune_candidates) > 1:
        province = province and unit_in_sentence(province)
    if issue.commune_code:
        return ", ".join(part for part in (place_name(issue.commune_code), province) if part)
    if len(issue.commune_candidates) > 1:
        first, *others = [place_name(str(code)) for code in issue.commune_candidates[:3]]
        names = " hoặc ".join([first, *(unit_in_sentence(name) for name in others)])
        more = " hoặc nơi khác" if len(issue.commune_candidates) > 3 else ""
        return ", ".join(part for part in (f"{names}{more} (chưa xác định)", province) if part)
    return issue.place_name or province or "chưa rõ địa bàn"


def _state(issue: Issue) -> str:
    if issue.state == "closed" and issue.outcome:
        return f"{IN_WORDS['closed']}: {OUTCOME_IN_WORDS[issue.outcome]}"
    return IN_WORDS[issue.state]


def _agency(issue: Issue, moment: Moment) -> Agency:
    # Once closed, no round begins: its referrals tell who dealt with it.
    referrals = present(issue)
    out = [referral for referral in referrals if referral.state in LETTER_OUT]
    if issue.routing_problem and lead_of(issue):
        # Who must answer is known; what hinders concerns another.
        routed: Routed = "referred" if out else "drafted"
        drafted = [referral for referral in referrals if referral.state == "drafted"]
        return Agency(routed, f"{_named(out or drafted)}. {issue.routing_problem}")
    if issue.routing_problem:
        also = f" Đã chuyển phối hợp: {_named(out)}." if out else ""
        return Agency("problem", f"{issue.routing_problem}{also}")
    if out:
        return Agency("referred", _named(out))
    if drafted := [referral for referral in referrals if referral.state == "drafted"]:
        return Agency("drafted", f"{_named(drafted)} – phiếu chuyển đang chờ duyệt")
    today = local(moment.now).date()
    route = find_route(moment.settings, issue.topic, issue.province_code, issue.commune_code, today)
    if isinstance(route, NoRoute):
        return Agency("problem", route.reason)
    with_co = f", phối hợp: {', '.join(co.name for co in route.co)}" if route.co else ""
    return Agency("proposed", f"{route.lead.name}{with_co}")


def _named(referrals: list[Referral]) -> str:
    leads = dict.fromkeys(referral.agency_name for referral in referrals if referral.role == "lead")
    co = dict.fromkeys(referral.agency_name for referral in referrals if referral.role == "co")
    with_co = f", phối hợp: {', '.join(co)}" if co else ""
    return f"{', '.join(leads)}{with_co}" if leads else ", ".join(co)


def _deadline(issue: Issue, moment: Moment) -> Deadline:
    """Of the referral of this round that presses most: the overdue one, else the next one due."""
    standing = moment.worst_due(issue)
    clocked = [
        (referral.deadline_at, referral)
        for referral in present(issue)
        if referral.deadline_at is not None and moment.due(referral) == standing
    ]
    if standing == "none" or not clocked:
        return Deadline(None, "none", _unclocked(issue))
    if standing == "answered" and not _has_lead(issue):
        # A co-agency answers beside the lead, not for it.
        return Deadline(None, "none", "chưa có cơ quan chủ trì nhận phiếu")
    until, referral = min(clocked, key=lambda pair: (pair[0], pair[1].id))
    words = until_words(until, extended=referral.id in moment.extensions)
    stands = standing_words(until, standing, moment.now, moment.calendar)
    late = f" ({_late_at(until, clocked)})" if standing == "overdue" else ""
    return Deadline(local(until), standing, f"{words} – {stands}{late}")


def _has_lead(issue: Issue) -> bool:
    return any(referral.role == "lead" and referral.state in LETTER_OUT for referral in present(issue))


def _late_at(until: datetime, clocked: Iterable[tuple[datetime, Referral]]) -> str:
    """All that have let the same deadline pass."""
    return "; ".join(dict.fromkeys(referral.agency_name for at, referral in clocked if at == until))


def _unclocked(issue: Issue) -> str:
    states = {referral.state for referral in present(issue)}
    if "approved" in states:
        return "đã duyệt, đang gửi"
    if states.intersection(LETTER_OUT):
        return "không ấn định"
    return "chưa chuyển lại từ khi mở lại" if issue.round > 1 else "chưa chuyển"
