"""Names of units as a text writes them: with their type, abbreviated, bare, with or without diacritics."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nlp.bare import LOCATIVES, before, is_abroad, is_other, names_on
from nlp.text import Token, folded_syllable
from nlp.units import OTHER_NAMES, TYPES, Level, Named, Units, accent_key, name_key

LONGEST_NAME = 7
"""Syllables of the longest name tried ("Bà Rịa - Vũng Tàu" has 4, the longest commune 6)."""

_FULL = {tuple(name.split()): name for name in TYPES}
_FOLDED = {tuple(folded_syllable(part) for part in parts): name for parts, name in _FULL.items()}
_ABBREVIATED = {
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
_BEGINS_TYPE = {parts[0] for parts in (*_FULL, *_FOLDED)} | set(_ABBREVIATED)
_PLAIN_TYPES = {parts[0] for parts in _FOLDED} - {parts[0] for parts in _FULL}
_QUARTER = re.compile(r"\s*(?:/|\.\d|-20|năm\b|quý\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
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
        index, last = 0, None
        while index < len(self._tokens):
            token = self._tokens[index]
            # Nothing else begins a mention, and most tokens are neither.
            begins = token.written[0].isupper() or token.norm in _BEGINS_TYPE
            mention = self._at(index, last) if begins else None
            if mention:
                yield mention
                last = mention
                index = mention.last
            else:
                index += 1

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
            parts = tuple(t.norm for t in self._tokens[index : index + length])
            known = _FULL.get(parts) or (_FOLDED.get(parts) if all(p.isascii() for p in parts) else None)
            if known:
                return known, index + length + self._island(index + length)
        if token.norm in _ABBREVIATED and token.written[0].isupper() and not self._initial(index):
            dotted = self._text[token.end : token.end + 1] == "."
            if dotted or token.norm not in _NEED_DOT:
                return _ABBREVIATED[token.norm], index + 1
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
        letter, number = token.norm[:1], token.norm[1:]
        if letter not in {"p", "q", "f"} or not (
            number.isdigit() and len(number) <= 2 and token.written[0].isupper()
        ):
            return None
        if letter == "q" and _QUARTER.match(self._text, token.end):
            return None
        if letter != "q" and not self._before_district(index + 1):
            return None
        kind = _ABBREVIATED[letter]
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

    def _windows(self, index: int) -> Iterator[tuple[int, str]]:
        """(index after it, the name as written) of what may be one name from here, the longest first."""
        last = index
        while last < min(index + LONGEST_NAME, len(self._tokens)):
            token = self._tokens[last]
            if (last > index and token.broken) or not (self._part(token) or self._tied(index, last)):
                break
            last += 1
        for end in range(last, index, -1):
            yield end, "".join(t.written for t in self._tokens[index:end])

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
        for end, written in self._windows(index):
            known = [n for n in self._units.named(name_key(written)) if n.level in TYPES[kind]]
            if known and not (written.isdigit() and len(written) > 2):
                return self._mention(start, index, end, kind, tuple(known))
        return None

    def _gap_too_wide(self, index: int) -> bool:
        """Between a type and its name stands a space or a dot, never a comma."""
        gap = self._text[self._tokens[index - 1].end : self._tokens[index].start]
        return len(gap) > 3 or bool(gap.strip(" .\u00a0"))

    def _bare(self, index: int, last: Mention | None) -> Mention | None:
        if not self._tokens[index].written[0].isupper():
            return None
        follows = last is not None and last.last + self._and(last.last) == index
        for end, written in self._windows(index):
            key = name_key(written)
            known = self._spelled(self._units.named(key), written, plain=follows or self._plain)
            level = self._bare_level(known, index, end, last if follows else None)
            if not level:
                continue
            if is_other(self._tokens, index, end, key) and not (
                last is not None and follows and self._tokens[index].broken
            ):
                return None
            named = tuple(n for n in known if n.level == level)
            listed = last is not None and follows and level == "commune"
            kind = last.type if last and listed else ""
            mention = self._mention(index, index, end, kind, named)
            return replace(mention, listed=listed) if mention else None
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
        if "commune" in levels and self._explained(end):
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
        towns = [n for n in known if n.level == "district" and n.type in {"thành phố", "thị xã"}]
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

    def _mention(
        self, start: int, index: int, end: int, kind: str, named: tuple[Named, ...]
    ) -> Mention | None:
        if not named or end <= index:
            return None
        written = "".join(t.written for t in self._tokens[index:end])
        if is_abroad(self._tokens, end, name_key(written)):
            return None
        level: Level = named[0].level
        if kind == "thành phố" and len({n.level for n in named}) > 1:
            # "thành phố Hải Dương" is the old town, "thành phố Đà Nẵng" the province-level city.
            cities = [n for n in named if n.level == "province" and n.type == kind]
            level = "province" if cities else "district"
        first, last = self._tokens[start], self._tokens[end - 1]
        # "xa Nghia Mai": where the type bears no diacritics, the name bears none either.
        plain = start == index or self._plain or self._tokens[start].norm in _PLAIN_TYPES
        spelled = frozenset(accent_key(n.name) for n in self._spelled(list(named), written, plain=plain))
        return Mention(
            first.start, last.end, start, end, kind, level, named, frozenset() if self._lower else spelled
        )
