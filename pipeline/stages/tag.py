"""articles → findings: reads every article that is new or whose text has changed."""

from datetime import datetime

from nlp.tagger import Finding as Said
from nlp.tagger import Item, Tagger
from pipeline.clock import Clock
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.models import Article, Finding
from store.queries.articles import untagged

FIELDS = {"summary": "lead"}
"""What a feed calls the summary is the article's lead."""
BATCH = 50
"""Articles a transaction: a kill costs at most the tagging of so many, a second or two."""


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("tag")
    tagger: Tagger | None = None
    failed: set[int] = set()
    while True:
        with store.begin() as session:
            articles = untagged(session, BATCH, leave_out=failed)
            if not articles:
                return summary
            # The models are loaded only when there is something to read.
            tagger = tagger or Tagger(settings.nlp)
            for article in articles:
                _tag(tagger, article, clock, summary, failed)
        progress(f"tagged {summary.counts.get('tagged', 0)} articles")


def _tag(tagger: Tagger, article: Article, clock: Clock, summary: Summary, failed: set[int]) -> None:
    try:
        said = tagger.tag(item_of(article))
    except Exception as error:
        failed.add(article.id)
        summary.fail(article.url, f"could not be read: {error!r}", "report it; it is tried again next time")
        return
    take(article, said, tagger.version, clock())
    summary.count("tagged")
    summary.count(said.kind)


def item_of(article: Article) -> Item:
    return Item(
        id=str(article.id),
        title=article.title,
        summary=article.lead,
        body=article.body,
        published=article.published_at,
        outlet=article.outlet_name,
        outlet_area=article.outlet_area,
    )


def take(article: Article, said: Said, version: str, now: datetime) -> None:
    """Keeps what the tagger of this version says of the article; the group stage looks at it next."""
    finding = article.finding = article.finding or Finding()
    as_line = said.to_dict()
    finding.kind = said.kind
    finding.score = said.score
    finding.topic = said.topic
    finding.topics = as_line["topics"]
    finding.urgency = said.urgency
    # The candidates of a name that means several communes are kept beside what the filter prints.
    finding.places = [
        line | {"candidates": list(place.candidates)}
        for line, place in zip(as_line["places"], said.places, strict=True)
    ]
    finding.evidence = [
        line | {"field": FIELDS.get(line["field"], line["field"])} for line in as_line["evidence"]
    ]
    finding.restricted = said.restricted
    finding.text_hash = article.text_hash
    finding.tagger = version
    finding.tagged_at = now
    finding.grouped_at = None
