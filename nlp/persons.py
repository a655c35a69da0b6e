"""Names of persons: after a form of address or a role, with an age, in a list, by their shape, told again."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from nlp.person_words import (
    ADDRESS,
    BEFORE_ADDRESS,
    CAPITALS,
    COMMON_SURNAMES,
    COUNTRIES,
    DIRECTIONS,
    DOUBTFUL_SURNAMES,
    FUNCTION_WORDS,
    MIDDLE,
    NOT_PERSONS,
    PLACE_WORDS,
    PLAIN_ADDRESS,
    POSTS,
    REGIONS,
    ROLE,
    SURNAMES,
    TITLE_HEADS,
    TITLES,
)
from nlp.text import folded_syllable

_WORD = rf"[{CAPITALS}][^\W\d_]{{0,24}}(?:['’ʼ-][^\W\d_]{{1,12}})?"
_INITIALS = rf"(?:[{CAPITALS}]\.){{1,5}}(?:[{CAPITALS}][^\W\d_]{{0,12}})?"
_PART = re.compile(rf"{_INITIALS}|{_WORD}")
_RUN = re.compile(
    rf"(?<![\w'’@.])(?:{_INITIALS}"
    rf"|{_WORD}(?:[^\S\n]{{1,3}}{_WORD}(?!\.[{CAPITALS}])){{0,8}}(?:[^\S\n]{_INITIALS})?)"
)
_REACH = 40
"""Characters looked at before a run."""
LONGEST = 5

_AGE = re.compile(
    r"\s{0,2}[(,–-]\s{0,2}(?:(?:SN|sn)\s{0,2}\d{2,4}|sinh (?:năm|ngày)|\d{1,3} ?(?:tuổi|t\b)"
    r"|(?:tạm |cùng )?trú|cùng ngụ|ngụ|quê|thường trú|nhà ở|nghề nghiệp|dân tộc|lớp \d"
    r"|ở (?:thôn|xã|phường|ấp|tổ|khu|số|bản|buôn|đường|phố|chung cư|TP|quận))"
)
_SAYS = re.compile(
    r"\s(?:khai|kể|nói|cho biết|cho hay|chia sẻ|bày tỏ|bức xúc|than|trình bày|thừa nhận|phản ánh"
    r"|tử vong|nhớ lại"
    r"|bị (?:bắt|khởi tố|tạm giữ|tông|thương)|tâm sự|lo lắng|kiến nghị|đã (?:khai|gửi|bị|tử)"
    r"|giải thích|nghẹn)\b"
)
_STANDS = re.compile(
    r"\s(?:khai|kể|nói|cho|chia|bày|bức|than|trình|thừa|bị|tử|nhớ|tâm|lo|kiến|đã|đang|cũng|vẫn|là|và"
    r"|được|phải"
    r"|gửi|viết|về|đi|chạy|ra|lên|mất|không|chưa|liền|lập|rất|sau|nghẹn|rơi|bật|chỉ|mới|từng|có)\b"
)
"""What follows a given name that stands alone at the head of a sentence."""
_CREDIT = re.compile(r"(?:Ảnh|Tác giả|Bài|Thực hiện|Đồ họa|Video|Clip)(?: và ảnh)?\s{0,2}:\s{0,2}$")
"""A photographer's or author's name follows: no byline is kept."""
_NUMBERED = re.compile(r"\d[A-Za-z]? $")
""" "45 Trần Phú" is a street."""
_LIST = re.compile(r"\s{0,2}(?:,|;|–|-)\s{1,2}(?:và\s)?|\s(?:và|cùng|với|hoặc)\s")
_AND_ADDRESS = re.compile(r"\s{0,2}(?:,|;|và|cùng)\s{1,2}$")
_HEAD = re.compile(r"(?:^|[.!?:;…\n\"“”‘'(\[–-])\s{0,3}$")
_OPENING = " \t\u00a0\"“'‘("
_BRACKETS = "(\"“'‘[/"
_MARKED = re.compile(r"[^\W\d_\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class _Run:
    """Capitalised syllables side by side, as [start, end) of the text."""

    start: int
    end: int
    spots: tuple[tuple[int, int], ...]
    parts: tuple[str, ...]
    """in lower case"""
    capitals: bool
    """in capitals throughout"""

    def part(self, first: int, last: int | None = None) -> "_Run":
        spots, parts = self.spots[first:last], self.parts[first:last]
        return _Run(spots[0][0], spots[-1][1], spots, parts, self.capitals)


def person_names(text: str) -> Iterator[tuple[int, int]]:
    """Spans of names, the forms of address left out; some may overlap."""
    told: list[tuple[int, int]] = []
    place = -1
    for match in _RUN.finditer(text):
        one, two = _words_before(text, match.start())
        addressed = one in ADDRESS or two in ADDRESS
        if not addressed and one not in PLACE_WORDS and " " not in match[0] and place < 0:
            continue
        run = _run(match)
        of_place = not addressed and _of_place(text, run, one, two, place)
        if of_place:
            place = run.end
        name = _in_place(run) if of_place else _name(text, run, one, two, told)
        if name:
            told.append((name.start, name.end))
            yield name.start, name.end
    yield from _again(text, told)


def _run(match: re.Match[str]) -> _Run:
    written, at = match[0], match.start()
    found = list(_PART.finditer(written))
    spots = tuple((at + part.start(), at + part.end()) for part in found)
    long = [part[0] for part in found if len(part[0]) > 1 and "." not in part[0]]
    capitals = bool(long) and all(part.isupper() for part in long)
    return _Run(at, match.end(), spots, tuple(part[0].lower() for part in found), capitals)


def _words_before(text: str, start: int) -> tuple[str, str]:
    """The last word and the last two in lower case; "" where punctuation parts them from the run."""
    # By hand: a pattern would be tried from each of the characters before.
    before = text[max(start - _REACH, 0) : start].rstrip(_OPENING)
    if before.endswith(":"):
        before = before[:-1].rstrip(_OPENING)
        if not before.endswith(("tên", "là")):
            return "", ""
    if not before or before[-1] == "\n":
        return "", ""
    words = before.rsplit(None, 2)
    one = words[-1].lstrip(_BRACKETS).lower()
    if not one.isalpha():
        return "", ""
    alone = len(words) < 2 or len(one) < len(words[-1]) or not words[-2].lstrip(_BRACKETS).isalpha()
    return (one, one) if alone else (one, f"{words[-2].lstrip(_BRACKETS).lower()} {one}")


def _of_place(text: str, run: _Run, one: str, two: str, place: int) -> bool:
    """The run is a street's, school's or unit's name, or follows such in a list."""
    if one in PLACE_WORDS or two in PLACE_WORDS:
        return not _follows_post(text, run)
    if len(run.parts) > 1 and run.parts[0] in PLACE_WORDS and not _may_be_name(text, run):
        return True
    if _NUMBERED.search(text, max(run.start - 3, 0), run.start):
        return not _may_be_name(text, run)
    return place >= 0 and run.start - place <= 8 and _LIST.fullmatch(text, place, run.start) is not None


