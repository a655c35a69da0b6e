"""Letters by folder, as edXML and to a webhook that checks signatures: real files, a real HTTP server."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from sqlalchemy import select

from pipeline.channels import folder as folder_channel
from pipeline.channels.folder import FolderCarrier
from pipeline.channels.parcel import OutOfReach, Parcel
from pipeline.channels.webhook import WebhookCarrier, is_genuine, signature
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import deliver, refer
from pipeline.stages.summary import Summary
from store import Store
from store.models import Delivery, Referral
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import OFFICE, at, settings

KEY = "khoa-bi-mat-thu-nghiem"


def office(data_dir: Path, **delivery: Any) -> Settings:
    """The lead is reached by that channel; there is no co-agency."""
    agencies = [agency | {"email": None, "delivery": delivery} for agency in OFFICE["agencies"]]
    routes = [OFFICE["routes"][0] | {"co": []}]
    return settings(
        agencies=agencies,
        routes=routes,
        drop_folder=data_dir / "drop",
        office={"organ_id": "000.00.01.H31"},
    )


def sent(store: Store, town: Town, clock: Watch, made: Settings) -> Summary:
    review = Review(store, made, clock)
    review.confirm(town.issue(), "analyst:a")
    with store.read() as session:
        (referral_id,) = session.scalars(select(Referral.id))
    review.approve(referral_id, "lead:b")
    refer.run(store, made, clock, quiet)
    return deliver.run(store, made, clock, quiet)


def the_delivery(store: Store) -> Delivery:
    with store.read() as session:
        return session.scalars(select(Delivery)).one()


def test_a_folder_gets_words_and_letter_whole(sqlite_store: Store, town: Town, clock: Watch) -> None:
    made = office(sqlite_store.data_dir, channel="folder")
    assert sent(sqlite_store, town, clock, made).counts == {"sent": 1}
    (place,) = (made.drop_folder / "so-nnmt").iterdir()
    assert place.name.startswith("20261120-phieu-chuyen-2026-0001-")
    assert sorted(path.name for path in place.iterdir()) == [
        "noi-dung.txt",
        "phieu-chuyen-2026-0001.docx",
    ]
    words = (place / "noi-dung.txt").read_text(encoding="utf-8")
    assert words.startswith("Phiếu chuyển số 1/PC-BTG: Bãi rác tự phát bốc mùi\n")
    kept = sqlite_store.data_dir / "letters/2026/phieu-chuyen-2026-0001.docx"
    assert (place / "phieu-chuyen-2026-0001.docx").read_bytes() == kept.read_bytes()


def test_a_second_try_after_a_kill_leaves_one_copy(sqlite_store: Store, town: Town, clock: Watch) -> None:
    made = office(sqlite_store.data_dir, channel="folder")
    sent(sqlite_store, town, clock, made)
    (place,) = (made.drop_folder / "so-nnmt").iterdir()
    left_by_a_kill = place.parent / f".{place.name}.abc"
    place.rename(left_by_a_kill)
    with sqlite_store.begin() as session:
        session.scalars(select(Delivery)).one().state = "sending"
    for _ in range(2):
        assert deliver.run(sqlite_store, made, clock, quiet).counts == {"sent": 1}
        with sqlite_store.begin() as session:
            session.scalars(select(Delivery)).one().state = "sending"
    assert [path.name for path in place.parent.iterdir()] == [place.name]


def test_a_folder_that_cannot_be_written_is_tried_again(
    sqlite_store: Store, town: Town, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = office(sqlite_store.data_dir, channel="folder")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(folder_channel, "_write", full)
        summary = sent(sqlite_store, town, clock, made)
    assert summary.counts == {"retry": 1, "failed": 1, "stuck": 1}
    assert "No space left" in summary.failures[0].why
    assert list((made.drop_folder / "so-nnmt").iterdir()) == []
    clock.set("2026-11-20 07:05")
    assert deliver.run(sqlite_store, made, clock, quiet).counts == {"sent": 1}


def test_a_recipient_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    parcel = Parcel("folder", "../ngoai", "<1@a>", b"Subject: x\r\n\r\n")
    with pytest.raises(Exception, match="no name of a folder"):
        FolderCarrier(tmp_path / "drop").carry(parcel)
    with pytest.raises(OutOfReach):
        FolderCarrier(Path("/proc/khong-co")).carry(Parcel("folder", "a", "<1@a>", b"Date: x\r\n\r\n"))


EDXML = {"e": "http://www.mic.gov.vn/TBT/QCVN_102_2016"}


def test_edxml_is_one_file_that_holds_the_letter(sqlite_store: Store, town: Town, clock: Watch) -> None:
    made = office(sqlite_store.data_dir, channel="edxml", organ_id="000.00.05.H31")
    assert sent(sqlite_store, town, clock, made).counts == {"sent": 1}
    (place,) = (made.drop_folder / "so-nnmt").iterdir()
    root = etree.fromstring((place / "phieu-chuyen-2026-0001.edxml").read_bytes())
    SCHEMA.assertValid(root)

    def said(path: str) -> str:
        return str(root.xpath(f"string({path})", namespaces=EDXML))

    assert said("//e:From/e:OrganId") == "000.00.01.H31"
    assert said("//e:To/e:OrganId") == "000.00.05.H31"
    assert said("//e:DocumentId") == "000.00.01.H31,2026/11/20,1/PC-BTG"
    assert said("//e:DueDate") == "2026/11/26"  # three working days, 24/11 is none
    assert said("//e:SignerInfo/e:FullName") == "", "posts, never persons"
    kept = (sqlite_store.data_dir / "letters/2026/phieu-chuyen-2026-0001.docx").read_bytes()
    import base64

    assert base64.b64decode(said("//e:ContentTransferEncoded")) == kept
    assert said("//e:Reference/@*[local-name()='href']") == "cid:" + said("//e:Attachment/e:ContentId")


class Receiver:
    """An agency's system: takes what is signed and fresh, each Idempotency-Key once, or answers as told."""

    def __init__(self, clock: Watch) -> None:
        self.clock = clock
        self.answers: list[tuple[Any, ...]] = []
        self.drips = False
        self.taken: dict[str, dict[str, Any]] = {}
        self.refused = 0
        self.posts = 0
        self.port = 0

    def post(self, headers: Any, body: bytes) -> tuple[int, dict[str, str], bytes]:
        self.posts += 1
        stamp, signed = headers["Dansinh-Timestamp"], headers["Dansinh-Signature"]
        if not is_genuine(KEY, stamp, body, signed, self.clock(), timedelta(minutes=5)):
            self.refused += 1
            return 401, {}, b""
        if self.answers:
            status, said, *words = self.answers.pop(0)
            return status, said, words[0] if words else b""
        self.taken.setdefault(headers["Idempotency-Key"], json.loads(body))
        return 200, {}, b""


