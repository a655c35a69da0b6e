"""How fast pages are read, against trafilatura as it comes, on the same pages."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from trafilatura import bare_extraction

from bench.invented.pages import FAMILIES, UNIQUE, page
from bench.invented.words import place_name
from bench.newspapers import PUBLISHED
from bench.table import Absence, Figure, Line, Progress
from crawler.extraction import extract
from crawler.settings import LayoutSettings

DECLARED_GOAL = 6.0
UNDECLARED_GOAL = 1.0
_URL = "https://bao.example.vn/nguoi-dan-keu-vi-duong-ngap-1234567.htm"
_HTML = "text/html; charset=utf-8"


def measure(pages: int, rounds: int, saved: Path | None, progress: Progress) -> list[Line]:
    """`pages`: how many are made up; `saved`: a folder of *.html, measured apart."""
    lines = _invented(pages, rounds, progress)
    if saved is not None:
        lines += _saved(saved, rounds, progress)
    return lines


def _invented(pages: int, rounds: int, progress: Progress) -> list[Line]:
    progress(f"making {pages} invented pages")
    made = [
        (page(family, number, _URL, PUBLISHED).replace(UNIQUE, place_name(number)).encode(), (family.layout,))
        for number in range(pages)
        for family in (FAMILIES[number % len(FAMILIES)],)
    ]
    size = sum(len(html) for html, _ in made) // len(made) // 1000
    progress(f"reading {pages} pages of {size} KB on average")
    declared, undeclared, plain = _in_turn(made, rounds)
    return [
        Figure(
            "extraction, layout declared", "trafilatura, same pages", plain / declared, DECLARED_GOAL,
            seen=f"{pages / declared:.0f} and {pages / plain:.0f} pages/s of {size} KB",
        ),
        Figure(
            "extraction, layout not declared", "trafilatura, same pages", plain / undeclared, UNDECLARED_GOAL,
            seen=f"{pages / undeclared:.0f} and {pages / plain:.0f} pages/s of {size} KB",
        ),
    ]  # fmt: skip


def _saved(folder: Path, rounds: int, progress: Progress) -> list[Line]:
    files = sorted(folder.glob("*.htm*"))
    if not files:
        return [Absence("extraction, saved pages", f"no *.html in {folder}")]
    progress(f"reading {len(files)} saved pages of {folder}")
    made = [(file.read_bytes(), ()) for file in files]
    _, undeclared, plain = _in_turn(made, rounds)
    size = sum(len(html) for html, _ in made) // len(made) // 1000
    return [
        Figure(
            "extraction, saved pages, not declared", "trafilatura, same pages", plain / undeclared,
            UNDECLARED_GOAL,
            seen=f"{len(made) / undeclared:.0f} and {len(made) / plain:.0f} pages/s of {size} KB",
        )
    ]  # fmt: skip


def _in_turn(
    pages: Sequence[tuple[bytes, tuple[LayoutSettings, ...]]], rounds: int
) -> tuple[float, float, float]:
    """Seconds for all pages: with their layouts, without, and by trafilatura.

    Each page is read by all three before the next, so that a machine that slows down slows all alike; of the
    rounds the median of each page counts.
    """
    totals = [0.0, 0.0, 0.0]
    for html, layouts in pages:
        readers: tuple[Callable[[], object], ...] = (
            lambda html=html, layouts=layouts: extract(html, _URL, _HTML, layouts=layouts),  # type: ignore[misc]
            lambda html=html: extract(html, _URL, _HTML),  # type: ignore[misc]
            lambda html=html: bare_extraction(html),  # type: ignore[misc]
        )
        for reader in readers:
            reader()
        seen: list[list[float]] = [[], [], []]
        for _ in range(rounds):
            for number, reader in enumerate(readers):
                began = time.perf_counter()
                reader()
                seen[number].append(time.perf_counter() - began)
        for number, times in enumerate(seen):
            totals[number] += median(times)
    return totals[0], totals[1], totals[2]
