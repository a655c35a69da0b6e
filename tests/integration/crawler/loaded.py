"""What the server of tests.integration.crawler.forking loads before it forks."""

import multiprocessing
from multiprocessing.forkserver import _forkserver

import scrapy.crawler  # noqa: F401

import crawler.child
import crawler.extraction
import crawler.fetching.download
import crawler.frontier
import crawler.kinds.reading
import crawler.spiders.office  # noqa: F401
from tests.integration.crawler import forking

# A crawl asks for processes that read: of the same server, not of a new one that has nothing loaded.
multiprocessing.get_context = forking.get_context
_forkserver.ensure_running = lambda: None
