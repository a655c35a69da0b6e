"""On what terms a letter goes: the programme in force on the day, its basis and its deadline."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.clock import local
from pipeline.clocks import programme_deadline
from pipeline.routing import programme_on
from pipeline.settings import Programme, Settings
from pipeline.states import NotAllowed
from store.models import Referral


@dataclass(frozen=True)
class Terms:
    """What holds for a letter from its approval on; before it, `at` and `deadline_at` are None."""

    at: datetime | None
    programme: Programme | None
    """None: config.yaml has it no more"""
    basis: str
    deadline_at: datetime | None


def terms_if_approved(settings: Settings, referral: Referral, at: datetime) -> Terms:
    """By the programme it was drafted under while that is in force, else by the one that is.

    Raises NotAllowed where none is in force.
    """
    today = local(at).date()
    running = (one for one in settings.programmes if one.holds_on(today))
    drafted_under = next((one for one in running if one.key == referral.programme_key), None)
    programme = drafted_under or programme_on(settings, today)
    if programme is None:
        raise NotAllowed(f"Không có chương trình phối hợp nào có hiệu lực ngày {today:%d/%m/%Y}.")
    deadline = programme_deadline(settings, programme, referral.issue.urgency, at)
    return Terms(at, programme, basis_of(programme), deadline)


def terms_of(settings: Settings, referral: Referral) -> Terms:
    """As they stand on the referral."""
    programme = next((one for one in settings.programmes if one.key == referral.programme_key), None)
    return Terms(referral.approved_at, programme, referral.basis, referral.deadline_at)


def basis_of(programme: Programme) -> str:
    number = f" số {programme.number}" if programme.number else ""
    return f"{programme.kind.capitalize()}{number} “{programme.name}”"
