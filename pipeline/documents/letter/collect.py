"""From a referral in the store to what its letter says."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from pipeline.answering.links import Links
from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.documents.citation import SHOWN_SOURCES, citations, strongest
from pipeline.documents.issuing import head_of, number_and_symbol
from pipeline.documents.letter.content import AnswerAt, Letter, Limit
from pipeline.documents.letter.stored import from_stored
from pipeline.documents.quotation import quotation
from pipeline.formats import unit_in_sentence, vn_date, vn_number
from pipeline.names import URGENCY_IN_WORDS, place_name, topic_name
from pipeline.routing import recipient
from pipeline.settings import Office, Programme, Settings
from pipeline.terms import Terms, terms_of
from store.models import Issue, IssueArticle, Referral
from store.queries.reminders import extensions

GONE = ("withdrawn", "refused")


def letter_of(
    session: Session,
    settings: Settings,
    referral: Referral,
    calendar: WorkingCalendar,
    links: Links | None = None,
    terms: Terms | None = None,
) -> Letter:
    """An approved referral gives the letter that was approved, whatever has become of its issue since.

    Before approval the letter is a draft of what the store holds: no number, the limit in working days
    without a date; with `terms` it says what it will once it is approved on them.
    """
    stands = terms or terms_of(settings, referral)
    extended = terms is None and bool(extensions(session, [referral.id]))
    limit = _limit(stands, referral.issue.urgency, calendar, extended=extended)
    if terms is None and referral.approved_at and referral.letter:
        letter = from_stored(referral.letter)
        # It may have to go again, to a mended address, after its day was moved.
        letter = replace(letter, limit=limit) if extended else letter
    else:
        letter = _drawn_up(session, settings, referral, stands, limit)
    if links is None or referral.approved_at is None:
        return letter
    return replace(letter, answer_at=_answer_at(referral, links, letter.made_at))


def _drawn_up(
    session: Session, settings: Settings, referral: Referral, stands: Terms, limit: Limit
) -> Letter:
    issue, office = referral.issue, settings.office
    made_at = local(stands.at or referral.drafted_at)
    agency = recipient(settings, referral.agency_key, made_at.date(), issue.commune_code)
    # One approved when letters' words were not kept tells of the articles of a merged issue where they are.
    carrier = _carrier(session, issue)
    sources = citations(carrier)
    before = _before(referral)
    quoted = strongest(_since(carrier, before) or carrier.articles)
    words = quotation(quoted) if quoted else None
    return Letter(
        head=head_of(office, "letter", referral.number, made_at.date(), _copies(referral)),
        made_at=made_at,
        title=issue.title,
        subject=_subject(settings, issue),
        addressee=referral.agency_name,
        summary=_summary(settings, issue, carrier, before),
        area=_area(issue),
        sources=sources[:SHOWN_SOURCES],
        more_sources=max(len(sources) - SHOWN_SOURCES, 0),
        quotation=words,
        quoted=next((source for source in sources if quoted and words and source.url == quoted.url), None),
        programme=_programme_in_words(stands),
        contents=_contents(stands.programme),
        request=_request(referral),
        limit=limit,
        statutory=tuple(
            Limit(str(clock["text"]), _moment(clock.get("deadline_at")), str(clock["basis"]))
            for clock in referral.statutory
        ),
        contact=office_contact(office),
        addressee_contact=f"{agency.leader_post}; {agency.contact_unit}" if agency else None,
    )


def _carrier(session: Session, issue: Issue) -> Issue:
    """The issue, or the one it has been merged into at last."""
    while issue.merged_into_id is not None:
        issue = session.get_one(Issue, issue.merged_into_id)
    return issue


def _answer_at(referral: Referral, links: Links, made_at: datetime) -> AnswerAt:
    return AnswerAt(links.address(referral, made_at), local(links.good_until(made_at)).date())


def _subject(settings: Settings, issue: Issue) -> str:
    topic = topic_name(settings, issue.topic)
    where = ", ".join(unit_in_sentence(unit) for unit in _units(issue))
    # "CCHC – thủ tục" keeps its letters inside a sentence, too.
    about = topic if topic[1:2].isupper() else f"{topic[:1].lower()}{topic[1:]}"
    return f"Vấn đề báo chí nêu về {about}" + (f" tại {where}" if where else "")


def _request(referral: Referral) -> str:
    """Without "Đề nghị", which the letter's heading says already."""
    words = referral.request.removeprefix("Đề nghị ")
    return words[:1].upper() + words[1:]


