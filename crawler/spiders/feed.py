from crawler.feeds import parse_feed
from crawler.naming import Reading
from crawler.sources import ConfiguredSource
from crawler.spiders.reading import Answer


def read(_source: ConfiguredSource, answer: Answer) -> Reading:
    feed = parse_feed(answer.body, answer.url, answer.content_type)
    return Reading(named=feed.items, broken_encoding=feed.broken_encoding)
