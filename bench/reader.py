"""A plain Scrapy spider that downloads pages and, if told to, has each read by another project's extractor.

Run as a script, also from an environment in which nothing of this project is installed:
    python reader.py READER < job.json
READER: nothing | newspaper4k | news-please. The job names `urls` and Scrapy `settings`; one line of JSON is
printed, with pages and texts counted and the seconds that the crawl took.
"""

import json
import sys
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

Reader = Callable[[str, str], str | None]
"""(HTML, address) -> text"""


def nothing() -> Reader:
    return lambda _html, _url: None


def newspaper4k() -> Reader:
    _stay_offline()
    import newspaper

    def read(html: str, url: str) -> str | None:
        article = newspaper.Article(url, language="vi", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return read


def news_please() -> Reader:
    _stay_offline()
    from newsplease import NewsPlease

    def read(html: str, url: str) -> str | None:
        article = NewsPlease.from_html(html, url=url, fetch_images=False)
        return str(article.maintext) if article.maintext else None

    return read


def _stay_offline() -> None:
    """Both split host names by a list that they fetch and wait for; the one they bring with them serves."""
    import tldextract

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())


READERS: dict[str, Callable[[], Reader]] = {
    "nothing": nothing,
    "newspaper4k": newspaper4k,
    "news-please": news_please,
}


class Download(Spider):
    name = "download"

    def __init__(self, urls: list[str], reader: str, counts: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._urls = urls
        self._read = READERS[reader]()
        self._reads = reader != "nothing"
        self._counts = counts

    async def start(self) -> AsyncIterator[Request]:
        for url in self._urls:
            yield Request(url, dont_filter=True)

    def parse(self, response: Response, **_: Any) -> None:
        self._counts["pages"] += response.status == 200
        if self._reads:
            self._counts["texts"] += bool(self._read(response.text, response.url))


def main() -> None:
    job = json.load(sys.stdin)
    counts = {"pages": 0, "texts": 0}
    process = AsyncCrawlerProcess({"LOG_ENABLED": False, **job["settings"]}, install_root_handler=False)
    process.crawl(Download, urls=job["urls"], reader=sys.argv[1], counts=counts)
    began = time.monotonic()
    process.start()
    print(json.dumps(counts | {"seconds": time.monotonic() - began}))  # noqa: T201


if __name__ == "__main__":
    main()