def _may_be_name(text: str, run: _Run) -> bool:
    """ "Hồ Văn Tèo", "Đoàn Tùng (29 tuổi)": a surname that is a place's word too."""
    aged = run.parts[0] in SURNAMES and _AGE.match(text, run.end) is not None
    return aged or _by_shape(run) is not None


def _follows_post(text: str, run: _Run) -> bool:
    """ "Chủ tịch UBND phường Nguyễn Văn A" tells who, not where."""
    before = text[max(run.start - _REACH, 0) : run.start].lower()
    return _by_shape(run) is not None and any(post in before for post in POSTS)


def _in_place(run: _Run) -> _Run | None:
    """ "xã Minh Tân Nguyễn Văn Tèo": a full name behind a unit's."""
    for first in range(1, len(run.parts) - 2):
        if run.parts[first - 1] in PLACE_WORDS:
            return None
        if run.parts[first] in COMMON_SURNAMES and run.parts[first + 1] in {"văn", "thị"}:
            return _cut(run.part(first))
    return None


def _name(text: str, run: _Run, one: str, two: str, told: list[tuple[int, int]]) -> _Run | None:
    if run.parts[0] in ADDRESS and len(run.parts) > 1:
        return _with_own_address(text, run, one)
    if one in ADDRESS or two in ADDRESS:
        return _addressed(text, run, two)
    if run.parts[0] in SURNAMES and len(run.parts) > 1:
        told_so = _of_surname(text, run, two if two in ROLE else one, told)
        return told_so or _by_shape(run) or _plain_name(text, run, one)
    return _by_shape(run) or _plain_name(text, run, one) or _headed(text, run)


