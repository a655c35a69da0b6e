"""Reports of mail systems on a mail that did not arrive (RFC 3464), and what older systems write instead."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from itertools import islice
from typing import Literal

from pipeline.inbox.identities import MESSAGE_ID, MOST, message_ids

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_MESSAGE_ID = re.compile(r"(?im)^[ \t]*(?:>[ \t]*)?message-id:[ \t]*(" + MESSAGE_ID + ")")
"""Blanks only within a line: over line breaks, a mail of a few thousand blank lines takes hours."""
_MACHINES = ("mailer-daemon", "postmaster")
LONGEST_REASON = 500


@dataclass(frozen=True)
class Bounce:
    outcome: Literal["failed", "delayed", "other"]
    """other: delivered, relayed, expanded: nothing to do"""
    status: str | None
    """RFC 3463: 5.1.1"""
    reason: str
    """the other system's words; not yet masked"""
    message_ids: tuple[str, ...]
    """of mails that it speaks of"""
    envelope_id: str | None
    """what our server was told as ENVID: the Message-ID without its brackets"""


def bounce_of(message: Message, words: str) -> Bounce | None:
    """None: it is no report on a delivery."""
    report_type = str(message.get_param("report-type", "") or "").lower()
    parts = list(_parts(message))
    status = next((part for part in parts if part.get_content_type() == "message/delivery-status"), None)
    if status is not None and report_type in ("delivery-status", ""):
        return _of_report(status, parts, words)
    return _of_older_system(message, parts, words)


def _of_report(status: Message, parts: list[Message], words: str) -> Bounce:
    fields = [block for block in status.get_payload() if isinstance(block, Message)]
    actions = [str(block.get("Action", "")).strip().lower() for block in fields if "Action" in block]
    outcome: Literal["failed", "delayed", "other"] = "other"
    if "failed" in actions:
        outcome = "failed"
    elif "delayed" in actions:
        outcome = "delayed"
    codes = [str(block["Status"]).strip() for block in fields if "Status" in block]
    reasons = [str(block["Diagnostic-Code"]) for block in fields if "Diagnostic-Code" in block]
    envelope = [str(block["Original-Envelope-Id"]) for block in fields if "Original-Envelope-Id" in block]
    return Bounce(
        outcome=outcome,
        status=next((code for code in codes if _STATUS.fullmatch(code)), None),
        reason=_one_line(" ".join(reasons) or words),
        message_ids=tuple(islice(_named(parts, words), MOST)),
        envelope_id=_envelope_id(envelope[0]) if envelope else None,
    )


def _of_older_system(message: Message, parts: list[Message], words: str) -> Bounce | None:
    """qmail, old Exchange: a plain mail from a machine that quotes ours."""
    sender = parseaddr(str(message.get("From", "")))[1].partition("@")[0].lower()
    if sender not in _MACHINES and "X-Failed-Recipients" not in message:
        return None
    found = _STATUS.search(words)
    named = islice(_named(parts, words), MOST)
    answered = message_ids(f"{message.get('In-Reply-To', '')} {message.get('References', '')}")
    return Bounce(
        outcome="delayed" if found and found[0].startswith("4") else "failed",
        status=found[0] if found else None,
        reason=_one_line(words),
        message_ids=tuple(dict.fromkeys([*named, *answered])),
        envelope_id=None,
    )


def _named(parts: list[Message], words: str) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() == "message/rfc822":
            for inner in part.get_payload():
                if isinstance(inner, Message) and "Message-ID" in inner:
                    yield from message_ids(str(inner["Message-ID"]))
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield from _MESSAGE_ID.findall(_unfolded(content.decode("utf-8", errors="replace")))
    yield from _MESSAGE_ID.findall(_unfolded(words))


def _parts(message: Message) -> Iterator[Message]:
    """As `walk`, without what stands in the mails that it brings along."""
    yield message
    opens = message.is_multipart() and message.get_content_maintype() == "multipart"
    for part in message.get_payload() if opens else ():
        if isinstance(part, Message):
            yield from _parts(part)


def _unfolded(header: str) -> str:
    return re.sub(r"\r?\n[ \t]+", " ", header)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_REASON]


def _envelope_id(text: str) -> str | None:
    """From RFC 3461's xtext (section 4); None for what could not be a Message-ID of ours."""
    text = re.sub(r"\+([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), text.strip())
    return text if message_ids(f"<{text}>") == [f"<{text}>"] else None
