"""What is said where the rules name an agency that cannot be asked to lead: sentences for the analyst."""

from store.models import Referral

_ROLES = {"lead": "chủ trì", "co": "phối hợp"}
_STANDS = {"approved": "đã duyệt", "accepted": "đã có trả lời được chấp nhận"}


def stands(referral: Referral) -> str:
    """A letter and how it stands: "Phiếu số 12 tới Sở Xây dựng (chủ trì) đã gửi"."""
    return (
        f"Phiếu số {referral.number or '–'} tới {referral.agency_name} ({_ROLES[referral.role]}) "
        f"{_STANDS.get(referral.state, 'đã gửi')}"
    )


def waits_for(lead: Referral, agency_name: str) -> str:
    """Another agency has the issue as its lead."""
    what = f"Theo quy tắc chuyển, vấn đề nay thuộc {agency_name}. {stands(lead)}"
    if lead.state == "accepted":
        return f"{what}: hãy kết thúc theo trả lời đó, hoặc chọn cơ quan mới chủ trì."
    if lead.state == "approved":
        return f"{what} nên vẫn giữ; nếu phiếu đó chưa gửi, hãy rút rồi chọn cơ quan mới chủ trì."
    return f"{what} nên vẫn giữ; chọn cơ quan mới khi phiếu đó bị từ chối hoặc trả lời đã được chấp nhận."


def refused(agency_name: str) -> str:
    return f"{agency_name} đã từ chối vấn đề này; hãy chọn cơ quan khác."


def works_along(agency_name: str) -> str:
    return f"{agency_name} đã có phiếu phối hợp về vấn đề này; hãy chọn cơ quan chủ trì."


def done(agency_name: str) -> str:
    return (
        f"{agency_name} đã trả lời về vấn đề được gộp vào đây và trả lời đã được chấp nhận; hãy kết thúc "
        "theo trả lời đó, hoặc chọn cơ quan chủ trì."
    )
