"""Approval: what a letter will say is looked at first, by another person than who prepared it, and decided
letter by letter even where many are ticked at once."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from pipeline.approving import approve_referral
from pipeline.calendar import WorkingCalendar
from pipeline.clock import local
from pipeline.documents.issuing import number_and_symbol
from pipeline.documents.letter import Letter, letter_of
from pipeline.review.decision import NOT_FOUND, Conflict, Decisions
from pipeline.review.faster import post, who_approved, who_was_faster
from pipeline.routing import Recipient, recipient
from pipeline.settings import Settings
from pipeline.states import IN_WORDS, NotAllowed
from pipeline.terms import terms_if_approved
from store.models import Referral
from store.queries.referrals import for_letters, preparing

APPROVABLE = ("confirmed", "referred", "reopened")
"""states of an issue whose letters may go out"""
CHANGED = "Phiếu đã thay đổi từ lúc xem; hãy xem lại rồi duyệt."
NOT_WRITTEN = "Hệ thống chưa ghi được; hãy thử duyệt lại phiếu này."
TWO_PERSONS = (
    "Phiếu này do chính đồng chí chuẩn bị (xác nhận vấn đề, chọn cơ quan hoặc sửa vấn đề). "
    "Theo quy tắc hai người, người khác phải duyệt: hãy đề nghị một lãnh đạo khác duyệt, "
    "hoặc hoàn tác việc vừa sửa."
)
NOBODY = "stage"


@dataclass(frozen=True)
class Preview:
    """A draft as it would go out if it were approved now."""

    referral: Referral
    letter: Letter | None
    """None: it cannot be approved whoever asks"""
    recipient: Recipient | None
    """where it goes; None: config.yaml knows no such agency"""
    seen: str
    """stands for all that the letter says; given back with the approval"""
    hindrance: str | None
    """why this account cannot approve it, as a sentence"""


@dataclass(frozen=True)
class Decided:
    """What came of one of several that were approved at once."""

    referral_id: int
    title: str
    agency_name: str
    number: str | None
    """None: it was not approved"""
    problem: str | None


class ApprovalDecisions(Decisions):
    def approve(
        self, referral_id: int, actor: str, *, seen: str | None = None, seen_version: int | None = None
    ) -> None:
        """`seen`: of the preview; a letter that would say something else by now is not approved.

        `seen_version`: of the issue, where the letter itself was not looked at.
        """
        with self._referral(referral_id, "approve") as (session, referral):
            now = self._clock()
            if referral.state == "approved":
                raise Conflict(who_approved(session, referral))
            _check(referral)
            if seen_version is not None and referral.issue.version != seen_version:
                raise Conflict(who_was_faster(session, referral.issue))
            preparers = preparing(session, [referral])[referral.id]
            if self._settings.review.two_person and _took_part(actor, preparers):
                raise NotAllowed(TWO_PERSONS)
            if seen is not None and self._preview(session, referral, now, None).seen != seen:
                raise Conflict(CHANGED)
            why = f"Chuẩn bị: {_in_words(session, preparers)}. Duyệt: {_in_words(session, [actor])}."
            approve_referral(session, self._settings, referral, at=now, actor=actor, why=why)

    def approve_all(self, ticked: Mapping[int, str], actor: str) -> list[Decided]:
        """`ticked`: each referral with what was seen of it. Each is a transaction of its own."""
        return [self._decide(referral_id, seen, actor) for referral_id, seen in ticked.items()]

    def previews(self, session: Session, referral_ids: Collection[int], actor: str) -> list[Preview]:
        """In the order asked for; ids that are no referral's are left out."""
        now = self._clock()
        found = for_letters(session, referral_ids)
        own = self.prepared_by(session, found.values(), actor)
        return [
            self._preview(session, found[one], now, TWO_PERSONS if one in own else None)
            for one in dict.fromkeys(referral_ids)
            if one in found
        ]

    def prepared_by(self, session: Session, referrals: Collection[Referral], actor: str) -> set[int]:
        """Ids of those which the rule of two persons leaves to another account to approve."""
        if not (referrals and self._settings.review.two_person):
            return set()
        prepared = preparing(session, referrals)
        return {one.id for one in referrals if _took_part(actor, prepared[one.id])}

    def draft_letter(self, session: Session, referral: Referral) -> Letter:
        """What a draft will say if it is approved now; where it cannot be, without a day for the answer."""
        try:
            return _letter_if_approved(session, self._settings, referral, self._clock())
        except NotAllowed:
            return letter_of(session, self._settings, referral, WorkingCalendar(self._settings.calendar))

    def _decide(self, referral_id: int, seen: str, actor: str) -> Decided:
        problem = None
        try:
            self.approve(referral_id, actor, seen=seen)
        except NotAllowed as refusal:
            problem = str(refusal)
        except SQLAlchemyError:
            # One that the database did not take must not hold up those behind it.
            problem = NOT_WRITTEN
        with self._store.read() as session:
            referral = session.get(Referral, referral_id)
            if referral is None:
                return Decided(referral_id, "", "", None, NOT_FOUND)
            number = number_and_symbol(self._settings.office, "letter", referral.number)
            title, agency = referral.issue.title, referral.agency_name
        return Decided(referral_id, title, agency, None if problem else number, problem)

    def _preview(self, session: Session, referral: Referral, now: datetime, own: str | None) -> Preview:
        today = local(now).date()
        agency = recipient(self._settings, referral.agency_key, today, referral.issue.commune_code)
        try:
            _check(referral)
            letter = _letter_if_approved(session, self._settings, referral, now)
        except NotAllowed as refusal:
            return Preview(referral, None, agency, "", str(refusal))
        return Preview(referral, letter, agency, _fingerprint(letter, agency), own)


def _letter_if_approved(session: Session, settings: Settings, referral: Referral, now: datetime) -> Letter:
    terms = terms_if_approved(settings, referral, now)
    return letter_of(session, settings, referral, WorkingCalendar(settings.calendar), terms=terms)


def _check(referral: Referral) -> None:
    if referral.state == "approved":
        raise NotAllowed("Phiếu đã được duyệt trước đó; không duyệt lần nữa.")
    if referral.state != "drafted":
        raise NotAllowed(f"Phiếu không còn là dự thảo: {IN_WORDS[referral.state]}.")
    if referral.issue.state not in APPROVABLE:
        raise NotAllowed(f"Vấn đề của phiếu này {IN_WORDS[referral.issue.state]}; không gửi phiếu.")


def _took_part(actor: str, preparers: Collection[str]) -> bool:
    """An account keeps its name when its role changes; a stage is nobody."""
    name = actor.partition(":")[2]
    people = [one.partition(":") for one in preparers]
    return any(kind != NOBODY and name == own for kind, _, own in people)


def _in_words(session: Session, actors: Collection[str]) -> str:
    """Their posts as they are called today; an account that is gone is named by its name."""
    people = [one for one in actors if one.partition(":")[0] != NOBODY]
    posts = (post(session, one).removeprefix(f"{one.partition(':')[0]}:") for one in people)
    return ", ".join(dict.fromkeys(posts)) or "hệ thống"


def _fingerprint(letter: Letter, agency: Recipient | None) -> str:
    """The same as long as the agency would read the same, in the same place, on the same day."""
    lasting = replace(letter, made_at=datetime.min, answer_at=None)  # noqa: DTZ901 - no moment, only a blank
    where = agency and (agency.delivery.channel, agency.address)
    return hashlib.sha256(repr((lasting, where)).encode()).hexdigest()
