"""Words that tell of a person, or that what follows is none: forms of address, roles, posts, surnames."""

CAPITALS = "A-ZÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴĐ"
"""For a class of a pattern: a range would take the small letters in between."""

SURNAMES = frozenset((
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đào", "đoàn", "trịnh", "đinh", "lương", "mai", "trương", "cao", "tạ", "châu", "quách",
    "hà", "lâm", "tô", "tăng", "thái", "vương", "triệu", "kiều", "nông", "giàng", "vàng", "lò", "ma",
    "sùng", "lục", "hứa", "mạc", "khổng", "phùng", "chu", "quàng", "lường", "thạch", "danh", "sơn", "kim",
    "la", "tống", "tôn", "thân", "tiêu", "ông", "ung", "từ", "văn", "viên", "vi", "vừ", "xồng", "thào",
    "hờ", "hạng", "cháng", "chảo", "tẩn", "phàn", "lầu", "mùa", "cứ", "lù", "lèng", "tòng", "cà", "cầm",
    "khoàng", "pờ", "lỳ", "chang", "rơ", "siu", "ksor", "rmah", "rah", "kpă", "nay", "alăng", "bríu",
    "zơrâm", "pơloong", "điểu", "thị", "niê", "y", "a", "h", "k", "ka", "bàn", "đèo", "bạch", "nhữ", "âu",
    "doãn", "đàm", "đồng", "giáp", "khúc", "khuất", "lại", "lã", "lữ", "ninh", "nghiêm", "ngụy", "nhan",
    "phó", "quan", "tào", "thiều", "trà", "trang", "uông",
))  # fmt: skip
"""With those of the peoples of the mountains and the highlands."""
COMMON_SURNAMES = frozenset((
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "hồ", "ngô",
    "dương", "lý", "đào", "đoàn", "trịnh", "đinh", "lương", "mai", "trương", "tạ", "quách", "lâm", "tô",
    "tăng", "triệu", "nông", "giàng", "lò", "sùng", "lục", "hứa", "mạc", "khổng", "phùng", "chu", "quàng",
    "lường", "thạch", "tống", "tôn", "thân", "vừ", "xồng", "thào", "tẩn", "phàn", "ksor", "rmah", "điểu",
    "doãn", "đàm", "khuất", "nghiêm", "kiều", "vi", "hà", "thái", "vương", "châu", "cao", "hờ", "hạng",
    "tòng", "cầm",
))  # fmt: skip
"""Those that begin a name even where nothing else says that it is one."""
MIDDLE = frozenset((
    "văn", "thị", "hữu", "đức", "đình", "quốc", "ngọc", "xuân", "công", "duy", "thế", "trọng", "bá", "viết",
    "mạnh", "như", "thúy", "thùy", "seo", "a", "quang", "minh", "thanh", "kim", "tấn",
))  # fmt: skip

