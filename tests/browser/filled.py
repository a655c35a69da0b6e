"""A town in which every page has something to show; all invented."""

from datetime import timedelta

from pipeline.answering.attachments import Received, keep_all
from pipeline.answering.proposals import propose_reply
from pipeline.registers import REGISTERS
from store.models import ReceivedMail, RegisterEntry, Reply, TimeRequest
from tests.integration.web.town import LANDFILL, NOW, OWN_AGENCY, Town
from tests.office import on

LONG = "và dài nữa " * 12
DIGEST = "<main><h1>Bản tin thử</h1></main>"
PDF = b"%PDF-1.7\nthu nghiem\n%%EOF\n"


def fill(town: Town) -> None:
    issue = town.issue(state="referred", articles=2, routing_problem="Vướng mắc bịa để kiểm thử.")
    town.issue(title=f"{LANDFILL}: tiêu đề rất dài {LONG}", urgency=4, restricted=True)
    waiting = town.issue(title="Đường hỏng ở xã thử nghiệm", state="confirmed", topic="traffic")
    town.referral(waiting, agency_key=OWN_AGENCY)
    town.issue(title="Việc cũ đã xong", state="closed", outcome="fixed")
    late = town.sent_referral(issue, agency_key=OWN_AGENCY, deadline_at=NOW - timedelta(days=2))
    town.delivery(late, state="quarantined", last_error="550 5.1.1 " + "loi" * 40)
    _answers(town, town.sent_referral(issue, state="answered"))
    other = town.issue(title="Nước đục ở xã thử nghiệm", state="referred")
    _proposals(town, town.sent_referral(other, agency_key=OWN_AGENCY))
    town.source(path="a" * 200, failures=3, last_error="HTTP 503")
    _registers(town, issue)
    town.digest(f"<html lang='vi'><head><title>Bản tin</title></head><body>{DIGEST}</body></html>")


def _answers(town: Town, referral: int) -> None:
    kept = keep_all([Received("Báo cáo.pdf", PDF)], town.settings.attachments, town.settings.data_dir)
    with town.store.begin() as session:
        session.add(
            Reply(
                referral_id=referral,
                received_at=NOW,
                recorded_at=NOW,
                text="Trả lời bịa.",
                attachments=[file.row() for file in kept],
            )
        )


def _proposals(town: Town, referral: int) -> None:
    with town.store.begin() as session:
        propose_reply(
            session,
            town.settings,
            town.settings.data_dir,
            referral_id=referral,
            channel="mail",
            external_id="<1@so>",
            received_at=NOW - timedelta(minutes=30),
            text="Đã xử lý. Tin bịa.",
            origin="Thư trả lời phiếu (thử nghiệm)",
            at=NOW,
            actor="stage:collect",
        )
        session.add(
            ReceivedMail(
                identity="m1",
                kind="unclear",
                agency_name="Sở thử",
                subject="Thư bịa",
                received_at=NOW,
                read_at=NOW,
            )
        )
        session.add(
            TimeRequest(referral_id=referral, until=on("2026-12-10"), why="Phải đo đạc lại.", asked_at=NOW)
        )


def _registers(town: Town, issue: int) -> None:
    with town.store.begin() as session:
        for register in REGISTERS.values():
            session.add(
                RegisterEntry(
                    register=register.key,
                    title=f"Mục bịa của sổ {register.name} {LONG}",
                    unit_codes=["11329", "11359"],
                    agency_name="Sở Xây dựng",
                    issue_id=issue,
                    link=f"https://a.example.vn/{'a' * 150}",
                    created_at=NOW,
                )
            )
