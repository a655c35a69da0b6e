"""What cannot be done with an account, in the words of a command and of the desk."""

from web import passwords
from web.permissions import ROLES

LONGEST_POST = 120
REFUSALS: dict[str, tuple[str, str]] = {
    "name": (
        "account name: use 2 to 40 lower-case letters without accents, digits and hyphens",
        "Tên tài khoản gồm 2 đến 40 chữ thường không dấu, chữ số, dấu gạch nối.",
    ),
    "taken": ("there is an account of that name already", "Đã có tài khoản mang tên này."),
    "role": (f"no such role; one of: {', '.join(ROLES)}", "Hãy chọn quyền của tài khoản."),
    "agency": (
        "an account of role agency, and no other, names its agency",
        "Tài khoản đầu mối cơ quan phải ghi cơ quan nào; tài khoản khác thì không.",
    ),
    "post": (
        f"name the post with --post, in {LONGEST_POST} characters: the history shows it, and no person",
        f"Hãy ghi chức danh (không quá {LONGEST_POST} ký tự); nhật ký ghi chức danh, không ghi tên người.",
    ),
    "short": (
        f"the password needs at least {passwords.SHORTEST} characters",
        f"Mật khẩu phải có ít nhất {passwords.SHORTEST} ký tự; nên dùng vài từ dễ nhớ, có dấu cách.",
    ),
    "long": (
        f"the password has more than {passwords.LONGEST} characters",
        f"Mật khẩu dài quá {passwords.LONGEST} ký tự.",
    ),
    "common": (
        "the password is one of the most common ones, or easily guessed",
        "Mật khẩu này quá phổ biến hoặc dễ đoán. Hãy chọn mật khẩu khác.",
    ),
    "own": (
        "the password is the account's name or post",
        "Mật khẩu không được là tên tài khoản hay chức danh. Hãy chọn mật khẩu khác.",
    ),
    "closed": ("the account is closed: open it first", "Tài khoản đã đóng; hãy mở lại trước."),
    "absent": ("there is no such account", "Không có tài khoản này."),
    "oneself": (
        "nobody closes or changes the account that he is working with",
        "Không tự đóng hoặc đổi quyền tài khoản đang dùng; nhờ người vận hành khác.",
    ),
    "another": (
        "an account that bears an agency's key as its name must be that agency's",
        "Tên tài khoản này là mã của một cơ quan khác. Hãy chọn tên khác.",
    ),
    "sso": (
        "another account has that name in single sign-on",
        "Đã có tài khoản khác mang tên đăng nhập một lần này.",
    ),
}


class AccountError(Exception):
    """Something that cannot be done with an account; a key of REFUSALS."""

    def __init__(self, key: str) -> None:
        super().__init__(REFUSALS[key][0])
        self.in_vietnamese = REFUSALS[key][1]