ADDRESS = frozenset((
    "già làng", "ông", "bà", "anh", "chị", "em", "cháu", "cô", "chú", "bác", "cụ", "thím", "dì", "mợ",
    "cậu", "thầy", "bé", "vợ chồng", "nạn nhân", "bệnh nhân", "nghi phạm", "bị can", "bị cáo", "tài xế",
    "lái xe", "chủ hộ", "bé gái", "bé trai", "cháu bé", "tên là", "con trai", "con gái", "chồng", "vợ",
    "chồng là", "vợ là", "đối tượng", "em bé", "mẹ là", "cha là", "bố là", "con là", "anh trai", "chị gái",
    "em trai", "em gái", "con tên", "tên thật", "ông nội", "bà nội", "bà ngoại", "ông ngoại", "thầy giáo",
    "cô giáo", "họ và tên", "gia đình", "nữ sinh", "nam sinh", "bác sĩ", "luật sư", "mr", "mrs", "ms", "o",
    "mệ",
))  # fmt: skip
"""Behind these even one capitalised syllable is a name."""
PLAIN_ADDRESS = frozenset((
    "ong", "chi", "chau", "cu", "nan nhan", "bi can", "tai xe", "gia dinh", "anh", "em", "ba", "co", "chu",
    "bac", "be",
))  # fmt: skip
ROLE = frozenset((
    "hộ", "hộ dân", "công nhân", "nông dân", "tiểu thương", "giáo viên", "học sinh", "sinh viên",
    "phụ huynh", "người dân", "cử tri", "khách hàng", "bạn đọc", "thương binh", "ngư dân", "chủ nhà",
    "chủ quán", "chủ cơ sở", "chủ trọ", "tổ trưởng", "thuyền viên", "thuyền trưởng", "chủ tàu", "bí danh",
    "kỹ sư", "hộ ông", "nhóm của", "người tên", "là", "của", "cho", "gặp", "với", "do", "và", "tên",
    "thiếu tá", "trung tá", "đại úy", "thượng úy", "trung úy", "chủ tịch", "phó chủ tịch", "bí thư",
    "giám đốc", "phó giám đốc", "hiệu trưởng", "trưởng phòng", "trưởng thôn", "trưởng ban", "đại tá",
    "thượng tá", "phóng viên", "khách", "hành khách", "thợ", "chủ xe", "chủ vườn", "dược sĩ", "y tá",
    "điều dưỡng", "tiến sĩ", "thạc sĩ", "thủ tướng", "bộ trưởng", "theo", "bởi",
))  # fmt: skip
"""Behind these a surname must begin the name."""
PLACE_WORDS = frozenset((
    "công viên", "tiểu học", "đại học", "bệnh viện", "học viện", "thư viện", "mầm non", "nhà sách", "dự án",
    "hội trường", "tập đoàn", "đô thị", "nút giao", "công ty", "giải thưởng", "học bổng", "chung cư",
    "cư xá", "thương hiệu", "th", "nhãn hiệu", "bệnh xá", "phong trào", "khởi nghĩa", "thời", "phụ cấp",
    "cao đẳng", "dân lập", "tư thục", "ngã ba", "ngã tư", "ngã sáu", "ngã bảy", "vòng xoay", "nhà hát",
    "tượng đài", "nhà thờ", "thi đấu", "lưu niệm", "đường", "phố", "ngõ", "hẻm", "ngách", "kiệt", "lộ",
    "cầu", "chợ", "hồ", "sông", "kênh", "rạch", "cảng", "bến", "ga", "núi", "đèo", "chùa", "đền", "miếu",
    "đình", "quận", "huyện", "xã", "phường", "thôn", "ấp", "bản", "buôn", "làng", "xóm", "khóm", "thpt",
    "thcs", "giải", "quỹ", "trường", "đài", "rạp", "cung", "tỉnh", "tp", "phố cổ", "nước", "tuyến", "trục",
    "đoạn", "góc", "hầm", "khu", "đảo", "cồn", "bãi", "biển", "vịnh", "suối", "đầm", "lăng", "tháp", "tiệm",
    "quán", "nghĩa trang", "lớp", "tổ", "dãy", "tiếng", "p", "q", "x", "h", "tt", "tx", "vua", "hùng",
    "chúa", "mộ", "trạm", "phim", "truyện", "sân", "chương", "đập", "phà", "kè", "rừng", "cửa", "mũi",
    "hòn", "ngọn",
))  # fmt: skip
"""Behind these stands a place's, school's, prize's or firm's name."""
POSTS = ("chủ tịch", "bí thư", "giám đốc", "trưởng", "phó", "công an", "chủ nhiệm", "đại biểu", "cán bộ")
NOT_PERSONS = (
    "anh dũng", "anh quốc", "anh sơn", "bà rịa", "bà điểm", "bà thước", "bà nà", "bà đen", "bà triệu",
    "bà chiểu", "bà huyện", "bác ái", "bác hồ", "cô tô", "cô giang", "cô bắc", "bà gia", "cô ba", "cô ngân",
    "ông đình", "ông ích", "ông đốc", "ông trăng", "bà trưng", "bà hom", "chị lăng", "ông lãnh", "bà chúa",
    "ông công", "ông táo", "ông địa", "bà mụ", "bà già", "chú hỏa", "em dịu", "ông già", "cô vy",
    "ông trời", "bà quẹo", "chú ý", "cô đơn", "bà bầu", "anh em", "anh đào", "anh chị", "anh hùng", "em bé",
    "cháu bé", "bà con", "ông bà", "chị em", "cô giáo", "bác sĩ", "thầy giáo", "thầy cô", "cậu bé",
    "cụ thể", "cụ bà", "cụ ông",
)  # fmt: skip
"""Places, streets, spirits and words that begin like a form of address."""
COUNTRIES = frozenset((
    "anh", "nga", "mỹ", "pháp", "đức", "úc", "ý", "lào", "hàn", "nhật", "trung", "việt", "nam", "em", "chị",
    "cô", "bà", "ông", "bắc", "đông", "tây", "xuân", "tết", "hà", "đảng", "hội",
))  # fmt: skip
"""Given names that stand alone as another word."""
DIRECTIONS = frozenset(
    ("miền", "phía", "hướng", "cực", "đông", "tây", "người", "tiếng", "nước", "vùng", "mùa", "hoa", "cây")
)
TITLES = (
    "chủ tịch", "chủ nhiệm", "phó ", "giám đốc", "bí thư", "trưởng", "thứ trưởng", "bộ trưởng", "tổng ",
    "thủ tướng", "viện trưởng", "hiệu trưởng", "chánh ", "cục ", "sở ", "ủy ", "đại tá", "đại úy",
    "đại biểu", "thượng tá", "thượng úy", "thiếu tá", "thiếu úy", "thiếu tướng", "thiếu niên", "trung tá",
    "trung tướng", "trung úy", "công an", "đội trưởng", "kế toán", "ubnd", "hđnd", "csgt", "mttq", "thư ký",
    "chi cục", "luật sư", "bác sĩ", "tiến sĩ", "thạc sĩ", "hội trưởng", "kiểm sát", "thẩm phán", "đại diện",
    "ban ", "hội ", "tòa ", "trung tâm", "trưởng ban", "công ty", "bộ ", "viện ", "thường trực", "tham mưu",
    "thanh tra", "đảng ", "cán bộ", "lãnh đạo", "đoàn trưởng", "hiệu ", "bệnh viện", "nhà ", "ngân hàng",
    "đức mẹ", "đức phật", "phật ",
)  # fmt: skip
"""Behind a form of address: a post or body, not a name; posts stay."""
TITLE_HEADS = frozenset((
    "chủ", "phó", "giám", "bí", "trưởng", "tổng", "thủ", "hiệu", "chánh", "cục", "sở", "ủy", "ubnd", "hđnd",
    "csgt", "mttq", "tand", "tp", "phường", "xã", "quận", "huyện", "tỉnh", "đội", "trú", "ngụ", "sn",
    "sinh", "tuổi",
))  # fmt: skip
"""A name ends before these."""
REGIONS = frozenset((
    "việt nam", "sài gòn", "hà nội", "miền tây", "miền bắc", "miền nam", "miền trung", "tây nguyên",
    "bắc bộ", "nam bộ", "trung bộ", "trung quốc", "hàn quốc", "nhật bản",
))  # fmt: skip
FUNCTION_WORDS = frozenset(
    ("bị", "đã", "và", "tại", "ở", "là", "có", "của", "cho", "với", "về", "đi", "kêu", "tố")
)
BEFORE_ADDRESS = frozenset((
    "đường", "phố", "chợ", "núi", "cầu", "chùa", "miếu", "hồ", "rạch", "kênh", "xóm", "quận", "huyện", "xã",
    "phường", "thôn", "trường", "nước", "giải", "quỹ", "lao", "lăng", "đền", "hẻm", "ngõ", "dòng", "mả",
    "suối", "thác", "hòn",
))  # fmt: skip
"""Before a form of address: "chợ bà Chiểu" is no person's."""
DOUBTFUL_SURNAMES = frozenset(("hồ", "cao", "hà", "mai", "lâm", "thái", "vương", "châu", "kiều"))
"""Other words too: a name only with a middle name behind."""
