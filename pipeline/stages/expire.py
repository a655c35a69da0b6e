"""Drops texts that have been kept long enough; title, address, outlet and finding remain."""

from datetime import timedelta

from pipeline.clock import Clock
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.queries.articles import with_expiring_text

BATCH = 500


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("expire")
    now = clock()
    seen_before = now - timedelta(days=settings.store.keep_text_days)
    while True:
        with store.begin() as session:
            articles = with_expiring_text(session, seen_before, BATCH)
            for article in articles:
                article.lead = article.body = None
                article.text_expired_at = now
                summary.count("texts_dropped")
        if not articles:
            return summary
        progress(f"dropped {summary.counts['texts_dropped']} texts")
