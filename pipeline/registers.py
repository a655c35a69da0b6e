"""Which registers there are, by the programme's contents (domain.md §1), and what each entry tells."""

from dataclasses import dataclass
from typing import Literal

Key = Literal["good_example", "project", "claim", "publication", "dialogue", "reception"]
FieldName = Literal[
    "title", "text", "topic", "unit_codes", "agency_name", "issue_id", "from_day", "until_day", "link"
]


@dataclass(frozen=True)
class Field:
    name: FieldName
    label: str
    required: bool = False


@dataclass(frozen=True)
class Register:
    key: Key
    slug: str
    """in the desk's addresses"""
    content: int | None
    """number of the programme's content that it serves; None: it goes with the resolving of issues"""
    name: str
    note: str
    """what is entered, told on its page"""
    fields: tuple[Field, ...]
    outcome: str
    """label of what came of it"""
    states: tuple[str, str, str]
    """open, done, dropped, in words"""
    born: Literal["open", "done"] = "open"
    link_when_done: bool = False
    """it is done only with an address where everybody can read it"""
    planned: tuple[Literal["from_day", "until_day"], ...] = ()
    """the day on which it is to be done: the first of these that is told"""

    def in_words(self, state: str) -> str:
        return dict(zip(("open", "done", "dropped"), self.states, strict=True))[state]


_HELD = (
    Field("title", "Nội dung", required=True),
    Field("issue_id", "Vấn đề số"),
    Field("unit_codes", "Địa bàn"),
    Field("agency_name", "Cơ quan chủ trì", required=True),
    Field("from_day", "Ngày tổ chức", required=True),
    Field("text", "Thành phần, chuẩn bị"),
)

REGISTERS: dict[str, Register] = {
    register.key: register
    for register in (
        Register(
            "good_example", "guong-tot", 5, "Gương tốt, việc tốt",
            "Việc làm tốt đề nghị biểu dương, nhân rộng. Ghi việc và nơi làm; hồ sơ khen thưởng từng người "
            "do cơ quan thi đua, khen thưởng lập.",
            (
                Field("title", "Việc làm tốt", required=True),
                Field("text", "Nội dung"),
                Field("unit_codes", "Địa bàn"),
                Field("agency_name", "Nơi đề nghị biểu dương"),
                Field("issue_id", "Vấn đề số"),
                Field("link", "Địa chỉ bài viết"),
            ),
            "Hình thức biểu dương", ("đang đề nghị", "đã biểu dương", "không đề nghị nữa"),
        ),
        Register(
            "project", "du-an", 2, "Dự án sắp triển khai",
            "Dự án, công trình có tác động tới đời sống người dân, do cơ quan báo trước hoặc chuyên viên "
            "ghi. Vấn đề phát sinh ở cùng địa bàn được nêu bên cạnh.",
            (
                Field("title", "Dự án, công trình", required=True),
                Field("text", "Tác động tới đời sống người dân"),
                Field("topic", "Lĩnh vực"),
                Field("unit_codes", "Địa bàn", required=True),
                Field("agency_name", "Cơ quan cung cấp thông tin", required=True),
                Field("from_day", "Dự kiến bắt đầu"),
                Field("until_day", "Dự kiến hoàn thành"),
                Field("link", "Địa chỉ công bố"),
            ),
            "Kết quả", ("đang theo dõi", "đã hoàn thành", "thôi theo dõi"), planned=("until_day", "from_day"),
        ),
        Register(
            "claim", "thong-tin", 6, "Thông tin cần trả lời công khai",
            "Thông tin lan truyền mà người dân cần được cơ quan có thẩm quyền trả lời công khai, đúng sự "
            "thật. Chỉ ghi nội dung thông tin; không ghi ai nói, ai đăng.",
            (
                Field("title", "Thông tin cần trả lời", required=True),
                Field("text", "Vì sao cần trả lời"),
                Field("topic", "Lĩnh vực"),
                Field("unit_codes", "Địa bàn"),
                Field("issue_id", "Vấn đề số"),
                Field("agency_name", "Cơ quan có thẩm quyền trả lời", required=True),
                Field("from_day", "Ngày đề nghị", required=True),
                Field("until_day", "Đề nghị trả lời trước ngày"),
            ),
            "Nội dung đã trả lời", ("chờ trả lời", "đã có trả lời công khai", "không cần trả lời nữa"),
            link_when_done=True,
        ),
        Register(
            "publication", "ket-qua", 1, "Kết quả đã công khai",
            "Kết quả giải quyết đã thông tin tới người dân.",
            (
                Field("title", "Kết quả", required=True),
                Field("issue_id", "Vấn đề số"),
                Field("agency_name", "Cơ quan công khai", required=True),
                Field("from_day", "Ngày công khai", required=True),
                Field("link", "Địa chỉ đăng"),
                Field("text", "Ghi chú"),
            ),
            "Ghi chú", ("chưa công khai", "đã công khai", "đã gỡ"), born="done",
        ),
        Register(
            "dialogue", "doi-thoai", None, "Đối thoại với người dân",
            "Cuộc đối thoại về một vấn đề, đã lên lịch hoặc đã tổ chức.",
            _HELD, "Kết quả, cam kết", ("đã lên lịch", "đã tổ chức", "không tổ chức"), planned=("from_day",),
        ),
        Register(
            "reception", "tiep-dan", None, "Tiếp công dân theo vấn đề",
            "Buổi tiếp công dân về một vấn đề đang theo dõi; không ghi tên người được tiếp.",
            _HELD, "Kết quả, cam kết", ("đã lên lịch", "đã tổ chức", "không tổ chức"), planned=("from_day",),
        ),
    )
}  # fmt: skip
BY_SLUG = {register.slug: register for register in REGISTERS.values()}
