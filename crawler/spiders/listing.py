from crawler.listings import read_listing
from crawler.naming import Reading
from crawler.sources import ConfiguredSource
from crawler.spiders.reading import Answer


def read(source: ConfiguredSource, answer: Answer) -> Reading:
    return Reading(named=read_listing(answer.body, answer.url, source.article_links, answer.content_type))
