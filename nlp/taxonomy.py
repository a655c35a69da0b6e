"""The office's topics, terms and cues, and where a text holds them."""

import json
import zlib
from collections.abc import Iterator
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import ahocorasick
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nlp.text import Joined

TOPICS = (
    "land", "housing", "traffic", "water", "environment", "power", "education", "health",
    "labour", "security", "disaster", "administration", "justice", "market", "culture", "rural",
)  # fmt: skip
Terms = list[str]
BESIDE = 15
"""Syllables between two terms that belong together: about a clause."""


class TaxonomyError(ValueError):
    """A taxonomy file that cannot be used; the message names the file and what to mend."""


class Topic(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    terms: Terms = Field(min_length=1)


class Together(BaseModel):
    """Words that mean something only beside others: "chùa" beside "tranh chấp"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(min_length=1)
    terms: Terms = Field(min_length=1)
    beside: Terms = Field(min_length=1)


class Taxonomy(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    topics: dict[str, Topic]
    urgency_cues: dict[str, Terms]
    """"1" to "4"."""
    concern_frames: Terms
    answer_cues: Terms
    commendation_cues: Terms
    not_a_concern: dict[str, Terms]
    """foreign, sport, entertainment, advertising, …: what speaks against a local problem"""
    false_friends: Terms
    """phrases that hold a term and mean something else: "cháy vé" """
    restricted: dict[str, Terms]
    """religion, ethnicity, politics, protest: no topics; an item that touches them waits for a person"""
    restricted_together: list[Together] = Field(default_factory=list)
    abbreviations: dict[str, str]

    @cached_property
    def edition(self) -> str:
        """The version with a mark of the contents: who edits terms need not think of the version."""
        return f"{self.version}-{zlib.crc32(self.model_dump_json().encode()):08x}"

    def topic_name(self, topic: str) -> str:
        return self.topics[topic].name


class Hit(NamedTuple):
    group: str
    """topic | urgency | frame | answer | commendation | not | restricted; within the finder also friend,
    about, beside"""
    key: str
    """which topic, degree or kind of the group"""
    term: str
    first: int
    """indexes of its tokens: [first, last)"""
    last: int


def covers(outer: Hit, inner: Hit) -> bool:
    longer = outer.last - outer.first > inner.last - inner.first
    return longer and outer.first <= inner.first and inner.last <= outer.last


class TermFinder:
    """Finds every term as whole syllables, in one pass."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._automaton = ahocorasick.Automaton()
        entries: dict[str, list[tuple[str, str, str]]] = {}
        for group, key, term in _entries(taxonomy):
            entries.setdefault(Joined(term).string, []).append((group, key, term))
        for needle, meanings in entries.items():
            if needle.strip():
                self._automaton.add_word(needle, (len(needle), tuple(meanings)))
        self._automaton.make_automaton()

    def find(self, joined: Joined) -> list[Hit]:
        """In order of appearance; what stands inside a false friend is left out."""
        hits = []
        for end, (length, meanings) in self._automaton.iter(joined.string):
            first, last = joined.token_at(end - length + 2), joined.token_at(end - 1) + 1
            hits += [Hit(group, key, term, first, last) for group, key, term in meanings]
        friends = [(hit.first, hit.last) for hit in hits if hit.group == "friend"]
        kept = [
            hit for hit in hits
            if hit.group == "not" or not any(a <= hit.first and hit.last <= b for a, b in friends)
        ]  # fmt: skip
        kept = _together(kept)
        return sorted(kept, key=lambda hit: (hit.first, hit.last, hit.group, hit.key, hit.term))


def _together(hits: list[Hit]) -> list[Hit]:
    """A term that stands near enough to one of its company becomes restricted; the others are dropped."""
    company = [hit for hit in hits if hit.group == "beside"]
    near = [
        Hit("restricted", hit.key.partition(" ")[2], hit.term, hit.first, hit.last)
        for hit in hits
        if hit.group == "about"
        and any(
            other.key == hit.key and abs(other.first - hit.first) <= BESIDE and not _overlap(other, hit)
            for other in company
        )
    ]
    return [hit for hit in hits if hit.group not in {"friend", "about", "beside"}] + near


def _overlap(one: Hit, other: Hit) -> bool:
    return one.first < other.last and other.first < one.last


def _entries(taxonomy: Taxonomy) -> Iterator[tuple[str, str, str]]:
    for topic, content in taxonomy.topics.items():
        yield from (("topic", topic, term) for term in _spelled(content.terms, taxonomy))
    for degree, terms in taxonomy.urgency_cues.items():
        yield from (("urgency", degree, term) for term in terms)
    lists = {
        "frame": taxonomy.concern_frames,
        "answer": taxonomy.answer_cues,
        "commendation": taxonomy.commendation_cues,
        "friend": taxonomy.false_friends,
    }
    for group, terms in lists.items():
        yield from ((group, group, term) for term in terms)
    for group, families in (("not", taxonomy.not_a_concern), ("restricted", taxonomy.restricted)):
        for key, terms in families.items():
            yield from ((group, key, term) for term in terms)
    for number, pair in enumerate(taxonomy.restricted_together):
        key = f"{number} {pair.key}"
        yield from (("about", key, term) for term in pair.terms)
        yield from (("beside", key, term) for term in pair.beside)


def _spelled(terms: Terms, taxonomy: Taxonomy) -> Iterator[str]:
    """Each term, and again with its words abbreviated as the press does ("vi phạm PCCC")."""
    for term in terms:
        yield term
        for short, long in taxonomy.abbreviations.items():
            if long in term:
                yield term.replace(long, short)


@lru_cache(maxsize=8)
def load_taxonomy(path: Path | None = None) -> Taxonomy:
    """The file at `path`, or the one that ships here.

    Raises TaxonomyError with the file's name and what to mend.
    """
    name = str(path) if path else "nlp/data/taxonomy.json"
    try:
        text = (path or resources.files("nlp").joinpath("data/taxonomy.json")).read_text(encoding="utf-8")
        taxonomy = Taxonomy.model_validate(json.loads(text))
    except OSError as error:
        raise TaxonomyError(
            f"{name}: cannot be read ({error.strerror}); name another file or none"
        ) from error
    except UnicodeDecodeError as error:
        raise TaxonomyError(f"{name}: is not UTF-8 at byte {error.start}; save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise TaxonomyError(f"{name}: line {error.lineno}: not JSON ({error.msg}); mend the line") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole file"
        raise TaxonomyError(
            f"{name}: {where}: {first['msg']}; compare with nlp/data/taxonomy.json"
        ) from error
    _check(name, taxonomy)
    return taxonomy


def _check(name: str, taxonomy: Taxonomy) -> None:
    if unknown := sorted(taxonomy.topics.keys() - set(TOPICS)):
        raise TaxonomyError(f"{name}: topics: unknown key {unknown[0]!r}; the keys are {', '.join(TOPICS)}")
    if missing := [topic for topic in TOPICS if topic not in taxonomy.topics]:
        raise TaxonomyError(
            f"{name}: topics: {missing[0]!r} is missing; give it a name and at least one term"
        )
    if wrong := sorted(taxonomy.urgency_cues.keys() - {"1", "2", "3", "4"}):
        raise TaxonomyError(f"{name}: urgency_cues: unknown degree {wrong[0]!r}; the degrees are 1, 2, 3, 4")
