"""Names of units as a text writes them: with their type, abbreviated, bare, with or without diacritics."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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

_STREETS = {"đường", "phố", "ngõ", "hẻm", "ngách", "đại lộ", "quốc lộ"}
_LOCATIVES = {"ở", "tại", "về", "qua", "đến", "tới", "từ", "thuộc", "vào"}
_PLURALS = {"các", "những", "hai", "ba", "bốn", "nhiều", "mấy", "2", "3", "4", "5"}
_SURNAMES = {
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đào", "đoàn", "trịnh", "đinh", "lương", "mai", "trương", "cao", "tạ", "châu", "quách",
}  # fmt: skip
_NOT_PLACES = {"thai binh duong", "dai tay duong", "nobel hoa binh"}
"""Capitalised phrases that hold a unit's name and are none."""


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
    exact: bool
    """spelled with its own diacritics, or all without"""
    listed: bool = False
    """one of "các xã A, B và C" """

    @property
    def units(self) -> tuple[Named, ...]:
        """Those of its level."""
        return tuple(n for n in self.named if n.level == self.level)


class Scanner:
    def __init__(self, units: Units, text: str, found: list[Token]) -> None:
        self._units = units
        self._text = text
        self._tokens = found

    def mentions(self) -> Iterator[Mention]:
        index, before = 0, None
        while index < len(self._tokens):
            mention = self._at(index, before)
            if mention:
                yield mention
                before = mention
                index = mention.last
            else:
                index += 1

    def _at(self, index: int, before: Mention | None) -> Mention | None:
        glued = self._glued(index)
        if glued:
            return glued
        kind, after = self._type(index)
        if kind:
            mention = self._named(after, index, kind)
            if mention:
                return mention
        return self._bare(index, before)

    def _type(self, index: int) -> tuple[str, int]:
        """The type that begins at this token and the index after it; ("", index) where there is none."""
        token = self._tokens[index]
        for length in (2, 1):
            parts = tuple(t.norm for t in self._tokens[index : index + length])
            known = _FULL.get(parts) or (_FOLDED.get(parts) if all(p.isascii() for p in parts) else None)
            if known:
                return known, index + length + self._island(index + length)
        if token.norm in _ABBREVIATED and token.written[0].isupper():
            dotted = self._text[token.end : token.end + 1] == "."
            if dotted or token.norm not in _NEED_DOT:
                return _ABBREVIATED[token.norm], index + 1
        return "", index

    def _island(self, index: int) -> int:
        """1 where "huyện đảo Lý Sơn" has its extra word."""
        return int(index < len(self._tokens) and self._tokens[index].norm == "đảo")

    def _glued(self, index: int) -> Mention | None:
        """ "P8", "Q1": letter and number in one token."""
        token = self._tokens[index]
        letter, number = token.norm[:1], token.norm[1:]
        if letter not in {"p", "q", "f"} or not (
            number.isdigit() and len(number) <= 2 and token.written[0].isupper()
        ):
            return None
        kind = _ABBREVIATED[letter]
        named = tuple(n for n in self._units.named(name_key(number)) if n.level in TYPES[kind])
        return self._mention(index, index, index + 1, kind, named, exact=True)

    def _windows(self, index: int, *, may_break: bool) -> Iterator[tuple[int, str]]:
        """(index after it, the name as written) of what may be one name from here, the longest first."""
        last = index
        while last < min(index + LONGEST_NAME, len(self._tokens)):
            token = self._tokens[last]
            if (last > index or not may_break) and token.broken:
                break
            if not (
                token.written[0].isupper() or token.written.isdigit() or (last > index and self._tied(last))
            ):
                break
            last += 1
        for end in range(last, index, -1):
            yield end, "".join(t.written for t in self._tokens[index:end])

    def _tied(self, index: int) -> bool:
        """A part after an apostrophe or hyphen may be lower case: "Ea T'ling"."""
        return self._text[self._tokens[index].start - 1] in "'’‘`-"

    def _named(self, index: int, start: int, kind: str) -> Mention | None:
        """The longest known name of this type from here; other types of the level where the type has none."""
        for end, written in self._windows(index, may_break=True):
            if index > start and self._gap_too_wide(index):
                return None
            known = [n for n in self._units.named(name_key(written)) if n.level in TYPES[kind]]
            if known and not (written.isdigit() and len(written) > 2):
                exact = _exact(known, written)
                named = tuple(exact or known)
                return self._mention(start, index, end, kind, named, exact=bool(exact) or written.isascii())
        return None

    def _gap_too_wide(self, index: int) -> bool:
        """Between a type and its name stands a space or a dot, never a comma."""
        gap = self._text[self._tokens[index - 1].end : self._tokens[index].start]
        return len(gap) > 3 or bool(gap.strip(" .\u00a0"))

    def _bare(self, index: int, before: Mention | None) -> Mention | None:
        token = self._tokens[index]
        if not token.written[0].isupper() or self._in_a_name(index):
            return None
        follows = before is not None and before.last + self._and(before.last) == index
        for end, written in self._windows(index, may_break=True):
            if self._blocked(index):
                return None
            known = _exact(self._units.named(name_key(written)), written, folded=follows)
            level = self._bare_level(known, index, end, before if follows else None)
            if level:
                named = tuple(n for n in known if n.level == level)
                listed = before is not None and follows and level == "commune"
                kind = before.type if before and listed else ""
                mention = self._mention(index, index, end, kind, named, exact=True)
                return replace(mention, listed=listed) if mention else None
        return None

    def _and(self, index: int) -> int:
        return int(index < len(self._tokens) and self._tokens[index].norm == "và")

    def _blocked(self, index: int) -> bool:
        for first in (index - 1, index):
            parts = (folded_syllable(t.written) for t in self._tokens[max(first, 0) : first + 3])
            if " ".join(parts) in _NOT_PLACES:
                return True
        return False

    def _in_a_name(self, index: int) -> bool:
        """After a surname or a street's word: "Trần Hà Giang", "đường Bắc Giang" are no provinces."""
        if index == 0 or self._tokens[index].broken:
            return False
        before = self._tokens[index - 1]
        return before.norm in _STREETS or (before.norm in _SURNAMES and before.written[0].isupper())

    def _bare_level(self, known: list[Named], index: int, end: int, before: Mention | None) -> Level | None:
        levels = {n.level for n in known}
        if "province" in levels:
            return "province"
        if before and before.level == "commune" and self._enumerates(before) and "commune" in levels:
            return "commune"
        if "district" in levels and (before or self._well_known(known) or self._locative(index)):
            return "district"
        if "commune" in levels and self._explained(end):
            return "commune"
        return None

    def _enumerates(self, before: Mention) -> bool:
        """ "các xã A, B và C": later names bear no type."""
        first = before.first
        return before.listed or (first > 0 and self._tokens[first - 1].norm in _PLURALS)

    def _locative(self, index: int) -> bool:
        return index > 0 and self._tokens[index - 1].norm in _LOCATIVES

    def _well_known(self, known: list[Named]) -> bool:
        """A city's or town's name borne in one province only is written without its type."""
        one_province = len({code for n in known for code in n.province_codes}) == 1
        return one_province and any(
            n.level == "district" and n.type in {"thành phố", "thị xã"} for n in known
        )

    def _explained(self, end: int) -> bool:
        """What follows is "(trước đây thuộc huyện …" or ", huyện …"."""
        index = end
        while index < min(end + 4, len(self._tokens)) and self._tokens[index].norm in {
            "trước",
            "đây",
            "nay",
            "thuộc",
            "cũ",
        }:
            index += 1
        if index >= len(self._tokens):
            return False
        kind, after = self._type(index)
        return (
            TYPES.get(kind, ("",))[-1] in {"district", "province"}
            and self._named(after, index, kind) is not None
        )

    def _mention(
        self, start: int, index: int, end: int, kind: str, named: tuple[Named, ...], *, exact: bool
    ) -> Mention | None:
        if not named or end <= index:
            return None
        level: Level = named[0].level
        if kind == "thành phố" and len({n.level for n in named}) > 1:
            # "thành phố Hải Dương" is the old town, "thành phố Đà Nẵng" the province-level city.
            cities = [n for n in named if n.level == "province" and n.type == kind]
            level = "province" if cities else "district"
        first, last = self._tokens[start], self._tokens[end - 1]
        return Mention(first.start, last.end, start, end, kind, level, named, exact)


def _exact(known: list[Named], written: str, *, folded: bool = False) -> list[Named]:
    """Those spelled as written; `folded`: a name without diacritics counts too."""
    if written.isdigit() or (folded and written.isascii()):
        return known
    spelled = accent_key(written)
    # An abbreviation or other spelling stands for the province alone; it is written with a capital letter.
    other = name_key(written) in OTHER_NAMES
    return [n for n in known if accent_key(n.name) == spelled or (other and n.level == "province")]
