"""The day's digest: made once, kept as made, put into the outbox and written as files."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.clock import Clock, local
from pipeline.documents.digest import DigestContent, collect, digest_docx, digest_html, digest_text
from pipeline.documents.issuing import SERIES, head_of, numbering_year
from pipeline.documents.mail import DOCX, Attachment
from pipeline.documents.templating import TemplateMistake, template_of
from pipeline.outbox import queue
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.files import write_whole
from store.models import Digest
from store.queries.numbers import issue_number

ACTOR = "stage:digest"
HTML, JSON, PRINTED = FILES = ("ban-tin.html", "ban-tin.json", "ban-tin.docx")


def is_due(store: Store, settings: Settings, now: datetime) -> bool:
    """From the configured hour on, until the day has its digest and the digest its files."""
    today = local(now)
    if today.time() < settings.digest.at:
        return False
    with store.read() as session:
        made = session.scalar(select(Digest.id).where(Digest.day == today.date())) is not None
    return not made or bool(_missing(store.data_dir, today.date()))


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    """Makes today's digest where there is none yet; writes its files where they are missing."""
    summary = Summary("digest")
    now = clock()
    day = local(now).date()
    with store.begin() as session:
        digest = _of(session, day)
        if digest is None:
            _make(session, store, settings, now, summary)
        elif missing := _missing(store.data_dir, day):
            files = _files(session, settings, digest, summary)
            written = _write(store.data_dir, day, {name: files[name] for name in missing}, summary)
            summary.count("restored", written)
    if not _missing(store.data_dir, day):
        progress(f"digest of {day:%d/%m/%Y} lies in {folder(store.data_dir, day)}")
    return summary


def folder(data_dir: Path, day: date) -> Path:
    return data_dir / "digests" / day.isoformat()


def _of(session: Session, day: date) -> Digest | None:
    return session.scalar(select(Digest).where(Digest.day == day))


def _missing(data_dir: Path, day: date) -> list[str]:
    return [name for name in FILES if not (folder(data_dir, day) / name).is_file()]


def _make(session: Session, store: Store, settings: Settings, now: datetime, summary: Summary) -> None:
    day = local(now).date()
    content = collect(session, settings, now, day)
    digest = Digest(day=day, made_at=now, content=content.to_dict(), html=digest_html(content))
    session.add(digest)
    session.flush()
    # Before the commit, so that a digest in the store has its files; after a kill they are written again.
    files = _files(session, settings, digest, summary)
    _write(store.data_dir, day, files, summary)
    attached = Attachment(f"ban-tin-{day.isoformat()}.docx", DOCX, files[PRINTED])
    for recipient in settings.digest.recipients:
        queue(
            session,
            settings,
            key=f"digest {day.isoformat()} {recipient}",
            kind="digest",
            recipient=recipient,
            subject=f"Bản tin dư luận ngày {day:%d/%m/%Y}",
            text=digest_text(content),
            html=digest.html,
            attachments=[attached],
            at=now,
            actor=ACTOR,
            digest_id=digest.id,
        )
    summary.count("made")


def _files(session: Session, settings: Settings, digest: Digest, summary: Summary) -> dict[str, bytes]:
    """From what the store keeps, so that a file written later says what was sent."""
    key, year = f"digest {digest.day.isoformat()}", numbering_year(settings.office, digest.day)
    number = issue_number(session, SERIES["digest"], year, key, digest.made_at)
    head = head_of(settings.office, "digest", number, digest.day, ())
    content = DigestContent.from_dict(digest.content)
    try:
        printed = digest_docx(content, head, template_of(settings, "digest"))
    except TemplateMistake as error:
        # The day's digest must go out though the office's own template is wrong.
        remedy = "mend it; `dansinh check` tells more; today's digest has the template that ships"
        summary.fail("template of the digest", str(error), remedy)
        printed = digest_docx(content, head)
    return {
        HTML: digest.html.encode(),
        JSON: json.dumps(digest.content, ensure_ascii=False, indent=1).encode(),
        PRINTED: printed,
    }


def _write(data_dir: Path, day: date, files: Mapping[str, bytes], summary: Summary) -> int:
    """How many were written."""
    place = folder(data_dir, day)
    written = 0
    try:
        for name, content in files.items():
            write_whole(place / name, content)
            written += 1
    except OSError as error:
        # The mail must go out though the disk is full.
        remedy = "free space and run again; the digest itself is in the mail and at the desk"
        summary.fail(str(place), str(error), remedy)
    return written
