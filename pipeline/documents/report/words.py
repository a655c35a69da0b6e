"""The words of a report: headings and, in its appendix, what each figure means."""

from pipeline.names import OUTCOME_IN_WORDS

NO_FIGURES = "–"
NOWHERE = "Chưa rõ địa bàn"
NO_COMMUNE = "(chưa rõ xã, phường)"
SUM = "Cộng"
HEADINGS = {
    "articles": "Tin, bài nêu vấn đề",
    "outlets": "Cơ quan báo chí nêu vấn đề",
    "issues": "Vấn đề",
    "good_examples": "Gương tốt",
    "referred": "Đã chuyển",
    "acknowledged": "Đã tiếp nhận",
    "answered": "Đã trả lời",
    "on_time": "Đúng hạn",
    "due": "Phải trả lời",
    "overdue": "Quá hạn",
    "median_days": "Số ngày trả lời (trung vị)",
    "refused": "Từ chối",
    "reopened": "Mở lại",
    "closed": "Đã kết thúc",
    "read": "Tin, bài đã đọc",
    **{outcome: words.capitalize() for outcome, words in OUTCOME_IN_WORDS.items()},
}
TOTALS = {
    "read_outlets": "Cơ quan báo chí đã đọc",
    "referred": "Phiếu đã chuyển",
    "acknowledged": "Phiếu đã tiếp nhận",
    "answered": "Phiếu đã trả lời",
    "on_time": "Phiếu trả lời đúng hạn",
    "due": "Phiếu phải trả lời",
    "overdue": "Phiếu quá hạn",
    "overdue_issues": "Vấn đề quá hạn",
    "refused": "Phiếu bị từ chối",
    "reopened": "Vấn đề mở lại",
    "closed": "Vấn đề đã kết thúc",
    "open_issues": "Vấn đề còn mở cuối kỳ",
    "waiting": "Phiếu còn chờ trả lời cuối kỳ",
    "waiting_overdue": "Phiếu còn quá hạn cuối kỳ",
    "waiting_overdue_issues": "Vấn đề còn quá hạn cuối kỳ",
    **{outcome: f"Kết thúc: {words}" for outcome, words in OUTCOME_IN_WORDS.items()},
}
"""where a total is named more closely than the column of a table"""
DEFINITIONS = (
    (
        "Thời điểm tính",
        (
            "số liệu của kỳ đã kết thúc được tính theo tình trạng lúc hết kỳ, lấy từ nhật ký; việc gộp, "
            "bỏ qua, sửa, kết thúc hay mở lại về sau không làm thay đổi báo cáo của kỳ đó"
        ),
    ),
    ("Tin, bài đã đọc", "tin, bài hệ thống đọc lần đầu trong kỳ, kể cả tin, bài không nêu vấn đề nào"),
    (
        "Tin, bài nêu vấn đề",
        "tin, bài được đọc lần đầu trong kỳ và nêu một vấn đề; bài đăng lại cũng được đếm",
    ),
    (
        "Cơ quan báo chí nêu vấn đề",
        "số cơ quan báo chí, cổng thông tin có các tin, bài đó; mỗi cơ quan đếm một lần",
    ),
    (
        "Vấn đề",
        (
            "vấn đề được phát hiện trong kỳ; nhiều tin, bài về một vấn đề đếm một lần; "
            "không tính vấn đề đã bỏ qua hoặc đã gộp, không tính gương tốt"
        ),
    ),
    (
        "Gương tốt",
        "việc làm tốt được báo chí nêu, phát hiện trong kỳ; đếm riêng, không chuyển tới cơ quan nào",
    ),
    (
        "Đã chuyển",
        "phiếu chuyển đã gửi trong kỳ, mỗi cơ quan nhận một phiếu; phiếu bị từ chối cũng được đếm",
    ),
    (
        "Đã tiếp nhận (a/b)",
        "a phiếu mà cơ quan nhận đã báo tiếp nhận hoặc đã trả lời, trong b phiếu đã chuyển",
    ),
    (
        "Đã trả lời (a/b)",
        (
            "a phiếu có văn bản trả lời đã được ghi nhận và không bị trả lại, đến thời điểm tính số liệu, "
            "trong b phiếu đã chuyển"
        ),
    ),
    (
        "Phải trả lời",
        (
            "phiếu có thời hạn theo chương trình phối hợp, đã trả lời hoặc thời hạn đã qua mà chưa trả lời, "
            "kể cả khi vấn đề kết thúc sau đó; không tính phiếu bị từ chối"
        ),
    ),
    (
        "Đúng hạn (a/b)",
        "a phiếu có trả lời không muộn hơn thời hạn (kể cả thời hạn đã gia hạn), trong b phiếu phải trả lời",
    ),
    (
        "Quá hạn (a/b)",
        (
            "a phiếu của vấn đề chưa kết thúc, chưa có trả lời hoặc trả lời đã bị trả lại, mà thời hạn theo "
            "chương trình phối hợp đã qua, trong b phiếu phải trả lời"
        ),
    ),
    (
        "Số ngày trả lời (trung vị)",
        (
            "trung vị của số ngày làm việc từ ngày gửi phiếu đến ngày nhận trả lời, trên các phiếu đã trả "
            "lời; trả lời trong ngày là 0; trung vị là số đứng giữa khi xếp từ nhỏ đến lớn"
        ),
    ),
    (
        "Từ chối (a/b)",
        "a phiếu mà cơ quan nhận cho là không thuộc thẩm quyền của mình, trong b phiếu đã chuyển",
    ),
    ("Mở lại", "vấn đề đã kết thúc được mở lại trong kỳ; mỗi vấn đề đếm một lần"),
    (
        "Đã kết thúc",
        (
            "vấn đề kết thúc trong kỳ và đến thời điểm tính số liệu chưa mở lại, theo kết quả; "
            "kết thúc không có nghĩa là đã khắc phục"
        ),
    ),
    ("Vấn đề quá hạn", "vấn đề có ít nhất một phiếu quá hạn, trong số phiếu gửi trong kỳ"),
    (
        "Còn mở, còn chờ, còn quá hạn cuối kỳ",
        (
            "tính cả vấn đề phát hiện và phiếu gửi trước kỳ này: vấn đề chưa kết thúc; phiếu của vấn đề "
            "đó đã gửi mà chưa được trả lời, trong đó phiếu đã quá hạn, đếm như bản tin ngày và bàn xử lý"
        ),
    ),
    (
        "Theo cơ quan",
        (
            "tin, bài và vấn đề trong kỳ có phiếu chuyển tới cơ quan đó, gửi trong kỳ hoặc trước kỳ; "
            "một vấn đề chuyển tới nhiều cơ quan được đếm ở từng cơ quan, nên cộng các dòng lớn hơn tổng"
        ),
    ),
    (
        "Theo cơ quan báo chí",
        (
            "vấn đề và phiếu chuyển về những vấn đề mà cơ quan báo chí đó đã nêu; một vấn đề do nhiều "
            "cơ quan báo chí nêu được đếm ở từng cơ quan, nên cộng các dòng lớn hơn tổng"
        ),
    ),
    (
        "Chưa tham gia",
        (
            "cơ quan có ít nhất một phiếu nhận trong kỳ đã hết hạn mà không tiếp nhận, trả lời hay từ chối "
            "phiếu nào; cơ quan trong chương trình phối hợp không nhận phiếu nào; xã, phường không có vấn đề "
            "nào được nêu và không nhận phiếu nào trong kỳ; cơ quan chưa có phản hồi mà phiếu chưa đến hạn "
            "thì đếm riêng"
        ),
    ),
    (
        "Các nội dung khác của chương trình",
        (
            "mục của các sổ (gương tốt, dự án, thông tin cần trả lời, kết quả công khai, đối thoại, tiếp "
            "dân) được ghi mới hoặc đổi tình trạng trong kỳ, theo tình trạng lúc hết kỳ; sổ ghi việc, không "
            "ghi người"
        ),
    ),
    (
        "Kỳ trước, cùng kỳ năm trước",
        (
            "kỳ liền trước dài như kỳ này và kỳ ấy của năm trước (tuần: theo số thứ tự trong năm); "
            "đếm cùng một cách, tính đến hết kỳ đó; "
            "kỳ chưa đọc tin, bài nào thì chưa có số liệu và không đem so sánh; "
            f"dấu {NO_FIGURES} là không có gì để tính"
        ),
    ),
)
