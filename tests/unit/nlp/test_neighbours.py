"""The index says what `similarity` says, whether texts are fresh, packed or merged. Texts are invented."""

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
    monkeypatch.setattr(neighbours, "FRESH", 2)
    monkeypatch.setattr(neighbours, "MOST_PACKED", 8)


@pytest.mark.usefixtures("small_packs")
@pytest.mark.parametrize("many", [1, 2, 3, 4, 9, 21])
def test_packed_or_fresh_the_figures_are_those_of_similarity(many: int) -> None:
    held = Neighbours()
    kept = texts()[:many]
    assert [held.add(text) for text in kept] == list(range(many))
    for asked in texts():
        expected = [similarity(asked, text) for text in kept]
        assert held.similarities(asked).tolist() == pytest.approx(expected, abs=1e-6)


@pytest.mark.usefixtures("small_packs")
def test_packs_are_merged_up_to_a_size() -> None:
    held = Neighbours()
    for text in texts():
        held.add(text)
    assert (len(held), [pack.texts for pack in held._packs]) == (21, [8, 8, 4])


def test_texts_without_a_word_are_like_none() -> None:
    held = Neighbours()
    empty = vector("", None, None)
    assert held.similarities(empty).tolist() == []
    for _ in range(neighbours.FRESH + 1):
        held.add(empty)
    assert not held.similarities(texts()[1]).any()
