"""What was typed into a form that was refused: nobody writes it twice."""

from collections.abc import Mapping

from starlette.datastructures import FormData

from pipeline.names import OUTCOME_IN_WORDS

LABELS = {
    "title": "Tiêu đề",
    "text": "Nội dung",
    "outcome": "Kết quả",
    "why": "Lý do",
    "proposed_agency": "Cơ quan được cho là có thẩm quyền",
    "agency_name": "Cơ quan",
    "document_number": "Số văn bản",
    "received_at": "Nhận lúc",
    "trigger_at": "Xảy ra lúc",
    "until": "Gia hạn đến",
    "outcome_date": "Thời hạn kế hoạch",
    "day": "Ngày",
    "from_day": "Ngày",
    "until_day": "Đến ngày",
    "link": "Địa chỉ",
    "other_number": "Số của vấn đề khác",
}
"""Fields that people write, of all forms; what is not among them is chosen, hidden or secret."""
OF_AGENCIES = {
    "noi-dung": "Nội dung trả lời",
    "so-van-ban": "Số, ký hiệu văn bản",
    "co-quan": "Cơ quan có thẩm quyền",
    "ly-do-tu-choi": "Lý do, căn cứ",
    "den-ngay": "Đề nghị gia hạn đến ngày",
    "ly-do-xin": "Lý do",
}
"""The same of an agency's forms, which keep what was typed themselves while their page is shown."""


class Kept:
    """Of one form; false where it is not the one that was refused."""

    def __init__(self, form: FormData | None, shown: set[str]) -> None:
        self._form = form
        self._shown = shown

    def __bool__(self) -> bool:
        return self._form is not None

    def __call__(self, name: str, default: object = "") -> object:
        """The field as it was sent, else `default`: what the form shows when it is opened."""
        if self._form is None:
            return default
        self._shown.add(name)
        sent = self._form.get(name)
        return default if sent is None else sent

    def holds(self, name: str, value: object) -> bool:
        """Whether that was ticked, or chosen from a list."""
        return self._form is not None and str(value) in self._form.getlist(name)


class Refused:
    """The form of a request that was refused, by the address it was sent to."""

    def __init__(self, path: str, form: FormData, labels: Mapping[str, str] = LABELS) -> None:
        self._path = path
        self._form = form
        self._labels = labels
        self._shown: set[str] = set()

    def __call__(self, address: object, **fields: str) -> Kept:
        """`fields`: what tells it from another form that goes to the same address."""
        same = str(address) == self._path and all(self._form.get(k) == v for k, v in fields.items())
        return Kept(self._form if same and self._form else None, self._shown)

    def left(self) -> list[tuple[str, str]]:
        """What no form of the page has shown, labelled: the form is there no more. Asked last of all."""
        left = (
            (label, self._form.get(name)) for name, label in self._labels.items() if name not in self._shown
        )
        # One form lets choose its outcome, another asks for it in words.
        return [
            (label, OUTCOME_IN_WORDS.get(value, value))
            for label, value in left
            if isinstance(value, str) and value.strip()
        ]
