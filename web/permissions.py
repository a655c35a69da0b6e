"""The one table of who may do what at the desk."""

from enum import StrEnum

READER, ANALYST, LEAD, OPERATOR, AGENCY = ROLES = ("reader", "analyst", "lead", "operator", "agency")
OFFICE = frozenset({READER, ANALYST, LEAD, OPERATOR})
"""whoever sits in the office; an agency's unit sees its own referrals and nothing else"""


class Action(StrEnum):
    """Named as in pipeline.review, where there is a call of that name."""

    VIEW = "view"
    SEARCH = "search"
    TAKE_AWAY = "take_away"
    VIEW_BOARD = "view_board"
    VIEW_AREA = "view_area"
    VIEW_REPORTS = "view_reports"
    VIEW_PROGRAMME = "view_programme"
    VIEW_SOURCES = "view_sources"
    VIEW_AUDIT = "view_audit"
    MANAGE_USERS = "manage_users"
    OWN_ACCOUNT = "own_account"
    OWN_REFERRALS = "own_referrals"
    ANSWER_REFERRAL = "answer_referral"
    UNDO = "undo"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    SET_TOPIC = "set_topic"
    SET_TITLE = "set_title"
    SET_URGENCY = "set_urgency"
    SET_PLACE = "set_place"
    SET_AGENCY = "set_agency"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    MOVE = "move"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    ACKNOWLEDGE = "acknowledge"
    RECORD_REPLY = "record_reply"
    ACCEPT_REPLY = "accept_reply"
    RETURN_REPLY = "return_reply"
    REFUSE = "refuse"
    CLOSE = "close"
    REOPEN = "reopen"
    SEND_AGAIN = "send_again"
    RECORD_TRIGGER = "record_trigger"
    TAKE_REPLY = "take_reply"
    SET_REPLY_ASIDE = "set_reply_aside"
    EXTEND = "extend"
    GRANT_TIME = "grant_time"
    DECLINE_TIME = "decline_time"
    REPLACE_LINK = "replace_link"
    OPEN_ATTACHMENT = "open_attachment"
    MAIL_SEEN = "mail_seen"
    ENTER = "enter"
    CORRECT_ENTRY = "correct_entry"
    SETTLE_ENTRY = "settle_entry"
    DROP_ENTRY = "drop_entry"
    RESUME_ENTRY = "resume_entry"


_WORKERS = frozenset({ANALYST, LEAD})

MAY: dict[Action, frozenset[str]] = {
    Action.VIEW: OFFICE,
    Action.SEARCH: OFFICE,
    # Lists that leave the desk as files.
    Action.TAKE_AWAY: _WORKERS,
    Action.VIEW_BOARD: OFFICE,
    Action.VIEW_AREA: OFFICE,
    Action.VIEW_REPORTS: OFFICE,
    Action.VIEW_PROGRAMME: OFFICE,
    Action.VIEW_SOURCES: OFFICE - {READER},
    Action.VIEW_AUDIT: frozenset({LEAD, OPERATOR}),
    Action.MANAGE_USERS: frozenset({OPERATOR}),
    # One's own password, second factor and sessions; signing out.
    Action.OWN_ACCOUNT: frozenset(ROLES),
    Action.OWN_REFERRALS: frozenset({AGENCY}),
    Action.ANSWER_REFERRAL: frozenset({AGENCY}),
    Action.UNDO: _WORKERS,
    Action.CONFIRM: _WORKERS,
    Action.DISMISS: _WORKERS,
    Action.SET_TOPIC: _WORKERS,
    Action.SET_TITLE: _WORKERS,
    Action.SET_URGENCY: _WORKERS,
    Action.SET_PLACE: _WORKERS,
    Action.SET_AGENCY: _WORKERS,
    Action.MERGE: _WORKERS,
    Action.UNMERGE: _WORKERS,
    Action.SPLIT: _WORKERS,
    Action.MOVE: _WORKERS,
    # What leaves the office, and the end of a matter, are the lead's.
    Action.APPROVE: frozenset({LEAD}),
    Action.WITHDRAW: _WORKERS,
    Action.ACKNOWLEDGE: _WORKERS,
    Action.RECORD_REPLY: _WORKERS,
    Action.ACCEPT_REPLY: _WORKERS,
    Action.RETURN_REPLY: _WORKERS,
    Action.REFUSE: _WORKERS,
    Action.RECORD_TRIGGER: _WORKERS,
    Action.TAKE_REPLY: _WORKERS,
    Action.MAIL_SEEN: _WORKERS,
    Action.SET_REPLY_ASIDE: _WORKERS,
    # More time is the committee's to give.
    Action.EXTEND: frozenset({LEAD}),
    Action.GRANT_TIME: frozenset({LEAD}),
    Action.DECLINE_TIME: frozenset({LEAD}),
    Action.REPLACE_LINK: _WORKERS,
    # Files come as they are: what is personal in them is masked by nobody.
    Action.OPEN_ATTACHMENT: _WORKERS,
    Action.CLOSE: frozenset({LEAD}),
    Action.REOPEN: _WORKERS,
    # The message is already approved; sending it again is a matter of machines.
    Action.SEND_AGAIN: frozenset({LEAD, OPERATOR}),
    Action.ENTER: _WORKERS,
    Action.CORRECT_ENTRY: _WORKERS,
    Action.SETTLE_ENTRY: _WORKERS,
    Action.DROP_ENTRY: _WORKERS,
    Action.RESUME_ENTRY: _WORKERS,
}


def may(role: str, action: Action) -> bool:
    return role in MAY[action]
