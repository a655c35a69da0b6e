"""Which referral a mail answers: by the Message-ID it names, else by the number it names.

The sender alone decides nothing: mails can be written in anybody's name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.clock import local
from pipeline.clocks import UNANSWERED
from pipeline.documents.issuing import number_and_symbol
from pipeline.formats import vn_date
from pipeline.inbox.incoming import Incoming
from pipeline.settings import Office
from store.models import Delivery, Referral

_NOT_TOLD_APART = str.maketrans("–—", "--")


@dataclass(frozen=True)
class Match:
    referral: Referral
    why: str
    """as a sentence for the analyst"""


def delivery_named(session: Session, message_ids: Sequence[str]) -> Delivery | None:
    """The delivery of the first of these Message-IDs that is ours."""
    found = {
        one.message_id: one
        for one in session.scalars(select(Delivery).where(Delivery.message_id.in_(message_ids)))
    }
    return next((found[one] for one in message_ids if one in found), None)


def match(session: Session, office: Office, mail: Incoming, received_at: datetime) -> Match | None:
    answered = delivery_named(session, mail.answers)
    if answered is not None and answered.referral is not None:
        letter = _letter(office, answered.referral)
        return Match(
            answered.referral, f"Thư trả lời thẳng thư gửi {letter}{_from(answered.referral, mail)}."
        )
    for where, text in (("tiêu đề", mail.subject), ("nội dung", mail.text), ("phần trích dẫn", mail.quoted)):
        named = _named_in(session, office, text, received_at)
        if len(named) == 1:
            return Match(
                named[0],
                f"Thư nêu {_letter(office, named[0])} ở {where}{_from(named[0], mail)}.",
            )
        if named:
            return None
    return _only_one_waiting(session, office, mail)


def agency_named(session: Session, mail: Incoming) -> str | None:
    """The agency from whose address the mail says to come, if it has been written to."""
    query = (
        select(Referral.agency_name)
        .join(Delivery, Delivery.referral_id == Referral.id)
        .where(func.lower(Delivery.recipient) == mail.sender)
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return session.scalar(query) if mail.sender else None


def numbers_in(text: str, symbol: str) -> set[int]:
    """Numbers of our letters in the text: "Số: 12/PC-BTGDV", "so 12 / pc–btgdv", the Party's 05-PC/BTGDVTU.

    Which mark stands where, few who copy a number by hand heed.
    """
    parts = r"\s*[-/]\s*".join(re.escape(part) for part in re.split("[-/]", symbol))
    pattern = rf"(?<![\d/-])0*(\d{{1,6}})\s*[-/]\s*{parts}(?!\w)"
    return {
        int(number)
        for number in re.findall(pattern, text.translate(_NOT_TOLD_APART), re.IGNORECASE)
        if number != "0"
    }


def _named_in(session: Session, office: Office, text: str, received_at: datetime) -> list[Referral]:
    """The last letter of each number named that was sent before: numbers begin anew with the year."""
    query = (
        select(Referral)
        .where(Referral.number.in_(numbers_in(text, office.symbol)), Referral.sent_at <= received_at)
        .order_by(Referral.sent_at)
    )
    latest = {referral.number: referral for referral in session.scalars(query)}
    return list(latest.values())


def _only_one_waiting(session: Session, office: Office, mail: Incoming) -> Match | None:
    if not mail.sender:
        return None
    query = (
        select(Referral)
        .where(
            Referral.state.in_(UNANSWERED),
            Referral.deliveries.any(func.lower(Delivery.recipient) == mail.sender),
        )
        .limit(2)
    )
    waiting = session.scalars(query).all()
    if len(waiting) != 1:
        return None
    why = f"Thư không nêu số phiếu; địa chỉ này chỉ còn {_letter(office, waiting[0])} chờ trả lời."
    return Match(waiting[0], why)


def _letter(office: Office, referral: Referral) -> str:
    day = referral.approved_at and local(referral.approved_at).date()
    number = number_and_symbol(office, "letter", referral.number)
    return f"phiếu số {number}" + (f" ngày {vn_date(day)}" if day else "")


def _from(referral: Referral, mail: Incoming) -> str:
    written_to = {delivery.recipient.lower() for delivery in referral.deliveries}
    if mail.sender in written_to:
        return ", từ địa chỉ đã nhận phiếu"
    return ", nhưng từ một địa chỉ khác với địa chỉ đã nhận phiếu"
