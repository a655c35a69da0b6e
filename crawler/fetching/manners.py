"""How Scrapy is set up: what is asked at once, how long is waited, what is refused."""

from typing import Any
from urllib.request import getproxies

from crawler.fetching.guard import Guard
from crawler.fetching.memory import HostMemory
from crawler.fetching.middlewares import MEMORY
from crawler.fetching.obedience import PATIENCE
from crawler.fetching.resolver import GUARD
from crawler.settings import CrawlerSettings

TOGETHER = 8
"""requests to one host at once where the office asks for no delay: its own machines, a demo"""
ALL_TOGETHER = 512
"""requests under way at all, waiting ones among them; what bounds them is one or two places for each host,
so this is more than the hosts of an office need when all of them hang, and less than the 1,024 files that
a process may usually have open"""


def scrapy_settings(settings: CrawlerSettings, hosts: HostMemory) -> dict[str, Any]:
    delay = settings.per_host_delay_seconds
    return {
        "USER_AGENT": settings.agent,
        GUARD: Guard.of(settings, proxies=getproxies()),
        MEMORY: hosts,
        # Only so long that a few requests fit in a run: polls go first, and pages would never have a turn.
        PATIENCE: settings.max_run_seconds / 4,
        "TWISTED_DNS_RESOLVER": "crawler.fetching.resolver.GuardedResolver",
        "DOWNLOAD_HANDLERS": {
            # No other scheme has a handler at all: whatever gets past the guard finds no way out.
            **dict.fromkeys(("data", "file", "ftp", "s3")),
            **dict.fromkeys(("http", "https"), "crawler.fetching.download.Download"),
        },
        # Scrapy's default is to take any certificate.
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_DELAY": delay,
        # Scrapy's would halve the delay at times.
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else TOGETHER,
        "CONCURRENT_REQUESTS": ALL_TOGETHER,
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        # Half of a system's usual two tries of five seconds is a name server that does not answer.
        "DNS_TIMEOUT": min(10.0, settings.timeout_seconds),
        "DOWNLOAD_MAXSIZE": settings.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": 5,
        # Front pages reload themselves every few minutes by meta refresh; that is no redirect.
        "METAREFRESH_MAXDELAY": 5,
        "COOKIES_ENABLED": False,
        # The store remembers what is to be tried again; trying at once would hit a host that is down.
        "RETRY_ENABLED": False,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
        },
        # Another site is not told where its address was found.
        "REFERER_ENABLED": False,
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawler.fetching.middlewares.Addresses": 50,
            "crawler.fetching.middlewares.Patience": 60,
            "crawler.fetching.obedience.Robots": 100,
            "crawler.fetching.middlewares.HostGuard": 120,
            "crawler.fetching.obedience.Pace": 130,
            "crawler.fetching.middlewares.Refreshes": 580,
            "crawler.fetching.middlewares.Compression": 590,
            "crawler.fetching.middlewares.Redirects": 600,
            "crawler.fetching.middlewares.BehindProxy": 760,
        },
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOGSTATS_INTERVAL": 0,
        "MEMUSAGE_ENABLED": False,
    }
