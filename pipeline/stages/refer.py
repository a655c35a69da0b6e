"""issues → referrals → letters: drafts what is confirmed, writes the letter of what is approved."""

from sqlalchemy.orm import Session

from pipeline.answering.links import Links
from pipeline.approving import approve_referral
from pipeline.calendar import WorkingCalendar
from pipeline.channels.document import Document
from pipeline.clock import Clock, local
from pipeline.documents.issuing import number_and_symbol
from pipeline.documents.letter import Letter, letter_docx, letter_html, letter_of, letter_text
from pipeline.documents.mail import DOCX, Attachment
from pipeline.documents.templating import TemplateMistake, template_of
from pipeline.drafting import draft_missing_co, draft_referrals, set_routing_problem
from pipeline.outbox import queue
from pipeline.routing import Recipient, no_contact, recipient
from pipeline.secret import MissingSecret
from pipeline.settings import Office, Settings
from pipeline.stages.summary import Progress, Summary
from pipeline.states import change
from pipeline.undoing import undoable_since
from store import Store
from store.files import write_whole
from store.models import Issue, Referral
from store.queries.issues import (
    approved_without_letter,
    detected_ids,
    locked,
    unrouted_ids,
    without_co_ids,
)
from store.queries.undone import approved_since

ACTOR = "stage:refer"


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("refer")
    _confirm_automatically(store, settings, clock, summary)
    _draft(store, settings, clock, summary)
    _write_letters(store, settings, clock, summary, progress)
    return summary


def _confirm_automatically(store: Store, settings: Settings, clock: Clock, summary: Summary) -> None:
    """Where the configuration says so, and never for a restricted item."""
    if not settings.review.auto:
        return
    with store.read() as session:
        issue_ids = detected_ids(session)
    for issue_id in issue_ids:
        with store.begin() as session:
            issue = locked(session, issue_id)
            if issue.state != "detected" or not is_automatic(settings, issue):
                continue
            now = clock()
            change(session, issue, "confirmed", at=now, actor=ACTOR, why="review.auto in config.yaml")
            for referral in draft_referrals(session, settings, issue, at=now, actor=ACTOR):
                approve_referral(session, settings, referral, at=now, actor=ACTOR)
                summary.count("approved_automatically")
            summary.count("confirmed_automatically")


def is_automatic(settings: Settings, issue: Issue) -> bool:
    if issue.restricted or issue.kind != "concern":
        return False
    return any(
        auto.topic in ("*", issue.topic) and issue.urgency >= auto.min_urgency
        for auto in settings.review.auto
    )


def _draft(store: Store, settings: Settings, clock: Clock, summary: Summary) -> None:
    """Issues whose routing failed before are tried again: the configuration may have been mended."""
    with store.read() as session:
        issue_ids = unrouted_ids(session)
        incomplete = without_co_ids(session)
    for issue_id in issue_ids:
        with store.begin() as session:
            issue = locked(session, issue_id)
            if issue.state not in ("confirmed", "reopened"):
                continue
            drafts = draft_referrals(session, settings, issue, at=clock(), actor=ACTOR)
            summary.count("drafted", len(drafts))
            if not drafts:
                summary.count("without_route")
    for issue_id in incomplete:
        with store.begin() as session:
            issue = locked(session, issue_id)
            if issue.state in ("confirmed", "reopened", "referred"):
                drafts = draft_missing_co(session, settings, issue, at=clock(), actor=ACTOR)
                summary.count("drafted", len(drafts))


