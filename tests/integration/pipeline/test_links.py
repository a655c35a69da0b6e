"""From the letter in the agency's mailbox to its answer, and what happens without a key."""

import email
import email.policy
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.answering.links import Links
from pipeline.answering.page import AgencyAnswers, AlreadyTaken, LinkDoor
from pipeline.demo.mailbox import Mailbox
from pipeline.review import Review
from pipeline.settings import AgencyPage, Settings
from pipeline.stages import deliver, refer
from pipeline.states import NotAllowed
from store import Store
from store.models import Event, Issue, Referral, Reply, Submission
from tests.integration.pipeline.conftest import Town, Watch, quiet

Office = Callable[..., Settings]
KEY = "k" * 40
PAGE = {"base_url": "https://phoihop.example.vn"}


@pytest.fixture
def settings(office: Office) -> Settings:
    return office(agency_page=PAGE)


def approved(store: Store, settings: Settings, town: Town, clock: Watch) -> int:
    """The lead's referral, approved."""
    review = Review(store, settings, clock)
    issue_id = town.issue()
    review.confirm(issue_id, "analyst:a")
    with store.read() as session:
        lead = next(one.id for one in session.get_one(Issue, issue_id).referrals if one.role == "lead")
    review.approve(lead, "lead:b")
    return lead


def token_in(mail: Path) -> str:
    message = email.message_from_bytes(mail.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    (line,) = (one for one in body.get_content().splitlines() if "/tra-loi-phieu/" in one)
    return str(line.rpartition("/")[2]).removesuffix(">")


def test_an_agency_answers_by_the_link_in_its_mail(
    sqlite_store: Store,
    town: Town,
    clock: Watch,
    settings: Settings,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DANSINH_LINK_SECRET", KEY)
    referral_id = approved(sqlite_store, settings, town, clock)
    refer.run(sqlite_store, settings, clock, quiet)
    deliver.run(sqlite_store, settings, clock, quiet)
    (mail,) = mailbox.messages()
    assert settings.agency_page is not None
    door = LinkDoor(Links(settings.agency_page), token_in(mail))
    clock.set("2026-11-23 10:00")
    AgencyAnswers(sqlite_store, settings, clock, door).answer(
        "f" * 22, text="Đã xong.", document_number="", files=[]
    )
    with sqlite_store.read() as session:
        referral = session.get_one(Referral, referral_id)
        assert referral.state == "answered"
        assert [reply.received_at for reply in referral.replies] == [clock()]


def test_without_a_key_letters_wait_and_say_so_until_it_is_set(
    sqlite_store: Store,
    town: Town,
    clock: Watch,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DANSINH_LINK_SECRET", raising=False)
    referral_id = approved(sqlite_store, settings, town, clock)
    for _ in range(2):
        (failure,) = refer.run(sqlite_store, settings, clock, quiet).failures
        assert failure.what == "1 approved letters"
        assert "DANSINH_LINK_SECRET is not set" in failure.why
    monkeypatch.setenv("DANSINH_LINK_SECRET", KEY)
    summary = refer.run(sqlite_store, settings, clock, quiet)
    assert (summary.failures, summary.counts["letters"]) == ([], 1)
    with sqlite_store.read() as session:
        assert session.get_one(Referral, referral_id).letter_path is not None


def test_the_same_form_sent_by_many_at_once_is_taken_once(
    store: Store, clock: Watch, settings: Settings
) -> None:
    """On SQLite and PostgreSQL: an impatient finger, or an attacker with several connections."""
    town = Town(store)
    referral_id = approved(store, settings, town, clock)
    with store.begin() as session:
        referral = session.get_one(Referral, referral_id)
        referral.state, referral.sent_at = "sent", clock()
        links = Links(AgencyPage.model_validate(PAGE), {"DANSINH_LINK_SECRET": KEY})
        token = links.address(referral, clock()).rpartition("/")[2]
    answers = AgencyAnswers(store, settings, clock, LinkDoor(links, token))
    ended: list[str] = []
    start = threading.Barrier(6)

    def send() -> None:
        start.wait()
        try:
            answers.answer("f" * 22, text="Đã xong.", document_number="", files=[])
            ended.append("taken")
        except (AlreadyTaken, NotAllowed) as refused:
            ended.append(type(refused).__name__)

    senders = [threading.Thread(target=send) for _ in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(ended) == ["AlreadyTaken"] * 5 + ["taken"]
    with store.read() as session:
        assert session.query(Reply).count() == session.query(Submission).count() == 1
        assert session.query(Event).where(Event.action == "answered").count() == 1