@pytest.fixture
def receiver(clock: Watch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("DANSINH_WEBHOOK_SECRET", KEY)
    receiving = Receiver(clock)
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, words = receiving.post(self.headers, body)
            if receiving.drips:
                self._drip()
                return
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(words)))
            self.end_headers()
            self.wfile.write(words)

        def _drip(self) -> None:
            """A byte at a time, until the other side has had enough."""
            self.close_connection = True
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not over.wait(0.05):
                    self.wfile.write(b"x")

        def log_message(self, *_: Any) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiving.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield receiving
        over.set()
        server.shutdown()
        thread.join()


def hooked(store: Store, receiver: Receiver) -> Settings:
    return office(store.data_dir, channel="webhook", url=f"http://127.0.0.1:{receiver.port}/Nhan?kenh=1")


def test_a_webhook_gets_the_letter_signed(
    sqlite_store: Store, town: Town, clock: Watch, receiver: Receiver
) -> None:
    assert sent(sqlite_store, town, clock, hooked(sqlite_store, receiver)).counts == {"sent": 1}
    ((key, body),) = receiver.taken.items()
    assert key == body["id"] == the_delivery(sqlite_store).message_id
    assert body["document"] == {
        "number": 1,
        "symbol": "PC-BTG",
        "day": "2026-11-20",
        "subject": "Bãi rác tự phát bốc mùi",
        "agency": "so-nnmt",
        "due": "2026-11-26T17:00:00+07:00",
    }
    assert [file["name"] for file in body["attachments"]] == ["phieu-chuyen-2026-0001.docx"]


