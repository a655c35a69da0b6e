"""What a model was worth, for people: a table, the curve of costs and the reliability of its scores.

The pictures are SVG, written by hand: two line charts need no library.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nlp.measure import Figures

WIDTH, HEIGHT, MARGIN = 560, 400, 56
BANDS = 10
COSTS = ((1.0, "#1f5fa8"), (1.5, "#b3541e"), (3.0, "#3c7a3c"))
"""What an overlooked concern costs against a false alarm."""

Told = Sequence[tuple[float, bool]]
"""score of an item not learned from, and whether it was a concern"""


def expected_cost(told: Told, threshold: float, ratio: float) -> float:
    """Per 100 items: false alarms, and `ratio` times what was overlooked."""
    false = sum(score >= threshold and not concern for score, concern in told)
    overlooked = sum(score < threshold and concern for score, concern in told)
    return 100 * (false + ratio * overlooked) / len(told) if told else 0.0


def cheapest(told: Told, ratio: float) -> float:
    """The threshold, in hundredths, of the least expected cost; the middle one of equals."""
    costs = {step: expected_cost(told, step / 100, ratio) for step in range(5, 96)}
    least = min(costs.values())
    equal = [step for step, cost in costs.items() if cost == least]
    return equal[len(equal) // 2] / 100


def reliability(told: Told) -> list[tuple[float, float, int]]:
    """By bands of a tenth: mean score, share of concerns, items; empty bands are left out."""
    bands: list[list[tuple[float, bool]]] = [[] for _ in range(BANDS)]
    for score, concern in told:
        bands[min(int(score * BANDS), BANDS - 1)].append((score, concern))
    return [
        (sum(s for s, _ in band) / len(band), sum(c for _, c in band) / len(band), len(band))
        for band in bands
        if band
    ]


def write_report(folder: Path, told: Told, figures: dict[str, Figures]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "costs.svg": _costs(told),
        "reliability.svg": _reliability(told),
        "figures.md": _table(told, figures),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]


def _table(told: Told, figures: dict[str, Figures]) -> str:
    names = list(next(iter(figures.values())).to_dict()) if figures else []
    lines = ["| measured on | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"] if names else []
    for name, one in figures.items():
        lines.append(f"| {name} | " + " | ".join(f"{value:.3f}" for value in one.to_dict().values()) + " |")
    lines += [
        "",
        "| an overlooked concern costs | cheapest threshold | cost per 100 items |",
        "|---|---|---|",
    ]
    for ratio, _ in COSTS:
        best = cheapest(told, ratio)
        cost = expected_cost(told, best, ratio)
        lines.append(f"| {ratio:g} false alarms | {best:.2f} | {cost:.1f} |")
    lines += ["", "| mean score | share of concerns | items |", "|---|---|---|"]
    lines += [f"| {mean:.2f} | {share:.2f} | {count} |" for mean, share, count in reliability(told)]
    return "\n".join(lines) + "\n"


def _costs(told: Told) -> str:
    steps = [step / 100 for step in range(5, 96)]
    curves = {ratio: [expected_cost(told, step, ratio) for step in steps] for ratio, _ in COSTS}
    top = max(max(curve) for curve in curves.values()) or 1.0
    parts = [
        _line([(x, y / top) for x, y in zip(steps, curves[ratio], strict=True)], colour)
        for ratio, colour in COSTS
    ]
    for row, (ratio, colour) in enumerate(COSTS):
        words = f"an overlooked concern = {ratio:g} false alarms; least at {cheapest(told, ratio):.2f}"
        parts.append(_text(MARGIN + 12, MARGIN + 4 + 18 * row, words, colour))
    return _chart("threshold", f"cost per 100 items (top: {top:.0f})", parts)


def _reliability(told: Told) -> str:
    bands = reliability(told)
    points = [(mean, share) for mean, share, _ in bands]
    parts = [_line([(0.0, 0.0), (1.0, 1.0)], "#999999"), _line(points, COSTS[0][1])]
    for mean, share, count in bands:
        x, y = _place(mean, share)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{COSTS[0][1]}"/>')
        parts.append(_text(x + 6, y + 14, str(count), "#555555"))
    return _chart("mean score", "share of concerns", parts)


def _chart(across: str, up: str, parts: Iterable[str]) -> str:
    left, bottom = _place(0, 0)
    right, top = _place(1, 1)
    ticks = [
        _text(_place(n / 10, 0)[0] - 9, bottom + 18, f"{n / 10:.1f}", "#333333") for n in range(0, 11, 2)
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">',
            '<g font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
            f'<path d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#333333"/>',
            *ticks,
            _text((left + right) / 2 - 30, HEIGHT - 12, across, "#333333"),
            _text(left - 30, top - 14, up, "#333333"),
            *parts,
            "</g></svg>\n",
        ]
    )


def _line(points: Sequence[tuple[float, float]], colour: str) -> str:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_place(*point) for point in points))
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _place(x: float, y: float) -> tuple[float, float]:
    return MARGIN + x * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - y * (HEIGHT - 2 * MARGIN)


def _text(x: float, y: float, words: str, colour: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" fill="{colour}">{words}</text>'
