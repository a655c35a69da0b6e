"""Mails that machines write: out of office, vacation, receipts. They are no replies."""

import re
from email.message import Message

_SUBJECT = re.compile(
    r"^\s*(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|"
    r"trả lời tự động|thư trả lời tự động|tự động trả lời|vắng mặt|đã đọc:|read:)",
    re.IGNORECASE,
)
_REPLIES_OF_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-reply")


def is_automatic(message: Message, subject: str) -> bool:
    """A program of an agency that sends real answers may say "auto-generated"; an answering machine says
    "auto-replied" (RFC 3834, section 5) or gives itself away in the subject."""
    submitted = str(message.get("Auto-Submitted", "")).strip().lower()
    if submitted.startswith("auto-replied") or any(name in message for name in _REPLIES_OF_MACHINES):
        return True
    if str(message.get("Precedence", "")).strip().lower() == "auto_reply":
        return True
    report = str(message.get_param("report-type", "") or "").lower()
    if message.get_content_type() == "multipart/report" and report == "disposition-notification":
        return True
    return _SUBJECT.match(subject) is not None