@pytest.mark.parametrize(
    ("status", "headers", "state", "again"),
    [
        (503, {}, "retry", "2026-11-20 07:05"),
        (429, {"Retry-After": "3600"}, "retry", "2026-11-20 08:00"),
        (503, {"Retry-After": format_datetime(at("2026-11-20 09:00"))}, "retry", "2026-11-20 09:00"),
        (503, {"Retry-After": "999999999"}, "retry", "2026-11-21 07:00"),
        (503, {"Retry-After": "9" * 5_000}, "retry", "2026-11-21 07:00"),
        (503, {"Retry-After": "hôm sau".encode().decode("latin-1")}, "retry", "2026-11-20 07:05"),
        (0, {}, "retry", "2026-11-20 07:05"),  # hangs up without an answer
        (302, {"Location": "http://127.0.0.1/khac"}, "quarantined", None),
        (404, {}, "quarantined", None),
    ],
)
def test_what_a_webhooks_answer_means(
    sqlite_store: Store,
    town: Town,
    clock: Watch,
    receiver: Receiver,
    status: int,
    headers: dict[str, str],
    state: str,
    again: str | None,
) -> None:
    receiver.answers = [(status, headers)]
    made = hooked(sqlite_store, receiver)
    sent(sqlite_store, town, clock, made)
    assert the_delivery(sqlite_store).state == state
    if again is not None:
        assert the_delivery(sqlite_store).next_attempt_at == at(again)
        clock.set(again)
        assert deliver.run(sqlite_store, made, clock, quiet).counts == {"sent": 1}
    assert receiver.refused == 0, "signed anew at each try"


def test_what_a_webhook_says_is_kept_without_persons_and_control_characters(
    sqlite_store: Store, town: Town, clock: Watch, receiver: Receiver
) -> None:
    receiver.answers = [(400, {}, "Bà Nguyễn Thị Bịa\0, điện thoại 0912 345 678, đã nhận".encode())]
    sent(sqlite_store, town, clock, hooked(sqlite_store, receiver))
    why = the_delivery(sqlite_store).last_error
    assert why is not None
    assert "answered 400" in why
    assert not [part for part in ("Bịa", "0912", "\0") if part in why]


def test_an_answer_byte_by_byte_holds_nobody_up(
    sqlite_store: Store, town: Town, clock: Watch, receiver: Receiver
) -> None:
    receiver.drips = True
    made = hooked(sqlite_store, receiver)
    made = made.model_copy(update={"mail": made.mail.model_copy(update={"timeout_seconds": 0.3})})
    began = time.monotonic()
    sent(sqlite_store, town, clock, made)
    assert time.monotonic() - began < 10
    assert the_delivery(sqlite_store).state == "retry"
    assert "no whole answer within 0.3 seconds" in (the_delivery(sqlite_store).last_error or "")


def test_a_fault_with_one_message_leaves_the_others_their_turn(
    sqlite_store: Store, town: Town, clock: Watch, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: Any) -> None:
        raise KeyError("nobody foresaw this")

    monkeypatch.setattr(WebhookCarrier, "carry", faulty)
    summary = sent(sqlite_store, town, clock, hooked(sqlite_store, receiver))
    assert the_delivery(sqlite_store).state == "quarantined"
    assert "fault of dansinh: KeyError" in summary.failures[0].why


def test_agencies_that_share_an_address_share_its_secret(tmp_path: Path) -> None:
    shared = {"channel": "webhook", "url": "https://truc.example.vn/nhan"}
    with pytest.raises(ValueError, match="must share its secret"):
        settings(
            agencies=[
                agency | {"delivery": shared | {"secret_env": f"SECRET_{n}"}}
                for n, agency in enumerate(OFFICE["agencies"])
            ]
        )


