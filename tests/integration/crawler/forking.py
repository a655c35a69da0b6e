"""Processes of a crawl, forked from a server that has loaded what they need; else each loads for a second."""

import multiprocessing
from multiprocessing.context import BaseContext

LOADED = "tests.integration.crawler.loaded"
as_ever = multiprocessing.get_context


def get_context(method: str | None = None) -> BaseContext:
    """For multiprocessing.get_context: they are started as clean as spawned ones, from pickled arguments."""
    if method != "spawn":
        return as_ever(method)
    context = as_ever("forkserver")
    context.set_forkserver_preload([LOADED])
    return context
