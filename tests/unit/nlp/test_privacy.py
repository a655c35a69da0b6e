"""Every person, number and address here is invented."""

import pickle
import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.privacy import MARKERS, mask, mask_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bà Trần Thị Bưởi cho biết", "Bà [họ tên] cho biết"),
        ("theo anh N.V.T., nhà bị nứt", "theo anh [họ tên], nhà bị nứt"),
        ("em Lò Thị Mận, lớp 5", "em [họ tên], lớp 5"),
        ("Nguyễn Văn Tèo (45 tuổi) kể", "[họ tên] (45 tuổi) kể"),
        ("ông Lê Văn Cam nói. Lê Văn Cam đã gửi đơn", "ông [họ tên] nói. [họ tên] đã gửi đơn"),
        ("gọi 0912.345.678 hoặc 0987 654 321", "gọi [số điện thoại] hoặc [số điện thoại]"),
        ("0912345678-0987654321", "[số điện thoại]-[số điện thoại]"),
        ("máy bàn (024) 3825 3536", "máy bàn [số điện thoại]"),
        ("thư về nguoi.dan@example.vn nhé", "thư về [e-mail] nhé"),
        ("xe 29A-123.45 và 51F1-234.56", "xe [biển số] và [biển số]"),
        ("CCCD 001099012345", "CCCD [số giấy tờ]"),
        ("chứng minh nhân dân số 123456789", "chứng minh nhân dân số [số giấy tờ]"),
        ("số tài khoản 19034567890123", "số tài khoản [số tài khoản]"),
        ("Tài khoản nhận lương số 1903 4455 6677 của chị", "Tài khoản nhận lương số [số tài khoản] của chị"),
        (
            "tài khoản mở tại một chi nhánh: 2100 205 123 456",
            "tài khoản mở tại một chi nhánh: [số tài khoản]",
        ),
        ("tài khoản BIDV 3211 0000 123456", "tài khoản BIDV [số tài khoản]"),
        ("đòi chuyển khoản vào số 19034455667788", "đòi chuyển khoản vào số [số tài khoản]"),
        ("số thẻ ATM 9704 3600 1234 5678", "số thẻ ATM [số tài khoản]"),
        ("CMND của bà mang số 031234567", "CMND của bà mang số [số giấy tờ]"),
        ("thẻ BHYT số DN4 01 01 123 45678", "thẻ BHYT số [số giấy tờ]"),
        ("hộ chiếu mang số C1234567", "hộ chiếu mang số [số giấy tờ]"),
        ("tài khoản Facebook Nguyễn Thị Na đăng clip", "tài khoản Facebook [họ tên] đăng clip"),
        ("công nhân Lê Thị Bưởi và con là Trần Văn Nam", "công nhân [họ tên] và con là [họ tên]"),
        ("nhà số 45 Trần Nguyên Hãn, phường An Biên", "nhà số [số nhà] Trần Nguyên Hãn, phường An Biên"),
        ("phòng 1204, tòa CT2", "phòng [số nhà], tòa CT2"),
        ("số nhà 12/3 đường Láng, phường Láng", "số nhà [số nhà] đường Láng, phường Láng"),
        ("số 5, ngõ 12, phố Huế", "số [số nhà], ngõ [số nhà], phố Huế"),
        ("0912345678bà Trần Thị Na", "[số điện thoại]bà [họ tên]"),
        ("ông Mai Văn Phố ở phố Mai Văn Phố", "ông [họ tên] ở phố Mai Văn Phố"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Chủ tịch UBND phường và Giám đốc Sở Xây dựng trả lời",
        "Ông Chủ tịch xã hẹn, bà Phó Giám đốc cũng hẹn",
        "đường dây nóng 1022, công an 113, hotline 0912.345.678",
        "văn bản số 1234/UBND-KT ngày 12/3/2026, Quyết định 221-QĐ/TW",
        "hỗ trợ 1.234.567 đồng, tổng 12,5 tỷ đồng, tài khoản 1.500.000 đồng",
        "tài khoản bị trừ 150.000.000 đồng ngày 12-11-2026, giai đoạn 2025-2026",
        "tài khoản lần lượt nhận 3.000.000 và 20 000 000 đồng",
        "giải ngân qua tài khoản cho 12.345.678 người",
        "bảo hiểm xã hội chi 1 234 567 000 đồng",
        "công nhân Hà Nội, học sinh Thái Bình, Trường Tiểu học số 2 Nam Lý, phường Bến",
        "tài khoản Facebook Công an phường",
        "đường Bà Triệu, chợ Bà Chiểu, Bà Rịa, ở Cô Tô",
        "phường Trúc Bạch, phố Huế, 18001091",
        "bà con và anh em công nhân bức xúc",
        "nước Anh và Pháp",
    ],
)
def test_the_rest_stays(text: str) -> None:
    assert mask_text(text) == text


def test_a_post_stays_where_the_name_goes() -> None:
    masked = mask_text("ông Phạm Văn Ổi, Chủ tịch UBND xã, hứa")
    assert masked == "ông [họ tên], Chủ tịch UBND xã, hứa"


@pytest.mark.parametrize("form", ["NFD", "NFKD"])
def test_letters_taken_apart_hide_no_name(form: Literal["NFD", "NFKD"]) -> None:
    text = unicodedata.normalize(form, "Bà Nguyễn Thị Mận ở phường Lê Chân")
    masked = mask(text)
    assert unicodedata.normalize("NFC", masked.text) == "Bà [họ tên] ở phường Lê Chân"
    assert mask_text(masked.text) == masked.text
    assert mask_text("Bà Nguy\u200bễn Thị Mận kể") == "Bà [họ tên] kể"


def test_spans_are_of_the_text_as_given() -> None:
    text = "Chị Đào Thị Mơ, 0912345678"
    masked = mask(text)
    assert [(s.kind, text[s.start : s.end]) for s in masked.spans] == [
        ("name", "Đào Thị Mơ"),
        ("phone", "0912345678"),
    ]


def test_an_endless_text_is_read_to_a_limit_and_the_rest_left_out() -> None:
    masked = mask("Dân kêu nước đục. " * 12_000 + "Bà Trần Thị Na")
    assert masked.text.endswith(MARKERS["rest"])
    assert "Na" not in masked.text
    assert mask_text(masked.text) == masked.text


def test_it_goes_to_other_processes() -> None:
    assert pickle.loads(pickle.dumps(mask_text)) is mask_text  # noqa: S301


_PIECES = ["ông ", "bà Trần Thị Na", "0912345678", " ", ", ", "số nhà 5", "12/3", "CCCD ", "001099012345",
           "29A-123.45", "a@b.vn", "Nguyễn An", "(45 tuổi)", "-", ".", "đường ", "hotline ", "Na ", "theo ",
           "Nguyễn Văn Tèo", "ÔNG ", "LÊ THỊ MẬN", "\n", "và ", "xã ", "TK ", "N.T.H.", "@na_na ",
           *MARKERS.values()]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text)
    assert mask_text(once.text) == once.text
    assert all(0 <= s.start < s.end <= len(text) for s in once.spans)