def _area(issue: Issue) -> str:
    first, *wider = _units(issue) or ["chưa xác định"]
    return ", ".join([first, *(unit_in_sentence(name) for name in wider)])


def _units(issue: Issue) -> list[str]:
    """Commune and province; the article's own words where no commune in force could be told."""
    province = place_name(issue.province_code) if issue.province_code else None
    commune = place_name(issue.commune_code) if issue.commune_code else None
    if commune is None and issue.place_name and issue.place_name != province:
        commune = issue.place_name
    return [part for part in (commune, province) if part]


def _before(referral: Referral) -> Referral | None:
    """The last letter about the issue in an earlier round: to this agency, else to the lead of then."""
    earlier = [
        one
        for one in referral.issue.referrals
        if one.round < referral.round and one.approved_at is not None and one.state != "withdrawn"
    ]
    asked = [one for one in earlier if one.agency_key == referral.agency_key]
    return max(asked or earlier, key=lambda one: (one.role == "lead", one.id), default=None)


def _since(carrier: Issue, before: Referral | None) -> list[IssueArticle]:
    """What brought the issue back: the old passage was dealt with."""
    return [
        member
        for member in carrier.articles
        if before is not None and before.approved_at and member.article.published_at > before.approved_at
    ]


def _summary(settings: Settings, issue: Issue, carrier: Issue, before: Referral | None) -> str:
    # An authority's own account of what it has done complains of nothing.
    telling = [member for member in carrier.articles if member.role != "answer"] or carrier.articles
    outlets = len({member.article.outlet_name for member in telling})
    days = sorted({local(member.article.published_at).date() for member in telling})
    when = (
        f"Ngày {vn_date(days[0])}"
        if len(days) == 1
        else f"Từ ngày {vn_date(days[0])} đến ngày {vn_date(days[-1])}"
    )
    return (
        f"{when}, có {vn_number(len(telling))} tin, bài của {vn_number(outlets)} cơ quan báo chí, "
        f"cổng thông tin nêu vấn đề: {issue.title}. "
        f"Lĩnh vực: {topic_name(settings, issue.topic)}. Mức độ: {URGENCY_IN_WORDS[issue.urgency]}."
        f"{_again(settings, before)}"
    )


def _again(settings: Settings, before: Referral | None) -> str:
    if before is None or before.approved_at is None:
        return ""
    number = number_and_symbol(settings.office, "letter", before.number)
    day = vn_date(local(before.approved_at))
    return (
        f" Vấn đề đã được chuyển {before.agency_name} tại Phiếu chuyển số {number} ngày {day}; "
        "sau khi kết thúc, vấn đề được mở lại."
    )


def _programme_in_words(terms: Terms) -> str:
    if terms.programme is None or not terms.programme.basis:
        return terms.basis
    return f"{terms.basis}, căn cứ {'; '.join(terms.programme.basis)}"


def _contents(programme: Programme | None) -> tuple[str, ...]:
    if programme is None:
        return ()
    return tuple(
        f"Nội dung {content.number}: {content.text}"
        for content in programme.contents
        if content.covers_referrals
    )


def _limit(terms: Terms, urgency: int, calendar: WorkingCalendar, *, extended: bool) -> Limit:
    if terms.deadline_at is not None and terms.at is not None:
        first, last = local(terms.at).date(), local(terms.deadline_at).date()
        if extended:
            return Limit("đã gia hạn", local(terms.deadline_at), terms.basis)
        days = calendar.working_days_between(first, last)
        return Limit(f"{days} ngày làm việc", local(terms.deadline_at), terms.basis)
    days_set = terms.programme.deadlines.get(urgency) if terms.programme else None
    if days_set is None:
        return Limit("không ấn định", None, terms.basis)
    return Limit(f"{days_set} ngày làm việc kể từ ngày duyệt phiếu", None, terms.basis)


def _moment(written: object) -> datetime | None:
    return local(datetime.fromisoformat(str(written))) if written else None


def office_contact(office: Office) -> str:
    parts = [office.contact_unit, office.name]
    parts += [f"điện thoại {office.telephone}"] if office.telephone else []
    return ", ".join([*parts, f"thư điện tử {office.email}"])


def _copies(referral: Referral) -> tuple[str, ...]:
    """To whom else the problem is brought in the letter's round; another round's letters are done with."""
    others = [
        f"- {other.agency_name} ({'chủ trì' if other.role == 'lead' else 'phối hợp'});"
        for other in referral.issue.referrals
        if other is not referral and other.round == referral.round and other.state not in GONE
    ]
    return ("- Như trên;", *others)
