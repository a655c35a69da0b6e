"""The one table of allowed changes of state; whoever changes a state does it through here."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from store.history import record
from store.models import Delivery, Issue, Referral

ISSUE: dict[str, tuple[str, ...]] = {
    "detected": ("confirmed", "dismissed", "merged"),
    "confirmed": ("referred", "closed", "dismissed", "merged"),
    "referred": ("closed", "merged"),
    "closed": ("reopened",),
    "reopened": ("referred", "closed", "merged"),
    "dismissed": ("confirmed",),
    "merged": (),
}
UNMERGED = "unmerged"
UNDONE = "undone"
"""A decision was taken back: to a state from which it led here."""
BEFORE_A_MERGE = ("detected", "confirmed", "referred", "reopened")
"""A merge is undone by parting the two again, and only so: what is merged has no article to decide on."""
ENDED = "ended"
"""What a letter that is out is withdrawn by: another to its agency takes its place, or its round is over."""
OUT = ("sent", "acknowledged", "returned")
REFERRAL: dict[str, tuple[str, ...]] = {
    "drafted": ("approved", "withdrawn"),
    "approved": ("sent", "withdrawn"),
    "sent": ("acknowledged", "answered", "refused"),
    "acknowledged": ("answered", "refused"),
    "answered": ("accepted", "returned"),
    "returned": ("answered", "refused"),
    "accepted": (),
    "refused": (),
    "withdrawn": (),
}
DELIVERY: dict[str, tuple[str, ...]] = {
    "queued": ("sending", "cancelled"),
    "sending": ("sent", "retry", "quarantined"),
    "retry": ("sending", "cancelled"),
    "quarantined": ("queued", "cancelled"),
    "sent": ("failed",),
    "failed": ("queued", "cancelled"),
    "cancelled": (),
}
ENTRY: dict[str, tuple[str, ...]] = {
    "open": ("done", "dropped"),
    "done": ("open",),
    "dropped": ("open",),
}
"""of a register; each register has its own words for them (pipeline.registers)"""
TABLES: dict[type, tuple[str, dict[str, tuple[str, ...]]]] = {
    Issue: ("issue", ISSUE),
    Referral: ("referral", REFERRAL),
    Delivery: ("delivery", DELIVERY),
}


class NotAllowed(Exception):
    """A change that the table does not have, or that came too late; its text is shown to officials."""


def allowed(thing: Issue | Referral | Delivery, state: str) -> bool:
    return state in TABLES[type(thing)][1][thing.state]


def change(
    session: Session,
    thing: Issue | Referral | Delivery,
    state: str,
    *,
    at: datetime,
    actor: str,
    why: str | None = None,
    action: str | None = None,
    **also: Any,
) -> None:
    """Moves `thing` to `state`, sets the columns in `also`, and writes the event.

    The event is named after the state, or `action` where it is no such step.

    Raises NotAllowed when the table does not have the change.
    """
    entity, table = TABLES[type(thing)]
    if state not in _next(thing.state, table, action):
        raise NotAllowed(f"Không thể chuyển từ “{IN_WORDS[thing.state]}” sang “{IN_WORDS[state]}”.")
    before = {"state": thing.state} | {name: _plain(getattr(thing, name)) for name in also}
    thing.state = state
    for name, value in also.items():
        setattr(thing, name, value)
    after = {"state": state} | {name: _plain(value) for name, value in also.items()}
    record(
        session,
        at=at,
        actor=actor,
        entity=entity,
        entity_id=thing.id,
        action=action or state,
        before=before,
        after=after,
        why=why,
    )


def _next(state: str, table: dict[str, tuple[str, ...]], action: str | None) -> tuple[str, ...]:
    if action == UNDONE:
        led_here = tuple(before for before in table if state in (*table[before], *_ended(before, table)))
        return (*led_here, "merged") if table is ISSUE and state in BEFORE_A_MERGE else led_here
    if state == "merged" and action == UNMERGED:
        return BEFORE_A_MERGE
    if action == ENDED:
        return _ended(state, table)
    return table[state]


def _ended(state: str, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return ("withdrawn",) if table is REFERRAL and state in OUT else ()


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | None) else str(value)


IN_WORDS = {
    "detected": "mới phát hiện",
    "confirmed": "đã xác nhận",
    "dismissed": "đã bỏ qua",
    "merged": "đã gộp",
    "referred": "đã chuyển",
    "closed": "đã kết thúc",
    "reopened": "mở lại",
    "drafted": "dự thảo",
    "approved": "đã duyệt",
    "sent": "đã gửi",
    "acknowledged": "đã tiếp nhận",
    "answered": "đã trả lời",
    "accepted": "đã chấp nhận trả lời",
    "returned": "đã trả lại",
    "refused": "từ chối",
    "withdrawn": "đã rút",
    "queued": "chờ gửi",
    "sending": "đang gửi",
    "retry": "chờ gửi lại",
    "quarantined": "dừng gửi, cần xử lý",
    "failed": "bị trả lại, cần xử lý",
    "cancelled": "đã hủy gửi",
}
