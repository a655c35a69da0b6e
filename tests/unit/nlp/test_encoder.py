"""The encoder and its pieces of words; every text is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.encoder import MOST_PIECES, Encoder, load_encoder
from nlp.labels import KINDS
from nlp.pieces import Pieces
from nlp.settings import NlpSettings
from nlp.tagger import Item, Tagger

DOUBTFUL = Item("1", "Chợ tiền tỉ bỏ không, tiểu thương tràn ra lòng đường", "Chợ mới thiếu điện nước.")
CERTAIN = Item("2", "Đội tuyển thắng 3-0 ở bán kết World Cup", "Tiền đạo lập cú đúp, HLV hài lòng.")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


def test_a_word_is_split_into_its_likeliest_pieces() -> None:
    pieces = Pieces(["?", "▁ng", "▁ngậ", "p", "ập", "▁ngập", "▁"], [-9, -3, -4, -2, -2, -6.5, -5], 0)
    assert pieces.numbers("ngập") == [1, 4]
    assert pieces.numbers("ngập ngậq") == [1, 4, 2, 0]
    assert pieces.numbers(" \n") == []


def test_another_spelling_has_the_same_pieces(encoder: Encoder) -> None:
    one = encoder.kinds("Đường hòa ngập sâu", "Dân khổ.")
    assert encoder.kinds("Đường hoà ngập sâu", "Dân  khổ.") == one


def test_it_tells_danger_from_praise(encoder: Encoder) -> None:
    flood = encoder.kinds("Nước ngập nhà dân, người dân kêu cứu", "Nhiều hộ bị cô lập nhiều ngày.")
    praise = encoder.kinds("Cầu thủ nhận giải thưởng", "Anh hạnh phúc bên gia đình.")
    assert flood["concern"] > 0.5 > praise["concern"]
    assert tuple(flood) == KINDS
    assert sum(flood.values()) == pytest.approx(1.0)


def test_only_doubtful_items_are_read_twice(monkeypatch: pytest.MonkeyPatch, encoder: Encoder) -> None:
    asked: list[None] = []

    def counted() -> Encoder:
        asked.append(None)
        return encoder

    monkeypatch.setattr("nlp.tagger.load_encoder", counted)
    monkeypatch.setattr("nlp.tagger.DOUBTFUL", (1.0, 1.0))
    tagger = Tagger(NlpSettings())
    first = tagger.tag(DOUBTFUL)
    assert asked == []
    monkeypatch.setattr("nlp.tagger.DOUBTFUL", (0.0, 1.0))
    assert tagger.tag(DOUBTFUL).score != first.score
    assert len(asked) == 1
    monkeypatch.undo()
    monkeypatch.setattr("nlp.tagger.load_encoder", counted)
    tagger.tag(CERTAIN)
    assert len(asked) == 1


@given(st.text(max_size=300), st.text(max_size=300))
@settings(max_examples=25, deadline=None)
def test_any_text_can_be_read(encoder: Encoder, title: str, text: str) -> None:
    assert sum(encoder.kinds(title, text).values()) == pytest.approx(1.0)


def test_long_texts_cost_no_more(encoder: Encoder) -> None:
    assert len(encoder._numbers("ngập " * 2_000, "dân " * 5_000)) == MOST_PIECES
    encoder.kinds("x" * 100_000, "\ud800" * 1_000)
