"""Names of units as a text writes them: with their type, abbreviated, bare, with or without diacritics."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nlp.bare import LOCATIVES, before, is_abroad, is_other, names_on
from nlp.text import Kept, Token, folded_syllable, normalise
from nlp.units import KEY_PARTS, OTHER_NAMES, TYPES, Level, Named, Units, accent_key, name_key

LONGEST_NAME = 7
"""Syllables of the longest name tried ("Bà Rịa - Vũng Tàu" has 4, the longest commune 6)."""

_FULL = {tuple(name.split()): name for name in TYPES}
_TYPES = {tuple(folded_syllable(part) for part in parts): name for parts, name in _FULL.items()} | _FULL
"""Also without diacritics."""
ABBREVIATED = {
    "tp": "thành phố", "tx": "thị xã", "tt": "thị trấn", "đk": "đặc khu",
    "p": "phường", "x": "xã", "h": "huyện", "q": "quận", "t": "tỉnh", "f": "phường",
}  # fmt: skip
_NEED_DOT = {"p", "x", "h", "q", "t", "f"}
"""One letter is an abbreviation only with a dot ("P.8") or glued to a number ("Q1")."""

_PLURALS = {"các", "những", "hai", "ba", "bốn", "nhiều", "mấy", "2", "3", "4", "5"}
_HONORIFICS = {"ông", "bà", "anh", "chị", "em", "cháu", "cô", "chú", "bác", "thầy", "bé", "cụ"}
"""Before "H.Thanh" or "P.Tân": initials of a person, no abbreviated type."""
_FORMERLY = {"trước", "đây", "kia", "nay", "thuộc", "cũ"}
_MARKED = re.compile(r"[^\W\d_\x00-\x7f]")
"""A letter with a diacritic (or of another script)."""
_BEGINS_TYPE = {parts[0] for parts in _TYPES} | set(ABBREVIATED)
_PLAIN_TYPES = {parts[0] for parts in _TYPES} - {parts[0] for parts in _FULL}
_TOWNS = {"thành phố", "thị xã"}
_QUARTER = re.compile(r"\s*(?:/|\.\d|-20|năm\b|quý\b)", re.IGNORECASE)


class Mention(NamedTuple):
    start: int
    """offsets in the text, type included"""
    end: int
    first: int
    """indexes of its tokens: [first, last)"""
    last: int
    type: str
    level: Level
    named: tuple[Named, ...]
    """every unit the name may mean; "thành phố Huế" is two levels"""
    spelled: frozenset[str]
    """accent keys of the names spelled as written; of all of them where it is written without diacritics"""
    listed: bool = False
    """one of "các xã A, B và C" """

    @property
    def units(self) -> tuple[Named, ...]:
        """Those of its level."""
        return tuple(n for n in self.named if n.level == self.level)

    def exact(self, named: Iterable[Named]) -> list[Named]:
        """Those spelled as written."""
        return [n for n in named if accent_key(n.name) in self.spelled]


class Scanner:
    def __init__(self, units: Units, text: str, found: list[Token]) -> None:
        self._units = units
        self._text = text
        self._tokens = found
        self._plain = _MARKED.search(text) is None
        self._lower = text.islower()

    def mentions(self) -> Iterator[Mention]:
        after, last = 0, None
        begins = _may_begin(self._units)
        for index in [n for n, token in enumerate(self._tokens) if begins[token.written]]:
            if index >= after and (mention := self._at(index, last)):
                yield mention
                after, last = mention.last, mention

    def _at(self, index: int, last: Mention | None) -> Mention | None:
        glued = self._glued(index)
        if glued:
            return glued
        kind, after = self._type(index)
        if kind:
            mention = self._named(after, index, kind)
            if mention:
                return mention
        return self._bare(index, last)

    def _type(self, index: int) -> tuple[str, int]:
        """The type that begins at this token and the index after it; ("", index) where there is none."""
        token = self._tokens[index]
        if token.norm not in _BEGINS_TYPE:
            return "", index
        for length in (2, 1):
            known = _TYPES.get(tuple([t.norm for t in self._tokens[index : index + length]]))
            if known:
                return known, index + length + self._island(index + length)
        if token.norm in ABBREVIATED and token.written[0].isupper() and not self._initial(index):
            dotted = self._text[token.end : token.end + 1] == "."
            if dotted or token.norm not in _NEED_DOT:
                return ABBREVIATED[token.norm], index + 1
        return "", index

    def _initial(self, index: int) -> bool:
        """A person's: "chị H.Thanh", "N.T.H.Thanh"."""
        if index == 0 or len(self._tokens[index].norm) > 1:
            return False
        last = self._tokens[index - 1]
        return last.norm in _HONORIFICS or (
            len(last.norm) == 1 and last.written.isupper() and self._text[last.end : last.end + 1] == "."
        )

    def _island(self, index: int) -> int:
        """1 where "huyện đảo Lý Sơn" has its extra word."""
        return int(index < len(self._tokens) and self._tokens[index].norm == "đảo")

    def _glued(self, index: int) -> Mention | None:
        """ "P8", "Q1": letter and number in one token; "Q1/2026" is a quarter, "P1" and "F1" much else."""
        token = self._tokens[index]
        letter, number = token.norm[0], token.norm[1:]
        if not (_is_glued(token.norm) and token.written[0].isupper()):
            return None
        if letter == "q" and _QUARTER.match(self._text, token.end):
            return None
        if letter != "q" and not self._before_district(index + 1):
            return None
        kind = ABBREVIATED[letter]
        named = tuple(n for n in self._units.named(name_key(number)) if n.level in TYPES[kind])
        return self._mention(index, index, index + 1, kind, named)

    def _before_district(self, index: int) -> bool:
        if index >= len(self._tokens):
            return False
        token = self._tokens[index]
        kind, after = self._type(index)
        return (kind == "quận" or ("district" in TYPES.get(kind, ()) and after > index)) or (
            token.norm[:1] == "q" and token.norm[1:].isdigit()
        )

    def _known(self, index: int) -> list[tuple[int, str, list[Named]]]:
        """(index after it, its key, the units it may mean) of what may be one name from here, the longest
        first."""
        found = []
        key, number = "", KEY_PARTS[self._tokens[index].written].isdigit()
        for at, token in enumerate(self._tokens[index : index + LONGEST_NAME], index):
            if (at > index and token.broken) or not (self._part(token) or self._tied(index, at)):
                break
            key += KEY_PARTS[token.written]
            spelled = name_key(key) if number else key
            known = self._units.named(spelled)
            if known:
                found.append((at + 1, spelled, known))
            elif not (number or self._units.begins(key)):
                break
        return found[::-1]

    def _written(self, index: int, end: int) -> str:
        return "".join([token.written for token in self._tokens[index:end]])

    def _part(self, token: Token) -> bool:
        return token.written[0].isupper() or token.written.isdigit() or self._lower

    def _tied(self, first: int, index: int) -> bool:
        """A part after an apostrophe or hyphen may be lower case: "Ea T'ling"; so may "Nông trường"."""
        if index == first:
            return False
        farm = self._tokens[index].norm == "trường" and self._tokens[index - 1].norm == "nông"
        return farm or self._text[self._tokens[index].start - 1] in "'’‘`-"

    def _named(self, index: int, start: int, kind: str) -> Mention | None:
        """The longest known name of this type from here; other types of the level where the type has none."""
        if index >= len(self._tokens) or (index > start and self._gap_too_wide(index)):
            return None
        for end, _, named in self._known(index):
            known = tuple([n for n in named if n.level in TYPES[kind]])
            written = self._written(index, end)
            if known and not (written.isdigit() and len(written) > 2):
                return self._mention(start, index, end, kind, known)
        return None

    def _gap_too_wide(self, index: int) -> bool:
        """Between a type and its name stands a space or a dot, never a comma."""
        gap = self._text[self._tokens[index - 1].end : self._tokens[index].start]
        return len(gap) > 3 or bool(gap.strip(" .\u00a0"))

    def _bare(self, index: int, last: Mention | None) -> Mention | None:
        if not self._tokens[index].written[0].isupper():
            return None
        follows = last is not None and last.last + self._and(last.last) == index
        for end, key, named in self._known(index):
            known = self._spelled(named, self._written(index, end), plain=follows or self._plain)
            level = self._bare_level(known, index, end, last if follows else None)
            if not level:
                continue
            if is_other(self._tokens, index, end, key) and not (
                last is not None and follows and self._tokens[index].broken
            ):
                return None
            listed = last is not None and follows and level == "commune"
            kind = last.type if last and listed else ""
            meant = tuple([n for n in known if n.level == level])
            mention = self._mention(index, index, end, kind, meant)
            return mention._replace(listed=listed) if mention else None
        return None

    def _spelled(self, known: list[Named], written: str, *, plain: bool) -> list[Named]:
        """Those spelled as written; `plain`: a name without diacritics counts too."""
        if written.isdigit() or (plain and written.isascii()):
            return known
        spelled = accent_key(written)
        # An abbreviation or other spelling stands for the larger unit; it is written with a capital letter.
        other = name_key(written) in OTHER_NAMES
        return [n for n in known if accent_key(n.name) == spelled or (other and n.level != "commune")]

    def _and(self, index: int) -> int:
        return int(index < len(self._tokens) and self._tokens[index].norm == "và")

    def _bare_level(self, known: list[Named], index: int, end: int, last: Mention | None) -> Level | None:
        levels = {n.level for n in known}
        if "commune" in levels and self._explained(end, told=True):
            return "commune"
        if "province" in levels:
            return "province"
        if last and last.level == "commune" and self._enumerates(last) and "commune" in levels:
            return "commune"
        if "district" in levels and self._district(known, index, end, last):
            return "district"
        if "commune" in levels and (self._explained(end) or self._in_province(known, index, end)):
            return "commune"
        return None

    def _district(self, known: list[Named], index: int, end: int, last: Mention | None) -> bool:
        if names_on(self._tokens, end):
            return False
        return bool(last) or self._well_known(known) or before(self._tokens, index, LOCATIVES)

    def _enumerates(self, last: Mention) -> bool:
        """ "các xã A, B và C": later names bear no type."""
        first = last.first
        return last.listed or (first > 0 and self._tokens[first - 1].norm in _PLURALS)

    def _well_known(self, known: list[Named]) -> bool:
        """A city's or town's name borne by no other city is written without its type."""
        towns = [n for n in known if n.level == "district" and n.type in _TOWNS]
        return len({code for n in towns for code in n.province_codes}) == 1

    def _explained(self, end: int, *, told: bool = False) -> bool:
        """What follows is "(trước đây thuộc huyện …" or ", huyện …"; `told`: only the former."""
        index = end
        while index < min(end + 4, len(self._tokens)) and self._tokens[index].norm in _FORMERLY:
            index += 1
        if index >= len(self._tokens) or (told and index == end):
            return False
        kind, after = self._type(index)
        return (
            TYPES.get(kind, ("",))[-1] in {"district", "province"}
            and self._named(after, index, kind) is not None
        )

    def _in_province(self, known: list[Named], index: int, end: int) -> bool:
        """ "ở Mường Than (Lai Châu)": a commune in force of the province that stands behind."""
        if not before(self._tokens, index, LOCATIVES) or not self._aside(end):
            return False
        provinces = {
            code for _, _, named in self._known(end) for n in named if n.level == "province"
            for code in n.province_codes
        }  # fmt: skip
        return any(
            n.until is None and n.level == "commune" and provinces & {*n.province_codes} for n in known
        )

    def _aside(self, index: int) -> bool:
        """A bracket or a comma stands before."""
        if index >= len(self._tokens):
            return False
        return self._text[self._tokens[index - 1].end : self._tokens[index].start].strip() in {"(", ","}

    def _mention(
        self, start: int, index: int, end: int, kind: str, named: tuple[Named, ...]
    ) -> Mention | None:
        if not named or end <= index:
            return None
        written = self._written(index, end)
        if is_abroad(self._tokens, end, name_key(written)):
            return None
        level: Level = named[0].level
        if kind == "thành phố" and len({n.level for n in named}) > 1:
            level = _level_of_city(named)
        first, last = self._tokens[start], self._tokens[end - 1]
        # "xa Nghia Mai": where the type bears no diacritics, the name bears none either.
        plain = start == index or self._plain or self._tokens[start].norm in _PLAIN_TYPES
        spelled = frozenset(accent_key(n.name) for n in self._spelled(list(named), written, plain=plain))
        return Mention(
            first.start, last.end, start, end, kind, level, named, frozenset() if self._lower else spelled
        )


def _level_of_city(named: Sequence[Named]) -> Level:
    """ "thành phố Hải Dương" is the old town, "thành phố Đà Nẵng" the province-level city; where there is no
    town either, as of "thành phố Quảng Ninh", the province is meant."""
    cities = any(n.level == "province" and n.type == "thành phố" for n in named)
    towns = any(n.level == "district" and n.type in _TOWNS for n in named)
    return "district" if towns and not cities else "province"


def _is_glued(norm: str) -> bool:
    """Of "p8" and "q1"."""
    return norm[0] in "pqf" and 1 < len(norm) <= 3 and norm[1:].isdigit()


@lru_cache(maxsize=1)
def _may_begin(units: Units) -> Kept[bool]:
    """Whether a mention can begin with a syllable: most can begin none, and need no closer look."""
    return Kept(
        lambda written: (
            (norm := normalise(written).lower()) in _BEGINS_TYPE
            or (written[0].isupper() and (_is_glued(norm) or units.begins(KEY_PARTS[written])))
        )
    )
