"""Invented Vietnamese: enough of it, never twice the same, always the same for the same seed."""

import random
from collections.abc import Iterator
from itertools import count

_WHO = (
    "Người dân", "Nhiều hộ gia đình", "Hơn ba mươi hộ", "Các tiểu thương", "Phụ huynh học sinh",
    "Công nhân ở trọ", "Bà con làm vườn", "Các hộ nuôi cá", "Cư dân khu tập thể", "Những người bán hàng rong",
)  # fmt: skip
_DO = (
    "phản ánh", "cho biết", "bức xúc vì", "đã nhiều lần báo", "kiến nghị xử lý", "lo ngại trước",
    "viết đơn về", "kể lại", "mong sớm chấm dứt", "không còn chịu nổi",
)  # fmt: skip
_WHAT = (
    "tình trạng mặt đường đầy ổ voi", "cảnh nước đọng thành ao sau mỗi trận mưa",
    "mùi khét từ lò đốt tự phát",
    "việc mất điện hai tối liền", "cầu tạm lung lay chưa được gia cố", "cống thoát nước bị lấp kín",
    "tiếng máy xay đá suốt đêm", "giếng khoan nhiễm phèn", "bãi đất đổ trộm phế thải",
    "hàng cây chết khô ven kênh",
    "lớp học dột nát trước mùa mưa", "trạm y tế thiếu thuốc thông thường",
)  # fmt: skip
_WHERE = (
    "ở tổ",
    "tại xóm",
    "dọc bờ kênh",
    "quanh chợ",
    "trên đường liên thôn",
    "gần bến",
    "sau trường",
    "cuối ngõ",
)
_WHEN = (
    "từ đầu tháng", "suốt ba mùa mưa", "kể từ khi công trình dừng lại", "mỗi khi triều lên",
    "gần hai năm nay",
    "sau đợt bão vừa rồi", "ngay từ ngày đầu năm học", "cứ vào giờ tan tầm",
)  # fmt: skip
_THEN = (
    "Lãnh đạo phường nói đã lập biên bản và yêu cầu đơn vị thi công khắc phục",
    "Đại diện ban quản lý hẹn trả lời bằng văn bản trước cuối tuần",
    "Tổ công tác đã xuống hiện trường đo đạc, ghi nhận từng điểm hư hỏng",
    "Kinh phí sửa chữa được đề xuất đưa vào kế hoạch năm sau",
    "Cho tới nay chưa có câu trả lời chính thức nào được gửi tới các hộ",
    "Nhà thầu xin lùi thời hạn vì thiếu vật liệu san lấp",
    "Cán bộ thủy lợi khuyên bà con tạm thời không lấy nước tưới ở đoạn này",
    "Cuộc họp dân gần nhất kết thúc mà chưa thống nhất được phương án",
)  # fmt: skip
_SYLLABLES = (
    "Lau", "Bến", "Sậy", "Gạo", "Đò", "Vàng", "Tre", "Muối", "Cau", "Hến", "Trầm", "Nứa",
    "Sim", "Đá", "Rạm", "Khế", "Bưởi", "Lụa", "Cói", "Mây",
)  # fmt: skip
_HEADINGS = ("Chính quyền nói gì", "Vì sao chậm trễ", "Người dân mong gì", "Cần một lời hẹn rõ ràng")


class Writer:
    """One stream of invented text."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, choices: tuple[str, ...]) -> str:
        return self.random.choice(choices)

    def place(self) -> str:
        return f"{self.pick(_SYLLABLES)} {self.pick(_SYLLABLES)}"

    def sentence(self) -> str:
        first = f"{self.pick(_WHO)} {self.pick(_WHERE)} {self.place()} {self.pick(_DO)} {self.pick(_WHAT)}"
        return f"{first} {self.pick(_WHEN)}."

    def paragraph(self) -> str:
        sentences = [self.sentence() for _ in range(self.random.randint(1, 3))]
        return " ".join([*sentences, f"{self.pick(_THEN)}."])

    def heading(self) -> str:
        return f"{self.pick(_HEADINGS)} ở {self.place()}?"

    def headline(self) -> str:
        return f"{self.place()}: {self.pick(_WHO).lower()} {self.pick(_DO)} {self.pick(_WHAT)}"

    def label(self) -> str:
        """As a menu says it."""
        return f"{self.place()} {self.random.randint(1, 99)}"

    def slug(self) -> str:
        return f"tin-{'-'.join(self.token(4) for _ in range(5))}-{self.random.randint(10**8, 10**9)}"

    def token(self, length: int) -> str:
        return "".join(self.random.choices("abcdefghiklmnoprstuvxy", k=length))

    def hexadecimal(self, length: int) -> str:
        return f"{self.random.getrandbits(4 * length):0{length}x}"


def place_names() -> Iterator[str]:
    """Names that no two of are the same: `Lau Bến Sậy`, `Lau Bến Gạo`, …"""
    return map(place_name, count())


def place_name(number: int) -> str:
    syllables = []
    for _ in range(4):
        number, digit = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[digit])
    return " ".join(reversed(syllables))