def _write_letters(
    store: Store, settings: Settings, clock: Clock, summary: Summary, progress: Progress
) -> None:
    with store.read() as session:
        may_be_undone = approved_since(session, undoable_since(settings, clock()))
        waiting = [referral.id for referral in approved_without_letter(session)]
    referral_ids = [one for one in waiting if one not in may_be_undone]
    if not referral_ids:
        return
    try:
        links = Links(settings.agency_page) if settings.agency_page else None
    except MissingSecret as error:
        # A letter once sent cannot be given its link: all wait, and every run says why.
        remedy = "set it for cron, `dansinh schedule` and `dansinh desk`, or take out agency_page"
        summary.fail(f"{len(referral_ids)} approved letters", str(error), remedy)
        return
    for referral_id in referral_ids:
        try:
            with store.begin() as session:
                referral = _still_waiting(session, settings, referral_id, clock)
                if referral is not None:
                    _write_letter(store, session, settings, referral, links, clock, summary)
        except TemplateMistake as error:
            summary.fail(
                f"letter of referral {referral_id}", str(error), "see `dansinh check`; mend it there"
            )
        except OSError as error:
            summary.fail(f"letter of referral {referral_id}", str(error), f"free space in {store.data_dir}")
        progress(f"letters written: {summary.counts.get('letters', 0)}")


def _still_waiting(session: Session, settings: Settings, referral_id: int, clock: Clock) -> Referral | None:
    """Asked again behind the issue's lock: it may have been withdrawn or undone since the list was made."""
    referral = session.get_one(Referral, referral_id)
    locked(session, referral.issue_id)
    session.refresh(referral)
    if referral_id in approved_since(session, undoable_since(settings, clock())):
        return None
    return next(iter(approved_without_letter(session, referral_id)), None)


def _write_letter(
    store: Store,
    session: Session,
    settings: Settings,
    referral: Referral,
    links: Links | None,
    clock: Clock,
    summary: Summary,
) -> None:
    # The address of today: the letter goes out now, whenever it was approved.
    today = local(clock()).date()
    agency = recipient(settings, referral.agency_key, today, referral.issue.commune_code)
    reason = f"Chưa gửi được phiếu: {no_contact(referral.agency_name).reason}"
    if agency is None or agency.address is None:
        beside = _with(referral.issue.routing_problem, reason)
        set_routing_problem(session, referral.issue, beside, at=clock(), actor=ACTOR)
        summary.fail(referral.agency_name, "has no address", f"give agency {referral.agency_key!r} an email")
        return
    problem = _without(referral.issue.routing_problem, reason)
    set_routing_problem(session, referral.issue, problem, at=clock(), actor=ACTOR)
    letter = letter_of(session, settings, referral, WorkingCalendar(settings.calendar), links)
    docx = letter_docx(letter, template_of(settings, "letter"))
    path = letter_path(referral)
    write_whole(store.data_dir / path, docx)
    referral.letter_path = path
    number = number_and_symbol(settings.office, "letter", referral.number)
    queue(
        session,
        settings,
        # The number tells a letter written again, to an address mended since, from the first.
        key=f"referral {referral.id}/{len(referral.deliveries) + 1}",
        kind="referral",
        channel=agency.delivery.channel,
        recipient=agency.address,
        subject=f"Phiếu chuyển số {number}: {letter.title}",
        text=letter_text(letter),
        html=letter_html(letter),
        attachments=[Attachment(path.rpartition("/")[2], DOCX, docx)],
        at=clock(),
        actor=ACTOR,
        referral_id=referral.id,
        document=_document(settings.office, referral, agency, letter),
    )
    summary.count("letters")


def _with(problem: str | None, reason: str) -> str:
    """What else hinders the issue, a refusal above all, goes on standing beside it."""
    return f"{_without(problem, reason) or ''} {reason}".strip()


def _without(problem: str | None, reason: str) -> str | None:
    if problem is None or reason not in problem:
        return problem
    return " ".join(problem.replace(reason, "").split()) or None


def _document(office: Office, referral: Referral, agency: Recipient, letter: Letter) -> Document:
    assert referral.number is not None  # noqa: S101 - it has been approved
    return Document(
        number=referral.number,
        symbol=office.symbol,
        day=letter.head.day,
        subject=letter.title,
        place=office.place,
        signer_post=office.signer_post,
        agency_key=agency.key,
        agency_name=agency.name,
        agency_organ_id=agency.delivery.organ_id,
        due=referral.deadline_at,
    )


def letter_path(referral: Referral) -> str:
    """Relative to data_dir."""
    year = referral.number_year
    return f"letters/{year}/phieu-chuyen-{year}-{referral.number:04d}.docx"
