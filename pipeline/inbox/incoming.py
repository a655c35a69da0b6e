"""What a mail says, read without trust: any bytes give an Incoming."""

import codecs
import email
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from email.utils import parseaddr

from crawler.plain import plain_text
from pipeline.answering.attachments import Received
from pipeline.inbox.automatic import is_automatic
from pipeline.inbox.bounces import Bounce, bounce_of
from pipeline.inbox.identities import message_ids
from pipeline.inbox.quoting import own_words
from store.texts import keepable

_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/li|/tr|/h\d)\b[^<>]*>")
_NO_CHARSETS = ("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape")
"""Python's codecs that no mail is written in; some fail, some take hours."""
LONGEST_HEADER = 16_000
LONGEST_TEXT = 200_000
LONGEST_MARKUP = 500_000


@dataclass(frozen=True)
class Incoming:
    identity: str
    """the same for one mail wherever it is found"""
    message_id: str | None
    answers: tuple[str, ...]
    """Message-IDs that it names as what it answers, the nearest first"""
    sender: str
    """bare address in small letters; used for comparing, never stored"""
    subject: str
    text: str
    """its own words, without what it quotes"""
    quoted: str
    """all its words"""
    attachments: tuple[Received, ...]
    automatic: bool
    """written by a machine: out of office, receipt"""
    bounce: Bounce | None


class _Cut(Compat32):
    """Also in its parts: the library takes time by the square of a header's length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:LONGEST_HEADER]


def read(content: bytes, left_out_bytes: int = 0) -> Incoming:
    """`left_out_bytes`: the size of a mail of which `content` is the header only."""
    message = email.message_from_bytes(content, policy=_Cut())
    everything = _text(message)[:LONGEST_TEXT]
    answers = [*_ids(message, "In-Reply-To"), *reversed(_ids(message, "References"))]
    return Incoming(
        identity=_identity(message, content, left_out_bytes),
        message_id=next(iter(_ids(message, "Message-ID")), None),
        answers=tuple(dict.fromkeys(answers)),
        sender=parseaddr(_header(message, "From"))[1].lower(),
        subject=" ".join(_header(message, "Subject").split()),
        text=own_words(everything),
        quoted=everything,
        attachments=tuple(_attachments(message)),
        automatic=is_automatic(message, _header(message, "Subject")),
        bounce=bounce_of(message, everything),
    )


def _identity(message: Message, content: bytes, left_out_bytes: int) -> str:
    """By Message-ID and body: a copy in another mailbox differs in its header only, and a careless program
    may send two answers under one Message-ID. A scanner gives none, and the same words with each."""
    _, _, body = content.replace(b"\r\n", b"\n").partition(b"\n\n")
    named = "".join(_ids(message, "Message-ID"))
    if not named:
        fields = (" ".join(_header(message, name).split()) for name in ("From", "Date", "Subject"))
        named = "\n".join(["", *fields, str(left_out_bytes or "")])
    return "sha256:" + hashlib.sha256(named.encode() + b"\n" + body.rstrip()).hexdigest()


def _ids(message: Message, name: str) -> list[str]:
    return message_ids(" ".join(str(value) for value in message.get_all(name, [])))


def _header(message: Message, name: str) -> str:
    return _decoded(str(message.get(name, "")))


def _decoded(value: str) -> str:
    """RFC 2047's encoded words in letters; as it stands where they are damaged."""
    with suppress(HeaderParseError, LookupError, UnicodeError, ValueError):
        value = str(make_header(decode_header(value)))
    return keepable(value)


def _text(message: Message) -> str:
    """The words of the plain part, or of the HTML part where there is no other."""
    plain = [_words(part) for part in _leaves(message) if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    marked_up = [_words(part) for part in _leaves(message) if part.get_content_type() == "text/html"]
    return _without_markup("\n".join(marked_up)[:LONGEST_MARKUP])


def _without_markup(markup: str) -> str:
    lines = _BREAKS.sub("\n", markup).split("\n")
    return "\n".join(plain_text(line) or "" for line in lines)


def _leaves(message: Message) -> Iterator[Message]:
    """Parts to be read; not what stands in a forwarded mail."""
    if message.get_content_type() == "message/rfc822":
        return
    if message.is_multipart():
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part)
    elif not _is_attached(message):
        yield message


def _words(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        if codecs.lookup(charset).name in _NO_CHARSETS:
            charset = "utf-8"
        text = content.decode(charset, errors="replace")
    except (LookupError, ValueError):
        text = content.decode("utf-8", errors="replace")
    return keepable(text.replace("\r\n", "\n").replace("\r", "\n"))


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or _named(part) is not None


def _attachments(message: Message) -> Iterator[Received]:
    for part in message.walk():
        if part.is_multipart() or not _is_attached(part):
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            yield Received(_file_name(part), content)


def _file_name(part: Message) -> str:
    return _decoded(_named(part) or "tep-dinh-kem")


def _named(part: Message) -> str | None:
    """Empty where a name is written in a code that cannot be read."""
    try:
        return part.get_filename()
    except ValueError:
        return ""
