"""Every text here is invented."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.similarity import SAME_EVENT, is_reprint, similarity, vector

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
    assert similarity(flood, flood) == pytest.approx(1.0)
    assert similarity(flood, later) == similarity(later, flood)


def test_a_reprint_is_the_same_text_perhaps_cut() -> None:
    title, lead, body = FLOOD
    assert is_reprint(vector(*FLOOD), vector(title + " (theo báo bạn)", lead, body))
    assert is_reprint(vector(*FLOOD), vector(title, lead, body[: len(body) // 2]))
    assert not is_reprint(vector(*FLOOD), vector(*FLOOD_LATER))
    assert not is_reprint(vector("", None, None), vector("", None, None))


def test_the_weightiest_terms_come_first() -> None:
    weights = list(vector(*FLOOD).terms.values())
    assert weights == sorted(weights, reverse=True)
    assert vector("", None, None).terms == {}


def test_what_stands_everywhere_is_not_compared() -> None:
    assert set(vector("Người dân và cống của chợ", None, None).terms).isdisjoint({"người", "và", "của"})
    assert "cống" in vector("Người dân và cống của chợ", None, None).terms


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_two_texts_compare(one: str, other: str) -> None:
    a, b = vector(one, None, other), vector(other, one, None)
    assert 0.0 <= similarity(a, b) <= 1.0
    assert similarity(a, b) == similarity(b, a)
