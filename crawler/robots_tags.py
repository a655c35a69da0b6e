"""What a page says of its own keeping: the X-Robots-Tag of its answer, or its meta element `robots`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class RobotsTags:
    no_index: bool = False
    """is not to be found anywhere: nothing of it may be kept"""
    no_archive: bool = False
    """may be named and linked, but no copy of its text may be kept"""


# Rules that have a value of their own after a colon: what stands before it is no crawler's name.
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_ADDRESSED = re.compile(r"([\w.!#$&+^`|~*-]+)\s*:\s*(.*)", re.DOTALL)
_NO_INDEX = frozenset({"noindex", "none"})
_NO_ARCHIVE = frozenset({"noarchive", "nocache"})


def parse(values: Iterable[str], agent_token: str) -> RobotsTags:
    """`values`: of each header or meta element its whole value, or several joined by line ends;
    `agent_token`: as `product_token` gives it.

    "othercrawler: noindex" is said to another, and so is what follows it in the same value; what is said to
    all and what is said to this crawler add up. Unknown rules are passed over.
    """
    lines = (line for value in values for line in value.splitlines())
    rules = {rule for line in lines for rule in _rules_for(line, agent_token.lower())}
    return RobotsTags(no_index=bool(rules & _NO_INDEX), no_archive=bool(rules & _NO_ARCHIVE))


def product_token(agent: str) -> str:
    """The name by which a site speaks to the crawler: "DanSinh" of "DanSinh/0.1 (+…)" (RFC 9309, 2.2.1)."""
    return re.split(r"[/\s(]", agent.strip(), maxsplit=1)[0]


def _rules_for(value: str, agent: str) -> Iterable[str]:
    meant = True
    for part in value.lower().split(","):
        rule = part.strip()
        addressed = _ADDRESSED.fullmatch(rule)
        if addressed and addressed[1] not in _VALUED:
            meant = addressed[1] in {agent, "*"}
            rule = addressed[2].strip()
        if meant:
            yield rule
