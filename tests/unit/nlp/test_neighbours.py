"""The index says what `similarity` says, however texts came into it. Texts are invented."""

import pytest

from nlp import neighbours
from nlp.neighbours import Neighbours
from nlp.similarity import Vector, similarity, vector

PLACES = ("chợ Bến Cá", "cầu Gỗ", "hẻm Hoa Gạo", "trường Sông Con", "bãi Đá Bạc")
TROUBLES = ("ngập nước sau mưa", "rác bốc mùi", "mất điện kéo dài", "đường đầy ổ gà")


def texts() -> list[Vector]:
    found = [
        vector(f"{place} {trouble}", f"Người dân quanh {place} kiến nghị vì {trouble}.", None)
        for place in PLACES
        for trouble in TROUBLES
    ]
    return [vector("", None, None), *found]


@pytest.fixture
def small_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "MOST_PACKED", 8)


@pytest.mark.usefixtures("small_packs")
@pytest.mark.parametrize("together", [1, 2, 5, 21])
def test_the_figures_are_those_of_similarity(together: int) -> None:
    held = Neighbours()
    kept = texts()
    for first in range(0, len(kept), together):
        held.add(kept[first : first + together])
    assert len(held) == len(kept)
    for asked in kept:
        expected = [similarity(asked, text) for text in kept]
        assert held.similarities(asked).tolist() == pytest.approx(expected, abs=1e-3)


@pytest.mark.usefixtures("small_packs")
def test_packs_are_merged_up_to_a_size() -> None:
    held = Neighbours()
    for text in texts():
        held.add([text])
    assert [pack.texts for pack in held._packs] == [8, 8, 5]


def test_nothing_is_like_anything_where_nothing_is_held() -> None:
    held = Neighbours()
    held.add([])
    assert held.similarities(texts()[1]).tolist() == []


def test_texts_without_a_word_are_like_none() -> None:
    held = Neighbours()
    held.add([vector("", None, None)] * 3)
    assert held.similarities(texts()[1]).tolist() == [0, 0, 0]
