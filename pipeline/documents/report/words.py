"""The words of a report: headings and, in its appendix, what each count means."""

from pipeline.names import OUTCOME_IN_WORDS

HEADINGS = {
    "articles": "Tin, bài",
    "outlets": "Cơ quan báo chí",
    "issues": "Vấn đề",
    "referred": "Đã chuyển",
    "acknowledged": "Đã tiếp nhận",
    "answered": "Đã trả lời",
    "on_time": "Đúng hạn",
    "due": "Phải trả lời",
    "overdue": "Quá hạn",
    "closed": "Đã kết thúc",
    "read": "Tin, bài đã đọc",
    **{outcome: words.capitalize() for outcome, words in OUTCOME_IN_WORDS.items()},
}
TOTALS = {
    "read_outlets": "Cơ quan báo chí đã đọc",
    "good_examples": "Gương tốt",
    "overdue": "Phiếu quá hạn",
    "overdue_issues": "Vấn đề quá hạn",
}
"""where a total is named more closely than the column of a table"""
NO_FIGURES = "–"
DEFINITIONS = (
    ("Tin, bài", "tin, bài được đọc lần đầu trong kỳ và nêu một vấn đề; bài đăng lại cũng được đếm"),
    ("Cơ quan báo chí", "số cơ quan báo chí, cổng thông tin có các tin, bài đó; mỗi cơ quan đếm một lần"),
    (
        "Vấn đề",
        (
            "vấn đề được phát hiện trong kỳ; nhiều tin, bài về một vấn đề đếm một lần; "
            "không tính vấn đề đã bỏ qua hoặc đã gộp, không tính gương tốt"
        ),
    ),
    ("Đã chuyển", "phiếu chuyển đã gửi trong kỳ, mỗi cơ quan nhận một phiếu; không tính phiếu bị từ chối"),
    ("Đã tiếp nhận", "trong số phiếu đã chuyển, phiếu mà cơ quan nhận đã báo tiếp nhận hoặc đã trả lời"),
    ("Đã trả lời", "phiếu có văn bản trả lời không bị trả lại, đến thời điểm lập báo cáo"),
    (
        "Phải trả lời",
        (
            "phiếu có thời hạn theo chương trình phối hợp, đã trả lời hoặc thời hạn đã qua mà chưa trả lời, "
            "kể cả khi vấn đề kết thúc sau đó"
        ),
    ),
    ("Đúng hạn", "trong số phiếu phải trả lời, phiếu có trả lời không muộn hơn thời hạn"),
    (
        "Quá hạn",
        (
            "phiếu của vấn đề chưa kết thúc, chưa có trả lời hoặc trả lời đã bị trả lại, mà thời hạn theo "
            "chương trình phối hợp đã qua"
        ),
    ),
    (
        "Vấn đề quá hạn",
        (
            "vấn đề có ít nhất một phiếu quá hạn; bản tin ngày cũng đếm như vậy, với mọi phiếu đã gửi, "
            "không chỉ phiếu gửi trong kỳ"
        ),
    ),
    (
        "Đã kết thúc",
        (
            "vấn đề kết thúc trong kỳ và đến thời điểm tính số liệu chưa mở lại, theo kết quả; "
            "kết thúc không có nghĩa là đã khắc phục"
        ),
    ),
    (
        "Kỳ trước, cùng kỳ năm trước",
        (
            "kỳ liền trước dài như kỳ này và kỳ ấy của năm trước (tuần: theo số thứ tự trong năm); "
            "đếm cùng một cách, tính đến hết kỳ đó; "
            f"dấu {NO_FIGURES} là chưa có số liệu, vì trong kỳ đó chưa đọc tin, bài nào"
        ),
    ),
)
