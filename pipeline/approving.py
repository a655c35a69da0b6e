"""What approval gives a letter: its number, its terms, and its words as they are from then on."""

from datetime import datetime

from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.documents.issuing import numbering_year
from pipeline.documents.letter import as_stored, letter_of
from pipeline.settings import Settings
from pipeline.states import NotAllowed, change
from pipeline.terms import terms_if_approved
from store.models import Referral
from store.queries.numbers import next_number


def approve_referral(
    session: Session,
    settings: Settings,
    referral: Referral,
    *,
    at: datetime,
    actor: str,
    why: str | None = None,
) -> None:
    """Gives the letter its number, starts the programme's clock and keeps what the letter says.

    What changes of its issue after this changes nothing in the letter: it goes out as it was approved.
    Raises NotAllowed when the referral is no draft any more, no programme is in force, or its number is one
    of another year.
    """
    terms = terms_if_approved(settings, referral, at)
    assert terms.programme is not None  # noqa: S101 - terms_if_approved
    number, year = _number(session, settings, referral, at)
    change(
        session,
        referral,
        "approved",
        at=at,
        actor=actor,
        why=why,
        number=number,
        number_year=year,
        approved_at=at,
        programme_key=terms.programme.key,
        basis=terms.basis,
        deadline_at=terms.deadline_at,
    )
    referral.title, referral.urgency, referral.letter = referral.issue.title, referral.issue.urgency, None
    referral.letter = as_stored(letter_of(session, settings, referral, WorkingCalendar(settings.calendar)))


def _number(session: Session, settings: Settings, referral: Referral, at: datetime) -> tuple[int, int]:
    """With the year whose numbers run. One whose approval was undone has its number already."""
    year = numbering_year(settings.office, local(at).date())
    if referral.number is None or referral.number_year is None:
        return next_number(session, year), year
    if referral.number_year != year:
        # Another number would leave a gap in the year of the first.
        raise NotAllowed(
            f"Phiếu đã mang số {referral.number} của năm {referral.number_year}. "
            "Hãy rút phiếu này rồi chọn lại cơ quan để có phiếu mới."
        )
    return referral.number, year
