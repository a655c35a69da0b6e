"""Every text here is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.similarity import (
    MOST_TERMS,
    SAME_EVENT,
    VERSION,
    Vector,
    is_reprint,
    similarity,
    vector,
    vector_version,
)

FLOOD = (
    "Ngập nặng ở chợ Bến Cá, tiểu thương chạy hàng",
    "Mưa lớn chiều qua làm chợ Bến Cá ngập sâu, hàng trăm tiểu thương phải chuyển hàng lên cao.",
    "Nước tràn vào chợ Bến Cá từ 16 giờ. Cống trước chợ bị tắc từ tháng trước mà chưa ai nạo vét.",
)
FLOOD_LATER = (
    "Chợ Bến Cá vẫn ngập, tiểu thương thiệt hại nặng",
    "Sau trận mưa lớn, chợ Bến Cá còn ngập sâu, tiểu thương mong sớm nạo vét cống thoát nước.",
    "Đến sáng nay nước ở chợ chưa rút. Cống thoát nước bị tắc khiến hàng trăm tiểu thương phải nghỉ bán.",
)
SCHOOL = (
    "Phụ huynh Trường Tiểu học Hoa Gạo phản đối khoản thu quỹ lớp",
    "Nhiều phụ huynh bức xúc vì khoản thu tự nguyện đầu năm học lên tới hai triệu đồng.",
    "Theo phụ huynh, ban đại diện yêu cầu đóng tiền mua máy lạnh và sơn lại phòng học.",
)


def test_same_event_is_nearer_than_another() -> None:
    flood, later, school = (vector(*text) for text in (FLOOD, FLOOD_LATER, SCHOOL))
    assert similarity(flood, later) > SAME_EVENT > similarity(flood, school)
    assert similarity(flood, flood) == pytest.approx(1.0, abs=1e-3)
    assert similarity(flood, later) == similarity(later, flood)


def test_a_reprint_is_the_same_text_perhaps_cut() -> None:
    title, lead, body = FLOOD
    assert is_reprint(vector(*FLOOD), vector(title + " (theo báo bạn)", lead, body))
    assert is_reprint(vector(*FLOOD), vector(title, lead, body[: len(body) // 2]))
    assert not is_reprint(vector(*FLOOD), vector(*FLOOD_LATER))
    assert not is_reprint(vector("", None, None), vector("", None, None))


LONG = " ".join(f"Hẻm {number} ngập sâu {number + 7} phân, nhà số {number * 3} kêu." for number in range(90))


@pytest.mark.parametrize("cut", [1, 0.5, 0.1])
def test_reprints_of_long_texts_are_known_by_a_sample(cut: float) -> None:
    whole, part = vector("Ngập", None, LONG), vector("Ngập", None, LONG[: int(cut * len(LONG))])
    assert len(whole.shingles) < 400
    assert is_reprint(whole, part)
    assert is_reprint(part, whole)
    assert not is_reprint(vector(*FLOOD), whole)


def test_only_the_weightiest_terms_are_kept() -> None:
    kept = vector("Ngập", None, LONG)
    assert len(kept.terms) == MOST_TERMS
    assert float(kept.weights.max()) == float(vector("Ngập", None, LONG).weights.max())
    assert len(vector("", None, None).terms) == 0


def test_what_stands_everywhere_is_not_compared() -> None:
    text = vector("Người dân và cống của chợ", None, None)
    assert similarity(text, vector("người và của", None, None)) == 0
    assert similarity(text, vector("cống", None, None)) > 0.2


@pytest.mark.parametrize(
    "text", [FLOOD, ("", None, None), ("Ngập", None, LONG)], ids=["short", "none", "long"]
)
def test_a_vector_is_the_same_after_it_was_kept(text: tuple[str, str | None, str | None]) -> None:
    made = vector(*text)
    kept = Vector.from_bytes(made.to_bytes())
    for name in ("terms", "weights", "shingles"):
        assert getattr(kept, name).tolist() == getattr(made, name).tolist()
        assert getattr(kept, name).dtype == getattr(made, name).dtype


def test_the_version_tells_of_code_and_table() -> None:
    assert vector_version().startswith(f"{VERSION}-")


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_two_texts_compare(one: str, other: str) -> None:
    a, b = vector(one, None, other), vector(other, one, None)
    assert 0.0 <= similarity(a, b) <= 1.0
    assert similarity(a, b) == similarity(b, a)
