"""How Scrapy is set up: what is asked at once, how long is waited, what is refused."""

from typing import Any

from crawler.settings import CrawlerSettings

TOGETHER = 8
"""requests to one host at once where the office asks for no delay: its own machines, a demo"""


def scrapy_settings(settings: CrawlerSettings) -> dict[str, Any]:
    delay = settings.per_host_delay_seconds
    return {
        "USER_AGENT": settings.agent,
        "ROBOTSTXT_OBEY": True,
        "DOWNLOAD_DELAY": delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if delay else TOGETHER,
        "CONCURRENT_REQUESTS": 32,
        "DOWNLOAD_TIMEOUT": settings.timeout_seconds,
        "DNS_TIMEOUT": min(5.0, settings.timeout_seconds),
        "DOWNLOAD_MAXSIZE": settings.max_page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "REDIRECT_MAX_TIMES": 5,
        # Front pages reload themselves every few minutes by meta refresh; that is no redirect.
        "METAREFRESH_MAXDELAY": 5,
        "COOKIES_ENABLED": False,
        # The store remembers what is to be tried again; trying at once would hit a host that is down.
        "RETRY_ENABLED": False,
        "HTTPERROR_ALLOW_ALL": True,
        "CLOSESPIDER_TIMEOUT": settings.max_run_seconds,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "vi,en;q=0.5",
        },
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
            "crawler.fetching.middlewares.Robots": 100,
            "crawler.fetching.middlewares.HostGuard": 120,
            "crawler.fetching.middlewares.Compression": 590,
            "crawler.fetching.middlewares.Redirects": 600,
        },
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOGSTATS_INTERVAL": 0,
        "MEMUSAGE_ENABLED": False,
    }
