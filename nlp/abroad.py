"""Whether a text speaks of another country: one is named and nothing Vietnamese is."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from nlp.text import Token, normalise

_NO_COUNTRY_AFTER = {
    "phường", "xã", "thôn", "ấp", "đường", "phố", "ngõ", "quận", "huyện", "cầu", "chợ", "sông",
    "ông", "bà", "anh", "chị", "cô", "em", "cháu", "bé", "thầy",
    "tiếng", "môn",
}  # fmt: skip
"""Before a name of one syllable: it is a street's, a commune's or a person's ("chị Nga", "phố Pháp")."""
_CLOCK = "giờ"
""" "giờ Việt Nam" stands in news from abroad."""

_PLAGUE = ("tả", "lợn", "heo")
""" "dịch tả lợn châu Phi" is no news from Africa."""
_SHORT = 4
"""Letters; a longer name is no Vietnamese syllable."""


@dataclass(frozen=True, slots=True)
class _Name:
    parts: tuple[str, ...]
    proper: bool
    """written with a capital: "châu Âu", but "nước ta" """


_Names = dict[str, list[_Name]]


def speaks_of_abroad(found: Sequence[Token]) -> bool:
    """A country, foreign city or institution is named; Vietnamese places are for the caller to look for."""
    abroad, home = _names()
    return any(_at(found, n, abroad) for n, token in enumerate(found) if token.norm in abroad) and not any(
        _at_home(found, n, home, abroad) for n, token in enumerate(found) if token.norm in home
    )


def _at_home(found: Sequence[Token], index: int, home: _Names, abroad: _Names) -> bool:
    length = _at(found, index, home)
    if not length or (index > 0 and found[index - 1].norm == _CLOCK):
        return False
    # "miền Trung Philippines" is not at home.
    after = index + length
    return after >= len(found) or found[after].broken or not _at(found, after, abroad)


def _at(found: Sequence[Token], index: int, names: _Names) -> int:
    """Syllables of the longest name that begins here; nought where none does."""
    for name in names.get(found[index].norm, ()):
        stretch = found[index : index + len(name.parts)]
        same = tuple(token.norm for token in stretch) == name.parts
        if same and not any(token.broken for token in stretch[1:]) and _is_name(found, index, name):
            return len(name.parts)
    return 0


def _is_name(found: Sequence[Token], index: int, name: _Name) -> bool:
    if not name.proper:
        return True
    if not found[index + len(name.parts) - 1].written[0].isupper() or _plague(found, index, name):
        return False
    return len(name.parts) > 1 or len(name.parts[0]) > _SHORT or _stands_alone(found, index)


def _plague(found: Sequence[Token], index: int, name: _Name) -> bool:
    return index > 0 and name.parts == ("châu", "phi") and found[index - 1].norm in _PLAGUE


def _stands_alone(found: Sequence[Token], index: int) -> bool:
    """ "Mỹ" and "Nga" are a country's names where no other capitalised syllable touches them."""
    before = found[index - 1] if index else None
    after = found[index + 1] if index + 1 < len(found) else None
    apart_after = after is None or after.broken
    if before is None or found[index].broken:
        # At the beginning of a sentence every word has a capital: "Mỹ phẩm giả", but "Mỹ: …".
        return apart_after
    return (
        not before.written[0].isupper()
        and before.norm not in _NO_COUNTRY_AFTER
        and (apart_after or (after is not None and not after.written[0].isupper()))
    )


@lru_cache(maxsize=1)
def _names() -> tuple[_Names, _Names]:
    text = resources.files("nlp").joinpath("data/abroad.json").read_text(encoding="utf-8")
    lists = json.loads(text)
    return _by_first(lists["abroad"]), _by_first(lists["home"])


def _by_first(names: Sequence[str]) -> _Names:
    table: _Names = {}
    for name in names:
        parts = tuple(normalise(name).lower().replace("-", " ").split())
        table.setdefault(parts[0], []).append(_Name(parts, any(c.isupper() for c in name)))
    return {first: sorted(known, key=lambda n: -len(n.parts)) for first, known in table.items()}
