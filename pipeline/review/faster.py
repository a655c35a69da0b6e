"""Who was faster: a sentence for the second of two who decide at once, on what the first did."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.clock import local
from pipeline.formats import vn_date
from pipeline.states import IN_WORDS
from store.models import (
    Event,
    Issue,
    ProposedReply,
    ReceivedMail,
    Referral,
    RegisterEntry,
    Reply,
    TimeRequest,
    User,
)
from store.models.referrals import TAKEN_BACK
from store.queries.registers import ENTITY
from store.queries.reminders import EXTENDED
from store.queries.undone import stands

LOOK_AGAIN = "hãy xem lại trước khi quyết định."
DID = {
    ("issue", "confirmed"): "xác nhận",
    ("issue", "dismissed"): "bỏ qua",
    ("issue", "edited"): "sửa",
    ("issue", "closed"): "kết thúc",
    ("issue", "reopened"): "mở lại",
    ("issue", "routing"): "xác định lại nơi chuyển",
    ("issue", "joined"): "thêm tin, bài mới",
    ("issue", "gathered"): "cập nhật theo tin, bài mới",
    ("issue", "merged"): "gộp vào vấn đề số {merged_into_id}",
    ("issue", "unmerged"): "tách lại thành vấn đề riêng",
    ("issue", "absorbed"): "nhập thêm tin, bài của vấn đề số {issue}",
    ("issue", "moved"): "chuyển thêm tin, bài từ vấn đề số {issue}",
    ("issue", "split"): "tách ra từ vấn đề số {issue}",
    ("issue", "gave"): "chuyển bớt tin, bài sang vấn đề số {issue}",
    ("issue", "undone"): "hoàn tác việc trước đó",
    ("entry", "corrected"): "sửa",
    ("entry", "done"): "ghi kết quả",
    ("entry", "dropped"): "ghi thôi theo dõi",
    ("entry", "open"): "theo dõi lại",
    ("entry", "undone"): "hoàn tác việc trước đó",
    ("referral", "approved"): "duyệt",
    ("referral", "accepted"): "chấp nhận",
    ("referral", "returned"): "trả lại",
    ("referral", "proposal_set_aside"): "để riêng",
    ("referral", "time_declined"): "từ chối",
    ("referral", EXTENDED): "đồng ý",
    ("reply", "recorded"): "nhận là trả lời",
    ("reply", "supplemented"): "nhận là bổ sung cho trả lời",
    ("reply", "undone"): "bỏ vì ghi nhầm",
    ("mail", "seen"): "xem",
}
"""Behind "vừa được …" and "đã được …"."""

BROUGHT = {
    "routing": ("confirmed", "edited", "reopened", "merged", "unmerged", "undone"),
    "gave": ("merged",),
    "moved": ("unmerged",),
    "undone": ("undone",),
}
"""Events that a decision writes behind its own."""
AT_ONCE = timedelta(seconds=5)


def who_was_faster(session: Session, issue: Issue) -> str:
    return _just(session, "Vấn đề này", "issue", issue.id)


def who_changed(session: Session, entry: RegisterEntry) -> str:
    return _just(session, "Mục này", ENTITY, entry.id)


def who_approved(session: Session, referral: Referral) -> str:
    event = _last(session, "referral", referral.id, ["approved"])
    return f"Phiếu {_done(session, event)} trước đó; không duyệt lần nữa."


def who_judged(session: Session, reply: Reply) -> str:
    """Or who took back that it had been recorded."""
    if reply.judgement == TAKEN_BACK:
        undone = select(Event).where(
            Event.entity == "reply", Event.entity_id == reply.id, Event.action == "undone"
        )
        event = session.scalars(undone.order_by(Event.id.desc()).limit(1)).first()
    else:
        # The first since it came: of a referral one reply at a time waits to be judged.
        judged = _standing(session, "referral", reply.referral_id, reply.judgement)
        event = next((one for one in judged if one.at >= reply.recorded_at), None)
    return f"Trả lời này {_done(session, event)}."


def who_saw(session: Session, thing: ProposedReply | ReceivedMail) -> str:
    if isinstance(thing, ReceivedMail):
        event = _last(session, "mail", thing.id, ["seen"])
    elif thing.reply_id is not None:
        supplemented = _standing(session, "reply", thing.reply_id, "supplemented")
        event = _naming(supplemented, thing) or _last(session, "reply", thing.reply_id, ["recorded"])
    else:
        event = _naming(_standing(session, "referral", thing.referral_id, "proposal_set_aside"), thing)
    return f"Thư này {_done(session, event)}."


def who_decided(session: Session, asked: TimeRequest) -> str:
    action = EXTENDED if asked.decision == "granted" else "time_declined"
    event = _naming(_standing(session, "referral", asked.referral_id, action), asked)
    said = f"Đề nghị này {_done(session, event)}"
    if event is not None and event.action == EXTENDED:
        until = local(datetime.fromisoformat(event.after["deadline_at"]))
        return f"{said}: gia hạn đến hết ngày {vn_date(until)}."
    return f"{said}, lý do: {event.why}" if event is not None else f"{said}."


def post(session: Session, actor: str) -> str:
    """The post of an account; an account that is gone is named as the history names it."""
    kind, _, name = actor.partition(":")
    if kind == "stage":
        return "hệ thống"
    found = session.scalar(select(User.post).where(User.name == name))
    return found or actor


def _just(session: Session, what: str, entity: str, number: int) -> str:
    event = _last(session, entity, number)
    if event is None:
        return f"{what} vừa được cập nhật; {LOOK_AGAIN}"
    return f"{what} vừa được {_deed(session, event)}; {LOOK_AGAIN}"


def _done(session: Session, event: Event | None) -> str:
    return f"đã được {_deed(session, event)}" if event is not None else "đã có người quyết định"


def _deed(session: Session, event: Event) -> str:
    did = DID.get((event.entity, event.action), "cập nhật").format_map(_Told(event.before | event.after))
    if event.action == "undone" and event.after.get("state") in IN_WORDS:
        did = f"{did} (nay: {IN_WORDS[event.after['state']]})"
    return f"{post(session, event.actor)} {did} lúc {local(event.at):%H:%M %d/%m/%Y}"


class _Told(dict[str, Any]):
    """Of an event; an old one may not tell all."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told)

    def __missing__(self, key: str) -> str:
        return "khác"


def _standing(session: Session, entity: str, number: int, action: str | None) -> Sequence[Event]:
    """In the order in which they were written."""
    query = select(Event).where(
        Event.entity == entity, Event.entity_id == number, Event.action == action, stands()
    )
    return session.scalars(query.order_by(Event.id)).all()


def _naming(events: Sequence[Event], thing: ProposedReply | TimeRequest) -> Event | None:
    """Other messages and requests of one referral are not this one."""
    return next((one for one in events if one.after.get(thing.__tablename__) == thing.id), None)


def _last(session: Session, entity: str, number: int, actions: Collection[str] = ()) -> Event | None:
    """The last decision's own event, not what it brought with it."""
    query = select(Event).where(Event.entity == entity, Event.entity_id == number)
    if actions:
        query = query.where(Event.action.in_(actions), stands())
    last, *earlier = [*session.scalars(query.order_by(Event.id.desc()).limit(3)), None]
    for before in earlier:
        if last is None or before is None or not _follows(last, before):
            break
        last = before
    return last


def _follows(event: Event, before: Event) -> bool:
    beside = BROUGHT.get(event.action, ())
    at_once = event.actor == before.actor and event.at - before.at < AT_ONCE
    return at_once and before.action in beside
