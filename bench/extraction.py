"""How fast pages are read, against trafilatura as it comes, on the same pages."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from trafilatura import bare_extraction

from bench.invented.families import FAMILIES
from bench.invented.pages import UNIQUE, page
from bench.invented.words import place_name
from bench.newspapers import PUBLISHED
from bench.table import Absence, Figure, Line, Progress
from crawler.extraction import extract
from crawler.extraction.known import known_layouts
from crawler.settings import LayoutSettings

DECLARED_GOAL = 6.0
UNDECLARED_GOAL = 1.0
_URL = "https://bao.example.vn/nguoi-dan-keu-vi-duong-ngap-1234567.htm"
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Page:
    html: bytes
    url: str
    layouts: tuple[LayoutSettings, ...]


def measure(pages: int, rounds: int, saved: Path | None, progress: Progress) -> list[Line]:
    """`pages`: how many are made up; `saved`: a folder of *.html, measured apart."""
    lines = _measured("", _invented(pages), rounds, progress)
    if saved is not None:
        lines += _measured(f", pages of {saved.name}/", _saved(saved), rounds, progress)
    return lines


def _invented(pages: int) -> list[Page]:
    return [
        Page(
            page(family, number, _URL, PUBLISHED).replace(UNIQUE, place_name(number)).encode(), _URL, layouts
        )
        for number in range(pages)
        for family in (FAMILIES[number % len(FAMILIES)],)
        for layouts in ((family.layout,),)
    ]


def _saved(folder: Path) -> list[Page]:
    """A gold.jsonl among them, as `dansinh extract` is measured by, tells the articles' addresses."""
    gold = folder / "gold.jsonl"
    told = [json.loads(line) for line in gold.read_text().splitlines()] if gold.exists() else []
    urls = {entry["id"]: entry["url"] for entry in told if entry["article"]}
    return [
        Page(file.read_bytes(), url, known_layouts(url))
        for file in sorted(folder.glob("*.htm*"))
        for url in (urls.get(file.stem, None if urls else _URL),)
        if url is not None
    ]


def _measured(where: str, pages: Sequence[Page], rounds: int, progress: Progress) -> list[Line]:
    if not pages:
        return [Absence(f"extraction{where}", "no article there")]
    size = sum(len(one.html) for one in pages) // len(pages) // 1000
    progress(f"reading {len(pages)} pages of {size} KB on average{where}")
    lines: list[Line] = []
    declared = [one for one in pages if one.layouts]
    if declared:
        ours, theirs = _in_turn(declared, rounds, as_declared=True)
        lines.append(_figure("layout declared", where, len(declared), ours, theirs, DECLARED_GOAL))
    ours, theirs = _in_turn(pages, rounds, as_declared=False)
    lines.append(_figure("layout not declared", where, len(pages), ours, theirs, UNDECLARED_GOAL))
    return lines


def _figure(how: str, where: str, pages: int, ours: float, theirs: float, goal: float) -> Figure:
    return Figure(
        f"extraction, {how}{where}",
        "trafilatura, same pages",
        theirs / ours,
        goal,
        seen=f"{pages / ours:.0f} and {pages / theirs:.0f} pages/s",
    )


def _in_turn(pages: Sequence[Page], rounds: int, *, as_declared: bool) -> tuple[float, float]:
    """Seconds of work for all pages: the crawler's and trafilatura's, each the median of some rounds.

    In turn, so that a machine that slows down slows both. Each goes through all pages before the other does:
    no page is read twice running, as none is in a crawl.
    """
    seen = [
        (_seconds(partial(_ours, pages, as_declared)), _seconds(partial(_theirs, pages)))
        for _ in range(rounds + 1)
    ]
    # The first round loads modules and compiles selectors.
    ours, theirs = zip(*seen[1:], strict=True)
    return median(ours), median(theirs)


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _ours(pages: Sequence[Page], as_declared: bool) -> None:
    for one in pages:
        extract(one.html, one.url, _HTML, layouts=one.layouts if as_declared else ())


def _theirs(pages: Sequence[Page]) -> None:
    for one in pages:
        bare_extraction(one.html)
