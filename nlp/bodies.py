"""Which public body an answer comes from, as the text names it: "Sở Xây dựng", "UBND xã Hòa An"."""

from collections.abc import Iterator, Sequence

from nlp.features import Field, Spot
from nlp.text import Token, segments

HEADS = frozenset((
    "sở", "bộ", "cục", "chi cục", "tổng cục", "ubnd", "hđnd", "ủy ban", "công an", "thanh tra", "điện lực",
    "ban quản lý", "ban chỉ huy", "quản lý thị trường", "thi hành án", "bảo hiểm xã hội", "kho bạc",
    "hải quan", "viện kiểm sát", "tòa án", "khu quản lý đường bộ", "cảnh sát", "csgt", "cơ quan điều tra",
))  # fmt: skip
LONGEST_HEAD = 5
MOST_SYLLABLES = 10
_LEVELS = frozenset(("tỉnh", "thành phố", "xã", "phường", "đặc khu", "tp", "huyện", "quận"))
_JOINTS = frozenset(("và", "nhân dân"))


def answering_body(fields: Sequence[Field]) -> Spot | None:
    """The first one named, with the words of its name; None where no body is named."""
    return next((spot for one in fields for spot in _bodies(one)), None)


def _bodies(one: Field) -> Iterator[Spot]:
    found = one.joined.tokens
    heads = [(first, _head(found, first)) for first in range(len(found)) if found[first].written[0].isupper()]
    if any(last for _, last in heads):
        words = segments(one.text[: one.read], found)
        yield from (
            Spot(one, first, _end_of_name(found, words, first, last)) for first, last in heads if last
        )


def _head(found: Sequence[Token], first: int) -> int:
    """Where the longest head that begins here ends; nought where none does."""
    for last in range(min(first + LONGEST_HEAD, len(found)), first, -1):
        words = found[first:last]
        if " ".join(token.norm for token in words) in HEADS and not any(token.broken for token in words[1:]):
            return last
    return 0


def _end_of_name(found: Sequence[Token], words: Sequence[tuple[int, int]], first: int, last: int) -> int:
    """A name goes on with words in capitals, with a level of government, and over joints between such."""
    end = last
    for begin, stop in words:
        if begin < last:
            continue
        said = " ".join(token.norm for token in found[begin:stop])
        if found[begin].broken or stop - first > MOST_SYLLABLES:
            break
        if found[begin].written[0].isupper() or (said in _LEVELS and end == begin):
            end = stop
        elif said not in _JOINTS:
            break
    return end
