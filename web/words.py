"""What the desk says where the rooms below have no words: roles, events, results of a step."""

from web.permissions import Action

ROLE = {
    "operator": "Người vận hành",
    "analyst": "Chuyên viên",
    "lead": "Lãnh đạo phê duyệt",
    "reader": "Người đọc",
}
KIND = {"concern": "vấn đề cần trả lời", "commendation": "gương tốt, việc tốt"}
ARTICLE_ROLE = {
    "report": "phản ánh",
    "followup": "tin tiếp",
    "reprint": "đăng lại",
    "answer": "thông tin trả lời",
}
REFERRAL_ROLE = {"lead": "chủ trì", "co": "phối hợp"}
TIME_REQUEST = {None: "đang chờ quyết định", "granted": "đồng ý", "declined": "chưa đồng ý"}
CHANNEL = {"page": "qua trang trả lời của cơ quan", "mail": "qua thư điện tử"}
CHANNEL = {
    "mail": "thư điện tử",
    "folder": "thư mục",
    "edxml": "tệp edXML",
    "webhook": "hệ thống của cơ quan",
}
JUDGEMENT = {"accepted": "đã chấp nhận", "returned": "đã trả lại"}
STAGE = {
    "crawl": "thu thập tin",
    "tag": "nhận diện",
    "group": "gom vấn đề",
    "refer": "chuyển xử lý",
    "remind": "nhắc thời hạn",
    "deliver": "gửi thư",
    "collect": "đọc hộp thư",
    "digest": "làm bản tin",
    "report": "làm báo cáo",
}
DONE = {
    Action.CONFIRM: "Đã xác nhận vấn đề.",
    Action.DISMISS: "Đã bỏ qua.",
    Action.SET_TOPIC: "Đã đổi lĩnh vực.",
    Action.SET_TITLE: "Đã đổi tiêu đề.",
    Action.SET_URGENCY: "Đã đổi mức độ.",
    Action.SET_PLACE: "Đã đổi địa bàn.",
    Action.SET_AGENCY: "Đã chọn cơ quan chủ trì và soạn phiếu chuyển mới.",
    Action.MERGE: "Đã gộp hai vấn đề; tin, bài nằm ở vấn đề nhận gộp.",
    Action.UNMERGE: "Đã tách lại vấn đề đã gộp.",
    Action.SPLIT: "Đã tách thành vấn đề mới, chờ xác nhận.",
    Action.MOVE: "Đã chuyển bài.",
    Action.APPROVE: "Đã duyệt phiếu chuyển. Thư sẽ đi trong lần gửi tới.",
    Action.WITHDRAW: "Đã rút phiếu chuyển.",
    Action.ACKNOWLEDGE: "Đã ghi nhận cơ quan tiếp nhận.",
    Action.RECORD_REPLY: "Đã ghi trả lời của cơ quan.",
    Action.RECORD_TRIGGER: "Đã ghi mốc của thời hạn theo luật.",
    Action.ACCEPT_REPLY: "Đã chấp nhận trả lời.",
    Action.RETURN_REPLY: "Đã trả lại để cơ quan trả lời thêm.",
    Action.REFUSE: "Đã ghi việc từ chối và cơ quan được đề xuất.",
    Action.TAKE_REPLY: "Đã nhận thư là trả lời của cơ quan.",
    Action.SET_REPLY_ASIDE: "Đã để riêng thư này.",
    Action.EXTEND: "Đã gia hạn.",
    Action.GRANT_TIME: "Đã đồng ý gia hạn.",
    Action.DECLINE_TIME: "Đã ghi việc chưa đồng ý gia hạn; cơ quan đọc được lý do.",
    Action.REPLACE_LINK: "Đã thay liên kết; liên kết mới được gửi trong lần gửi tới.",
    Action.ENTER: "Đã ghi vào sổ.",
    Action.CORRECT_ENTRY: "Đã sửa mục trong sổ.",
    Action.SETTLE_ENTRY: "Đã ghi kết quả.",
    Action.DROP_ENTRY: "Đã thôi theo dõi mục này.",
    Action.RESUME_ENTRY: "Đã theo dõi lại.",
    Action.CLOSE: "Đã kết thúc vấn đề.",
    Action.REOPEN: "Đã mở lại vấn đề.",
    Action.SEND_AGAIN: "Thư được xếp lại để gửi.",
    Action.MAIL_SEEN: "Đã ghi là có người xem thư.",
}
ENTITY = {
    "issue": "Vấn đề",
    "referral": "Phiếu chuyển",
    "delivery": "Lượt gửi",
    "reply": "Trả lời",
    "entry": "Mục",
}
EVENT = {
    ("issue", "detected"): "phát hiện",
    ("entry", "entered"): "ghi vào sổ",
    ("entry", "corrected"): "sửa",
    ("entry", "done"): "ghi kết quả",
    ("entry", "dropped"): "thôi theo dõi",
    ("entry", "open"): "theo dõi lại",
    ("issue", "joined"): "thêm bài",
    ("issue", "edited"): "sửa",
    ("issue", "routing"): "xác định nơi chuyển",
    ("issue", "reopened"): "mở lại",
    ("issue", "absorbed"): "nhận bài của vấn đề được gộp vào",
    ("issue", "unmerged"): "tách lại sau khi gộp",
    ("issue", "split"): "tách ra từ vấn đề khác",
    ("issue", "moved"): "nhận bài chuyển sang",
    ("issue", "gave"): "chuyển bài sang vấn đề khác",
    ("reply", "recorded"): "ghi nhận",
    ("reply", "supplemented"): "nhận bổ sung",
    ("delivery", "delayed"): "hệ thống thư báo chậm",
    ("delivery", "returned"): "hệ thống thư báo không tới",
    ("delivery", "answered_by_machine"): "hộp thư nhận trả lời tự động",
    ("referral", "sent_again"): "gửi lại, tính lại hạn",
    ("referral", "drafted"): "soạn dự thảo",
    ("referral", "extended"): "gia hạn",
    ("referral", "reminded"): "nhắc thời hạn",
    ("referral", "trigger"): "ghi mốc thời hạn luật định",
    ("referral", "time_asked"): "cơ quan đề nghị gia hạn",
    ("referral", "time_declined"): "chưa đồng ý gia hạn",
    ("referral", "reply_proposed"): "nhận thư có thể là trả lời",
    ("referral", "proposal_set_aside"): "để riêng thư đến",
    ("referral", "link_replaced"): "thay liên kết trả lời",
}
FIELD = {
    "state": "tình trạng",
    "topic": "lĩnh vực",
    "place_name": "địa bàn",
    "urgency": "mức độ",
    "outcome": "kết quả",
    "outcome_date": "thời hạn kế hoạch",
    "agency": "cơ quan",
    "role": "vai trò",
    "number": "số phiếu",
    "deadline_at": "hạn theo chương trình",
    "until_date": "đề nghị đến",
    "proposed_agency": "cơ quan được đề xuất",
    "routing_problem": "vướng mắc nơi chuyển",
    "received_at": "nhận lúc",
    "title": "tiêu đề",
    "merged_into_id": "gộp vào vấn đề số",
    "issue": "vấn đề số",
}
REASONS_TO_DISMISS = (
    "Không phải vấn đề dân sinh",
    "Không thuộc địa bàn",
    "Đã được giải quyết",
    "Trùng với vấn đề khác",
    "Tin quảng bá, giải trí",
)
