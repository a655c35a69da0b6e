"""The day's digest: made once, kept as made, put into the outbox and written as files."""

import json
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import select

from pipeline.clock import Clock, local
from pipeline.documents.digest import collect, digest_docx, digest_html, digest_text
from pipeline.documents.mail import Attachment
from pipeline.outbox import queue
from pipeline.settings import Settings
from pipeline.stages.refer import DOCX
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.files import write_whole
from store.models import Digest

ACTOR = "stage:digest"


def is_due(store: Store, settings: Settings, now: datetime) -> bool:
    """From the configured hour on, until the day has its digest."""
    today = local(now)
    if today.time() < settings.digest.at:
        return False
    with store.read() as session:
        return session.scalar(select(Digest.id).where(Digest.day == today.date())) is None


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    """Makes today's digest where there is none yet; writes its files where they are missing."""
    summary = Summary("digest")
    now = clock()
    day = local(now).date()
    with store.begin() as session:
        digest = session.scalar(select(Digest).where(Digest.day == day))
        if digest is None:
            content = collect(session, settings, now, day)
            docx, html = digest_docx(content), digest_html(content)
            digest = Digest(day=day, made_at=now, content=content.to_dict(), html=html)
            session.add(digest)
            session.flush()
            _write(store.data_dir, day, docx, digest, summary)
            for recipient in settings.digest.recipients:
                queue(
                    session,
                    settings,
                    key=f"digest {day.isoformat()} {recipient}",
                    kind="digest",
                    recipient=recipient,
                    subject=f"Bản tin dư luận ngày {day:%d/%m/%Y}",
                    text=digest_text(content),
                    html=html,
                    attachments=[Attachment(f"ban-tin-{day.isoformat()}.docx", DOCX, docx)],
                    at=now,
                    actor=ACTOR,
                    digest_id=digest.id,
                )
            summary.count("made")
    progress(f"digest of {day:%d/%m/%Y} lies in {folder(store.data_dir, day)}")
    return summary


def folder(data_dir: Path, day: date) -> Path:
    return data_dir / "digests" / day.isoformat()


def _write(data_dir: Path, day: date, docx: bytes, digest: Digest, summary: Summary) -> None:
    """Before the commit, so that a digest in the store has its files; after a kill they are written again."""
    place = folder(data_dir, day)
    files = {
        "ban-tin.docx": docx,
        "ban-tin.html": digest.html.encode(),
        "ban-tin.json": json.dumps(digest.content, ensure_ascii=False, indent=1).encode(),
    }
    try:
        for name, content in files.items():
            write_whole(place / name, content)
    except OSError as error:
        # The mail must go out though the disk is full.
        summary.fail(str(place), str(error), "free space; the digest itself is in the mail and at the desk")
