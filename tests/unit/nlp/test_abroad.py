"""Every headline here is invented."""

import pytest

from nlp.abroad import speaks_of_abroad
from nlp.text import tokens


@pytest.mark.parametrize(
    "text",
    [
        "Lũ quét ở miền bắc Ấn Độ",
        "Cháy rừng ở Mỹ",
        "Mỹ: bão tuyết",
        "Miền Trung Philippines sạt lở",
        "Chợ ở Campuchia sập lúc 5 giờ Việt Nam",
        "Cháy kho hàng tại Pháp, Đức",
        "Động đất ngoài khơi Tokyo",
        "Nắng nóng khắp châu Phi",
    ],
)
def test_news_from_abroad(text: str) -> None:
    assert speaks_of_abroad(tokens(text))


@pytest.mark.parametrize(
    "text",
    [
        "Mỹ phẩm giả tràn lan",
        "Xã Mỹ Đức ngập",
        "Chị Nga kêu cứu",
        "Ùn tắc ở cầu Pháp Vân",
        "Giáo viên tiếng Anh bị nợ lương",
        "Người Việt ở Nhật Bản",
        "Bão từ Philippines vào Biển Đông",
        "Lúa ở nước ta sang Trung Quốc",
        "Dịch tả lợn châu Phi lan rộng",
        "Pháp luật bảo vệ dân",
        "",
    ],
)
def test_news_from_home(text: str) -> None:
    assert not speaks_of_abroad(tokens(text))
