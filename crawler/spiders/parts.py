"""What every part of a running crawl works with."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.frontier import Frontier
from crawler.settings import CrawlerSettings
from crawler.spiders.keeper import Keeper
from crawler.spiders.room import Room
from crawler.spiders.telling import Telling
from crawler.workers.pool import Workers


@dataclass(frozen=True)
class Parts:
    frontier: Frontier
    workers: Workers
    keeper: Keeper
    room: Room
    telling: Telling
    settings: CrawlerSettings
    clock: Callable[[], datetime]
    spawn: Callable[[Coroutine[Any, Any, None], str], object]
    """lets something go on by itself, for the address that is named"""