def _with_own_address(text: str, run: _Run, one: str) -> _Run | None:
    """ "Bà Trần Thị Na": the form of address begins the sentence and the run."""
    if text[run.start : run.start + 24].lower().startswith(NOT_PERSONS) or one in BEFORE_ADDRESS:
        return None
    # In the midst of a sentence a capital begins a proper name ("tại Bà Nà"), unless a surname follows.
    midst = not _HEAD.search(text, max(run.start - 5, 0), run.start)
    if midst and run.parts[1] not in SURNAMES and not run.capitals:
        return None
    return _addressed(text, run.part(1), "")


def _addressed(text: str, run: _Run, two: str) -> _Run | None:
    before = two.split()[0] if " " in two else ""
    if text[run.start : run.start + 20].lower().startswith(TITLES) or before in BEFORE_ADDRESS:
        return None
    if " ".join(run.parts[:2]) in REGIONS | _provinces() or (
        len(run.parts) == 1 and run.parts[0] in COUNTRIES and two.endswith(("gia đình", "chồng", "vợ", "anh"))
    ):
        return None
    return _cut(run)


def _of_surname(text: str, run: _Run, role: str, told: list[tuple[int, int]]) -> _Run | None:
    """Two syllables, the first a surname, are a name only where something says so."""
    if _AGE.match(text, run.end) or _CREDIT.search(text, max(run.start - 20, 0), run.start):
        return _cut(run)
    if len(run.parts) > LONGEST or " ".join(run.parts) in _eponyms() | _provinces():
        return None
    listed = told and run.start - told[-1][1] < 8 and _LIST.fullmatch(text, told[-1][1], run.start)
    says = _SAYS.match(text, run.end) is not None and run.parts[-1] in _syllables()
    known = run.parts[0] in COMMON_SURNAMES
    return _cut(run) if (known and (listed or says)) or (role in ROLE and len(run.parts) > 2) else None


def _by_shape(run: _Run) -> _Run | None:
    """ "Nguyễn Văn Tèo": a surname and two or three syllables that names are made of."""
    if len(run.parts) < 3 or run.parts[0] not in COMMON_SURNAMES | _plain_surnames() or _is_known(run):
        return None
    first, middle = run.parts[:2]
    if middle in {"van", "thi"}:
        return _cut(run)
    if first not in COMMON_SURNAMES:
        return None
    if run.capitals or len(run.parts) > LONGEST or first in DOUBTFUL_SURNAMES:
        return _cut(run) if middle in MIDDLE else None
    made = middle in MIDDLE or all(part in _syllables() for part in run.parts[1:])
    return _cut(run) if made else None


def _is_known(run: _Run) -> bool:
    """A name that streets, schools and units bear, or a province's."""
    name = " ".join(run.parts)
    known = _eponyms() | _provinces()
    return name in known or " ".join(run.parts[:3]) in known


def _headed(text: str, run: _Run) -> _Run | None:
    """ "Theo Nguyễn Văn Tèo": the first word of a sentence stands in the run."""
    if len(run.parts) < 4 or run.parts[0] in PLACE_WORDS:
        return None
    if _HEAD.search(text, max(run.start - 5, 0), run.start) or run.capitals:
        return _by_shape(run.part(1)) or _in_place(run)
    return _in_place(run)


def _is_plain(text: str, run: _Run) -> bool:
    """In a line without diacritics."""
    return run.parts[0] in _plain_surnames() and not _MARKED.search(
        text, max(run.start - _REACH, 0), run.end + _REACH
    )


