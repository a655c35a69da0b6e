from crawler.naming import Reading
from crawler.sitemaps import parse_sitemap
from crawler.sources import ConfiguredSource
from crawler.spiders.reading import Answer


def read(_source: ConfiguredSource, answer: Answer) -> Reading:
    # Packed, a sitemap is a tenth of itself; the limit holds for what comes over the network.
    sitemap = parse_sitemap(answer.body, answer.url, max_bytes=10 * answer.max_bytes)
    return Reading(named=sitemap.pages, children=sitemap.children)
