"""sources → articles: polls what is due and keeps every article, masked."""

from crawler.run import CrawlFailure, crawl
from nlp.privacy import mask_text
from pipeline.clock import Clock
from pipeline.config import database_url
from pipeline.settings import Settings
from pipeline.stages.summary import Failure, Progress, Summary
from store import Store


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    said = crawl(database_url(settings), store.data_dir, settings.crawler, clock, mask_text, progress)
    return Summary(
        "crawl",
        dict(said.counts),
        failures=[_failure(entry) for entry in said.failures],
        notices=[_failure(entry) for entry in said.notices],
    )


def _failure(entry: CrawlFailure) -> Failure:
    return Failure(entry.url or entry.source, entry.what, entry.remedy)
