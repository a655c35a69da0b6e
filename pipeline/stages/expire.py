"""Drops texts that have been kept long enough; title, address, outlet and finding remain."""

from datetime import datetime, timedelta

from pipeline.answering.attachments import lies_since, lying_since
from pipeline.clock import Clock
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.queries.articles import forget_told, forget_told_before, with_expiring_text
from store.queries.expiring import (
    drop_letters,
    expiring_attachments,
    expiring_proposals,
    is_needed,
    needed_files,
)
from store.queries.vectors import drop_vectors

BATCH = 500
UNNAMED_FOR = timedelta(days=1)
"""A file is written before the reply that names it is committed; nothing takes so long in between."""


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("expire")
    now = clock()
    seen_before = now - timedelta(days=settings.store.keep_text_days)
    _articles(store, seen_before, now, summary, progress)
    _links(store, seen_before, summary, progress)
    _replies(store, seen_before, now, summary, progress)
    _files(store, now - UNNAMED_FOR, summary)
    return summary


def _articles(
    store: Store, seen_before: datetime, now: datetime, summary: Summary, progress: Progress
) -> None:
    while True:
        with store.begin() as session:
            articles = with_expiring_text(session, seen_before, BATCH)
            for article in articles:
                article.lead = article.body = None
                article.text_expired_at = now
                for version in article.versions:
                    version.lead = version.body = None
                summary.count("texts_dropped")
            drop_vectors(session, [article.id for article in articles])
            if told := forget_told(session, [article.id for article in articles]):
                summary.count("feed_texts_dropped", told)
        if not articles:
            return
        progress(f"dropped {summary.counts['texts_dropped']} texts")


def _replies(
    store: Store, seen_before: datetime, now: datetime, summary: Summary, progress: Progress
) -> None:
    """Files that came with replies, words of mails that have been decided on, and what letters quote. What a
    reply says stays."""
    while True:
        with store.begin() as session:
            files = expiring_attachments(session, seen_before, BATCH)
            for file in files:
                file.expired_at = now
                summary.count("files_expired")
            proposals = expiring_proposals(session, seen_before, BATCH)
            for proposed in proposals:
                proposed.text, proposed.left_out, proposed.expired_at = "", [], now
                summary.count("proposals_expired")
            if letters := drop_letters(session, seen_before, BATCH):
                summary.count("letters_dropped", letters)
        if not files and not proposals and not letters:
            return
        progress("dropped texts and files of replies")


def _files(store: Store, before: datetime, summary: Summary) -> None:
    """Files that no reply and no proposal has: all that had it have expired, or their transaction did not
    come to its end."""
    lying = lying_since(store.data_dir, before)
    with store.read() as session:
        needed = needed_files(session)
    for path in lying:
        if path.name in needed:
            continue
        with store.begin() as session:
            # Again: somebody may have brought it in the meantime.
            if not is_needed(session, path.name) and lies_since(path, before):
                path.unlink(missing_ok=True)
                summary.count("unnamed_files_dropped")


def _links(store: Store, seen_before: datetime, summary: Summary, progress: Progress) -> None:
    """What feeds told of addresses; an article's own title stands in the article."""
    while True:
        with store.begin() as session:
            dropped = forget_told_before(session, seen_before, BATCH)
        if not dropped:
            return
        summary.count("feed_texts_dropped", dropped)
        progress(f"dropped {summary.counts['feed_texts_dropped']} texts of feeds")