def _plain_name(text: str, run: _Run, one: str) -> _Run | None:
    """ "ong Nguyen Van Teo", "bat giam Nguyen Huu Teo"."""
    if len(run.parts) < 2 or not _is_plain(text, run) or _folded(run.parts) in _plain_known():
        return None
    named = one in PLAIN_ADDRESS or (len(run.parts) > 2 and run.parts[1] in _plain_middle())
    return _cut(run) if named else None


def _cut(run: _Run) -> _Run:
    """Up to a post or another word that belongs to no name."""
    longest = 4 if run.capitals else LONGEST
    last = 1
    while last < min(len(run.parts), longest) and run.parts[last] not in TITLE_HEADS:
        # In capitals nothing shows where the name ends: its third syllable may be any, its fourth may not.
        if run.capitals and run.parts[last] not in _name_parts() and (last != 2 or _ends_at_two(run)):
            break
        last += 1
    return run.part(0, last)


def _ends_at_two(run: _Run) -> bool:
    return run.parts[2] in FUNCTION_WORDS or run.parts[1] not in MIDDLE | _name_parts()


def _again(text: str, told: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """A full name told once is masked wherever it stands, and so is its given name where it stands alone."""
    full = {text[start:end] for start, end in told if " " in text[start:end]}
    given = {name.split()[-1] for name in full}
    given = {
        n for n in given if len(n) > 1 and "." not in n and n.lower() not in COUNTRIES and not n.isupper()
    }
    if not full:
        return
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(full | given, key=len, reverse=True))) + r")(?!\w)"
    )
    for match in pattern.finditer(text):
        whole = match[0] in full
        one, _ = _words_before(text, match.start())
        if one not in PLACE_WORDS and (whole or _alone(text, match, one)):
            yield match.span()


def _alone(text: str, match: re.Match[str], one: str) -> bool:
    after = text[match.end() : match.end() + 2].strip()
    if after[:1].isupper() or one in DIRECTIONS or _capital_before(text, match.start()):
        return False
    midst = not _HEAD.search(text, max(match.start() - 5, 0), match.start())
    return midst or _STANDS.match(text, match.end()) is not None


def _capital_before(text: str, start: int) -> bool:
    """Right before stands a capitalised word of a longer name; "Theo Khải" begins a sentence."""
    before = text[max(start - _REACH, 0) : start]
    words = before.rsplit(None, 1)
    if not words or not before[-1].isspace() or not words[-1][0].isupper() or not words[-1].isalpha():
        return False
    word_start = start - len(before) + before.rindex(words[-1])
    at_head = _HEAD.search(text, max(word_start - 5, 0), word_start) is not None
    return not (at_head and words[-1].lower() not in _name_parts())


@lru_cache(maxsize=1)
def _eponyms() -> frozenset[str]:
    by_hand = (name.strip() for line in _lines("eponyms.txt") for name in line.split(";"))
    counted = (fields[1] for fields in _counted("eponym"))
    return frozenset({*by_hand, *counted} - {""})


@lru_cache(maxsize=1)
def _provinces() -> frozenset[str]:
    return frozenset(fields[1] for fields in _counted("province"))


@lru_cache(maxsize=1)
def _syllables() -> frozenset[str]:
    return frozenset(fields[1] for fields in _counted("syllable"))


@lru_cache(maxsize=1)
def _name_parts() -> frozenset[str]:
    plain = {folded_syllable(part) for part in _syllables() | SURNAMES}
    return _syllables() | SURNAMES | plain | MIDDLE


@lru_cache(maxsize=1)
def _plain_surnames() -> frozenset[str]:
    return frozenset(folded_syllable(name) for name in COMMON_SURNAMES)


@lru_cache(maxsize=1)
def _plain_known() -> frozenset[str]:
    return frozenset(_folded(name.split()) for name in _eponyms() | _provinces())


@lru_cache(maxsize=1)
def _plain_middle() -> frozenset[str]:
    return frozenset(folded_syllable(part) for part in MIDDLE)


def _folded(parts: Iterable[str]) -> str:
    return " ".join(map(folded_syllable, parts))


def _counted(kind: str) -> Iterator[list[str]]:
    return (fields for line in _lines("names.tsv") if (fields := line.split("\t"))[0] == kind)


def _lines(name: str) -> list[str]:
    text = resources.files("nlp").joinpath("data", name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
