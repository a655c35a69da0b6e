"""Accounts for the demo, one for each role; invented, on a machine that is nobody's office."""

from pipeline.clock import Clock
from pipeline.settings import Settings
from store import Store
from web.accounts import AccountError, add_user
from web.permissions import AGENCY, ANALYST, LEAD, OPERATOR, READER
from web.settings import DeskSettings

PASSWORD = "thu-nghiem-dan-sinh"  # noqa: S105 - printed by the demo
ACCOUNTS = (
    ("chuyen-vien", "Chuyên viên Phòng Nghiệp vụ (thử nghiệm)", ANALYST),
    ("lanh-dao", "Phó Trưởng ban (thử nghiệm)", LEAD),
    ("van-hanh", "Người vận hành (thử nghiệm)", OPERATOR),
    ("nguoi-doc", "Thành viên ban chỉ đạo (thử nghiệm)", READER),
    ("dau-moi-co-quan", "Đầu mối cơ quan chủ trì (thử nghiệm)", AGENCY),
)


def prepare_demo(store: Store, settings: Settings, clock: Clock) -> list[str]:
    """Makes the demo's accounts where they are missing; returns the lines to print."""
    agency = settings.agencies[0].key
    for name, post, role in ACCOUNTS:
        try:
            add_user(store, clock, name, post, role, PASSWORD, agency if role == AGENCY else None)
        except AccountError:
            continue  # a second run of the demo over the same store
    own = settings.section("desk", DeskSettings)
    address = own.base_url or f"http://{own.host}:{own.port}"
    names = ", ".join(f"{name} ({role})" for name, _, role in ACCOUNTS)
    return [f"Address: {address}", f"Accounts: {names}", f"Password of each: {PASSWORD}"]
