"""`tag --again`: the archive read anew by today's tagger, on several cores, resumable."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, contains_eager

from crawler.parent import die_with_the_parent
from nlp.settings import NlpSettings
from nlp.tagger import Finding as Said
from nlp.tagger import Item, Tagger
from pipeline.clock import Clock
from pipeline.stages.summary import Progress, Summary
from pipeline.stages.tag import item_of, take
from store import Store
from store.models import Article, Finding

BATCH = 400
"""Articles a transaction: a kill costs at most the reading of so many, well under a second a core."""
CORES = 2
PARTS = 8
"""a core, of each batch: an item may take fifty times as long as another, and the batch waits for the last"""

_Answer = Said | str
"""What the tagger says, or why it could not read the article."""
_tagger: Tagger | None = None
"""A worker process's own: its models are loaded once."""


def read_again(
    store: Store, settings: NlpSettings, clock: Clock, progress: Progress, cores: int = CORES
) -> Summary:
    """Tags every article whose finding another version made; killed, it goes on where it stopped."""
    summary = Summary("tag")
    version = Tagger(settings).version
    with store.read() as session:
        total = session.scalar(select(func.count(Article.id)).join(Article.finding).where(_outdated(version)))
    # Spawned, not forked: connections and threads of this process are no workers' business.
    context = get_context("spawn")
    with ProcessPoolExecutor(cores, context, initializer=_begin, initargs=(settings,)) as pool:
        last = 0
        while items := _next(store, version, last):
            parts = [items[n :: cores * PARTS] for n in range(cores * PARTS)]
            answers = dict(pair for part in pool.map(_read, parts) for pair in part)
            with store.begin() as session:
                _keep(session, answers, version, clock, summary)
            last = int(items[-1].id)
            progress(f"read {summary.counts.get('read', 0):,} of {total:,} articles anew")
    return summary


def _outdated(version: str) -> ColumnElement[bool]:
    """Articles whose text has expired keep what was found in it."""
    return Article.text_expired_at.is_(None) & (Finding.tagger != version)


def _next(store: Store, version: str, after: int) -> list[Item]:
    query = (
        select(Article)
        .join(Article.finding)
        .where(_outdated(version), Article.id > after)
        .order_by(Article.id)
        .limit(BATCH)
    )
    with store.read() as session:
        return [item_of(article) for article in session.scalars(query)]


def _keep(
    session: Session, answers: dict[str, _Answer], version: str, clock: Clock, summary: Summary
) -> None:
    query = (
        select(Article)
        .join(Article.finding)
        .options(contains_eager(Article.finding))
        .where(Article.id.in_(map(int, answers)))
        .order_by(Article.id)
    )
    for article in session.scalars(query):
        said = answers[str(article.id)]
        if isinstance(said, str):
            summary.fail(article.url, f"could not be read: {said}", "report it; its old finding stays")
            continue
        before, grouped_at = _gist(article), article.finding.grouped_at if article.finding else None
        take(article, said, version, clock())
        summary.count("read")
        if before != _gist(article):
            summary.count("changed")
        elif article.finding:
            # What an issue rests on is as it was: it need not be sought again.
            article.finding.grouped_at = grouped_at


def _gist(article: Article) -> tuple[object, ...]:
    found = article.finding
    if found is None:
        return ()
    places = tuple(place["code"] for place in found.places)
    return found.kind, found.topic, found.urgency, found.restricted, places


def _begin(settings: NlpSettings) -> None:
    global _tagger
    die_with_the_parent()
    # Each has a core to itself; read when numpy is first loaded, which underthesea does.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _tagger = Tagger(settings)


def _read(items: Sequence[Item]) -> list[tuple[str, _Answer]]:
    assert _tagger is not None  # noqa: S101 - the pool's initializer
    answers: list[tuple[str, _Answer]] = []
    for item in items:
        try:
            answers.append((item.id, _tagger.tag(item)))
        except Exception as error:
            answers.append((item.id, repr(error)))
    return answers
