"""Replies that came, or were written down, when their issue was closed already."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from store.models import Referral, Reply
from store.queries.issues import Turn, turns

CAME = "Trả lời đến sau khi vấn đề đã kết thúc; vấn đề giữ nguyên tình trạng."
RECORDED = "Trả lời được ghi sau khi vấn đề đã kết thúc; vấn đề giữ nguyên tình trạng."


def late_replies(session: Session, referrals: Iterable[Referral]) -> dict[int, str]:
    """Of one issue's letters: a note for each such reply, by its number."""
    replies = [(letter.issue_id, reply) for letter in referrals for reply in letter.replies]
    if not replies:
        return {}
    history = turns(session, replies[0][0])
    noted = ((reply.id, _note(reply, history)) for _, reply in replies)
    return {number: note for number, note in noted if note}


def _note(reply: Reply, history: Sequence[Turn]) -> str:
    if not _closed(history, reply.recorded_at):
        return ""
    return CAME if _closed(history, reply.received_at) else RECORDED


def _closed(history: Sequence[Turn], at: datetime) -> bool:
    before = [turn.closed for turn in history if turn.at <= at]
    return bool(before) and before[-1]
