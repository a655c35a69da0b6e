"""`dansinh sources test`: what would be stored of one source or one page."""

import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, WRONG_USE, Invocation, common_options

_KINDS = ("feed", "sitemap", "listing", "board", "article")
_FIRST_ITEMS = 5
_FIRST_LINES = 3
_LONGEST_LINE = 300


@click.command("test")
@click.argument("name", metavar="URL|KEY")
@click.option("--kind", type=click.Choice(_KINDS), help="What URL is, if it is not told by its content.")
@common_options
def try_out(invocation: Invocation, name: str, kind: str | None) -> None:
    """Fetch one source or article and show what would be stored, field by field, and what is missing.

    URL: an address, configured or not; KEY: an outlet's, for all its sources. Nothing is stored.
    """
    with invocation.working():
        told = [_tried(*trial) for trial in _trials(invocation, name, kind)]
    invocation.say("\n\n".join(_shown(one) for one in told))
    invocation.give(told)
    if not all(one["article"] for one in told):
        sys.exit(FINISHED_WITH_FAILURES)


def _trials(invocation: Invocation, name: str, kind: str | None) -> list[tuple[str, Callable[[], Any]]]:
    """What is tried, and how: each may fail by itself."""
    from crawler.trial import Trier
    from nlp.privacy import mask_text
    from pipeline.cli.sources.settings import chosen, crawler_settings, nearest, waits_until

    settings = crawler_settings(invocation)
    configured = chosen(settings, name) if kind is None else []
    address = configured[0].url if configured else name
    trier = Trier(
        settings, mask_text, invocation.clock(), invocation.progress, address, waits_until(invocation)
    )
    if configured:
        return [(source.key, partial(trier.try_source, source)) for source in configured]
    if "://" not in name:
        invocation.complain(f"no outlet or source {name!r} is configured{nearest(settings, name)}")
        sys.exit(WRONG_USE)
    as_kind: Any = None if kind == "article" else kind
    return [(name, partial(trier.try_address, name, as_kind, is_article=kind == "article"))]


def _tried(name: str, run: Callable[[], Any]) -> dict[str, Any]:
    from crawler.fetching.fetcher import CannotFetch
    from crawler.kinds.naming import UnreadableSource

    try:
        return _as_json(name, run())
    except CannotFetch as error:
        problem = {
            "what": str(error),
            "remedy": error.remedy or "open it in a browser; `dansinh sources find` with its home page",
        }
    except UnreadableSource as error:
        problem = {"what": error.what, "remedy": error.remedy}
    return {"source": name, "kind": None, "reading": None, "article": None, "problems": [problem]}


def _as_json(name: str, trial: Any) -> dict[str, Any]:
    reading, page = trial.reading, trial.page
    notices = [*(reading.notices if reading else ()), *(page.notices if page else ())]
    return {
        "source": name,
        "kind": trial.source.kind if reading else "article",
        "reading": _reading(reading) if reading else None,
        "article": _article(page.article, page.extracted) if page and page.article else None,
        "address": page.url if page else None,
        "problems": [{"what": notice.what, "remedy": notice.remedy} for notice in notices],
    }


def _reading(reading: Any) -> dict[str, Any]:
    times = [named.newest for named in reading.named if named.newest]
    return {
        "items": len(reading.named),
        "dated": len(times),
        "titled": sum(named.title is not None for named in reading.named),
        "newest": _iso(max(times, default=None)),
        "oldest": _iso(min(times, default=None)),
        "ttl_minutes": round(reading.ttl.total_seconds() / 60) if reading.ttl else None,
        "next_page": reading.next_page,
        "sitemaps": len(reading.children),
        "first": [
            {"url": named.url, "title": named.title, "published": _iso(named.published)}
            for named in reading.named[:_FIRST_ITEMS]
        ],
    }


def _article(text: Any, page: Any) -> dict[str, Any]:
    return {
        "title": text.title,
        "lead": text.lead,
        "body": text.body,
        "published": _iso(text.published_at) if text.published_known else None,
        "url": text.url,
        "canonical_url": text.canonical_url,
        "outlet": text.outlet_name,
        "area": text.outlet_area,
        "layout": page.layout if page else None,
    }


def _iso(time: datetime | None) -> str | None:
    from pipeline.clock import LOCAL

    return time.astimezone(LOCAL).isoformat(timespec="minutes") if time else None


def _shown(told: dict[str, Any]) -> str:
    lines = [f"{told['source']} ({told['kind'] or 'not read'})"]
    if told["reading"]:
        lines += _reading_lines(told["reading"])
    if told["article"]:
        lines += _article_lines(told["article"])
    else:
        lines.append("  nothing would be stored")
    lines += [f"  missing or odd: {one['what']}\n    → {one['remedy']}" for one in told["problems"]]
    return "\n".join(lines)


def _reading_lines(reading: dict[str, Any]) -> list[str]:
    lines = [
        f"  names {reading['items']} pages, {reading['dated']} with a time, {reading['titled']} with a title"
    ]
    optional = {
        "newest": reading["newest"],
        "oldest": reading["oldest"],
        "stays as it is for": f"{reading['ttl_minutes']} minutes" if reading["ttl_minutes"] else None,
        "next page": reading["next_page"],
        "sitemaps below it": reading["sitemaps"] or None,
    }
    lines += [f"  {name}: {value}" for name, value in optional.items() if value]
    lines += [
        f"  - {one['published'] or '(no time)'} {one['title'] or one['url']}" for one in reading["first"]
    ]
    return lines


def _article_lines(article: dict[str, Any]) -> list[str]:
    body = article["body"] or ""
    paragraphs = body.splitlines()
    fields = ("title", "lead", "published", "url", "canonical_url", "outlet", "area")
    lines = [
        "  would be stored, masked:",
        *(f"    {name.replace('_', ' ')}: {article[name] or '–'}" for name in fields),
        f"    layout: {article['layout'] or 'none declared'}",
        f"    body: {len(body)} characters, {len(paragraphs)} paragraphs",
    ]
    lines += [f"      {paragraph[:_LONGEST_LINE]}" for paragraph in paragraphs[:_FIRST_LINES]]
    return lines
