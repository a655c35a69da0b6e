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
    ("Phải trả lời", "phiếu đã trả lời hoặc đã quá hạn, có thời hạn theo chương trình phối hợp"),
    ("Đúng hạn", "trong số phiếu phải trả lời, phiếu có trả lời không muộn hơn thời hạn"),
    ("Quá hạn", "phiếu chưa có trả lời mà thời hạn theo chương trình phối hợp đã qua"),
    (
        "Đã kết thúc",
        "vấn đề kết thúc trong kỳ và chưa mở lại, theo kết quả; kết thúc không có nghĩa là đã khắc phục",
    ),
)
