"""What is looked for on a page: by axe, and what axe cannot see."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
GOOD_PRACTICE = "best-practice"
OPTIONS = {
    "runOnly": {"type": "tag", "values": [*WCAG, GOOD_PRACTICE]},
    "resultTypes": ["violations"],
    # What stands in a frame is a page of its own; in a frame without scripts axe would wait for ever.
    "iframes": False,
}
WIDTHS = (1280, 640, 390, 320)
"""pixels: a desk's screen; the same at 200 % zoom; a telephone; the same screen at 400 %"""
AXE_AT = {1280, 390}
HEIGHT = 900
_AXE = Axe()

UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"
TWICE = """() => {
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  return ids.filter((one, place) => ids.indexOf(one) !== place);
}"""
TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide <= 0) return null;
  const out = [...document.body.querySelectorAll('*')]
    .filter(e => e.getBoundingClientRect().right > innerWidth + 1);
  return `${wide} px too wide: ` + out.slice(-3).map(e => e.outerHTML.slice(0, 120)).join(' | ');
}"""
WATCH_FOCUS = """() => {
  const shown = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
  const asked = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  window.seen = new Set();
  window.unmarked = [];
  // Of radio buttons with one name Tab stops at one.
  const group = e => e.type === 'radio' ? `${e.form?.action}#${e.name}` : e;
  window.left = () => [...document.querySelectorAll(asked)]
    .filter(e => shown(e) && !e.disabled && e.tabIndex >= 0 && !window.seen.has(group(e)))
    .map(e => e.outerHTML.slice(0, 160));
  // In a drawing it is what a link holds that shows it.
  const asShown = s => [s.outline, s.boxShadow, s.stroke, s.strokeWidth, s.borderColor, s.backgroundColor];
  const look = e => [e, ...[...e.querySelectorAll('*')].slice(0, 4)]
    .map(one => asShown(getComputedStyle(one))).join();
  const before = new Map([...document.querySelectorAll(asked)].map(e => [e, look(e)]));
  document.addEventListener('focusin', event => {
    const one = event.target;
    window.seen.add(group(one));
    if (before.get(one) === look(one)) window.unmarked.push(one.outerHTML.slice(0, 160));
  });
  const positive = [...document.querySelectorAll('[tabindex]')].filter(e => e.tabIndex > 0);
  return {stops: window.left().length, positive: positive.map(e => e.outerHTML.slice(0, 160))};
}"""


def look(page: Page) -> tuple[list[str], list[str]]:
    """What hinders somebody on the page as it stands, and what is only bad practice."""
    faults, practice = [], []
    page.evaluate(UNFOLD)
    faults += _by_tab(page)
    faults += [f"two elements with one id: {one}" for one in page.evaluate(TWICE)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if wide := page.evaluate(TOO_WIDE):
            faults.append(f"{width}: {wide}")
        if width not in AXE_AT:
            continue
        for found in _AXE.run(page, options=OPTIONS).response["violations"]:
            told = practice if GOOD_PRACTICE in found["tags"] else faults
            told.append(f"{width}: {_words(found)}")
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    return faults, practice


def _by_tab(page: Page) -> list[str]:
    """Everything that can be used is reached by Tab, and shows that it is."""
    found = page.evaluate(WATCH_FOCUS)
    for _ in range(found["stops"] + 1):
        page.keyboard.press("Tab")
    missed, unmarked = page.evaluate("[window.left(), window.unmarked]")
    told = {
        "tabindex above 0": found["positive"],
        "not reached by Tab": missed,
        "focus not to be seen": unmarked,
    }
    return [f"{what}, {len(ones)} times: {' | '.join(ones[:3])}" for what, ones in told.items() if ones]


def _words(violation: dict[str, Any]) -> str:
    nodes = "\n    ".join(
        f"{node['target']} {node['html'][:160]} ({_reasons(node)})" for node in violation["nodes"][:6]
    )
    return f"{violation['id']} ({len(violation['nodes'])} times): {violation['help']}\n    {nodes}"


def _reasons(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])[:200]