def test_without_its_secret_nothing_is_posted(
    sqlite_store: Store, town: Town, clock: Watch, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANSINH_WEBHOOK_SECRET")
    summary = sent(sqlite_store, town, clock, hooked(sqlite_store, receiver))
    assert "DANSINH_WEBHOOK_SECRET is not set" in summary.failures[0].why
    assert receiver.posts == 0


@pytest.mark.parametrize(
    ("timestamp", "body", "key", "minutes", "genuine"),
    [
        ("1795134600", b"{}", KEY, 0, True),
        ("1795134600", b"{}", KEY, 5, True),
        ("1795134600", b"{}", KEY, 6, False),  # replayed later
        ("1795134600", b"{}", KEY, -6, False),
        ("1795134600", b"{ }", KEY, 0, False),
        ("1795134600", b"{}", "khac", 0, False),
        ("1795134601", b"{}", KEY, 0, False),  # the time is signed, too
        ("không", b"{}", KEY, 0, False),
    ],
)
def test_signatures(timestamp: str, body: bytes, key: str, minutes: int, genuine: bool) -> None:
    signed = f"v1={signature(KEY, '1795134600', b'{}')}"
    now = at("2026-11-20 07:30") + timedelta(minutes=minutes)
    assert is_genuine(key, timestamp, body, signed, now, timedelta(minutes=5)) is genuine


def test_a_changed_channel_gets_a_letter_of_its_own(
    sqlite_store: Store, town: Town, clock: Watch, receiver: Receiver
) -> None:
    receiver.answers = [(404, {})]
    sent(sqlite_store, town, clock, hooked(sqlite_store, receiver))
    made = office(sqlite_store.data_dir, channel="folder")
    Review(sqlite_store, made, clock).send_again(the_delivery(sqlite_store).id, "operator:o")
    refer.run(sqlite_store, made, clock, quiet)
    assert deliver.run(sqlite_store, made, clock, quiet).counts == {"sent": 1}
    with sqlite_store.read() as session:
        found = [(one.channel, one.state) for one in session.scalars(select(Delivery).order_by(Delivery.id))]
    assert found == [("webhook", "cancelled"), ("folder", "sent")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "webhook"},
        {"channel": "webhook", "url": "http://so.example.vn/nhan"},
        {"channel": "webhook", "url": "https://ai:do@so.example.vn/"},
        {"channel": "webhook", "url": "https://so.example.vn:99999/"},
        {"channel": "webhook", "url": "https://so.example.vn:x/"},
        {"channel": "webhook", "url": "https://so.example.vn/đường"},
        {"channel": "edxml"},
        {"channel": "edxml", "organ_id": "H31"},
    ],
    ids=[
        "no-url",
        "unencrypted",
        "password-in-url",
        "port-too-high",
        "no-port",
        "not-ascii",
        "no-organ-id",
        "wrong-organ-id",
    ],
)
def test_a_channel_without_what_it_needs_is_refused(tmp_path: Path, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="delivery"):
        office(tmp_path, **wrong)


def element(name: str, *inner: str, often: bool = False) -> str:
    most = ' maxOccurs="unbounded"' if often else ""
    if not inner:
        return f'<xs:element name="{name}" type="xs:string"{most}/>'
    attributes = '<xs:anyAttribute processContents="skip"/>'
    return (
        f'<xs:element name="{name}"{most}><xs:complexType><xs:sequence>{"".join(inner)}'
        f"</xs:sequence>{attributes}</xs:complexType></xs:element>"
    )


def organ(name: str, *more: str) -> str:
    return element(name, *map(element, ("OrganId", "OrganizationInCharge", "OrganName", *more)))


def group(name: str, *inner: str) -> str:
    return element(name, *map(element, inner))


# Our own reading of the structure; the regulation's schema is not at hand.
SCHEMA = etree.XMLSchema(
    etree.fromstring(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" '
        f'targetNamespace="{EDXML["e"]}">'
        + element(
            "edXML",
            element(
                "edXMLEnvelope",
                element(
                    "edXMLHeader",
                    element(
                        "MessageHeader",
                        organ("From", "Email"),
                        organ("To"),
                        group("Code", "CodeNumber", "CodeNotation"),
                        group("PromulgationInfo", "Place", "PromulgationDate"),
                        group("DocumentType", "Type", "TypeName", "TypeDetail"),
                        element("Subject"),
                        element("Content"),
                        group("SignerInfo", "Competence", "Position", "FullName"),
                        element("DueDate"),
                        group("ToPlaces", "Place"),
                        group("OtherInfo", "Priority", "PromulgationAmount", "PageAmount"),
                        element("SteeringType"),
                        element("DocumentId"),
                    ),
                    element(
                        "TraceHeaderList",
                        group("TraceHeader", "OrganId", "Timestamp"),
                        element(
                            "Bussiness",
                            element("BussinessDocType"),
                            element("BussinessDocReason"),
                            group("StaffInfo", "Department", "Staff", "Mobile", "Email"),
                            element("Paper"),
                        ),
                    ),
                ),
                element(
                    "edXMLBody",
                    element(
                        "edXMLManifest",
                        element(
                            "Reference",
                            *map(element, ("Description", "AttachmentName", "ContentType", "ContentId")),
                            often=True,
                        ),
                    ),
                ),
            ),
            element(
                "AttachmentEncoded",
                element(
                    "Attachment",
                    *map(
                        element,
                        (
                            "ContentType",
                            "ContentId",
                            "Description",
                            "ContentTransferEncoded",
                            "AttachmentName",
                        ),
                    ),
                    often=True,
                ),
            ),
        )
        + "</xs:schema>"
    )
)
