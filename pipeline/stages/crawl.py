"""sources → articles: polls what is due and keeps every article, masked."""

from crawler.run import crawl

from nlp.privacy import mask_text
from pipeline.clock import Clock
from pipeline.config import database_url
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    said = crawl(database_url(settings), store.data_dir, settings.crawler, clock, mask_text, progress)
    summary = Summary("crawl", dict(said.counts))
    for failure in said.failures:
        summary.fail(failure.url or failure.source, failure.what, failure.remedy)
    return summary
