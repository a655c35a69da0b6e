"""Everything that is due, once: the digest's hour, a full disk, a scheduler instead of cron."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from pipeline.answering.attachments import Received, keep_all, path_of
from pipeline.demo.mailbox import Mailbox
from pipeline.schedule import run_once, scheduler_of
from pipeline.settings import Attachments, Settings
from pipeline.stages import digest, sequence, tag
from pipeline.stages.expire import run as expire
from pipeline.stages.summary import Summary
from store import Store
from store.lock import only_runner
from store.models import (
    Article,
    ArticleVersion,
    Attachment,
    Delivery,
    Digest,
    Finding,
    Link,
    ProposedReply,
    Referral,
    Reply,
    Source,
    StageRun,
)
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import at, settings

Office = Callable[..., Settings]


def stages(store: Store, settings: Settings, clock: Watch) -> list[str]:
    return [summary.stage for summary in sequence.run_due(store, settings, clock, quiet)]


@pytest.mark.parametrize(
    ("now", "made"), [("2026-11-20 06:59", False), ("2026-11-20 07:00", True), ("2026-11-20 15:00", True)]
)
def test_the_digest_waits_for_its_hour(
    sqlite_store: Store, office: Office, clock: Watch, now: str, made: bool
) -> None:
    clock.set(now)
    assert ("digest" in stages(sqlite_store, office(), clock)) is made


def test_a_day_has_one_digest_sent_once(
    sqlite_store: Store, town: Town, office: Office, clock: Watch, mailbox: Mailbox
) -> None:
    town.issue()
    for _ in range(2):
        stages(sqlite_store, office(), clock)
    assert len(mailbox.messages()) == 1
    clock.set("2026-11-21 07:00")
    stages(sqlite_store, office(), clock)
    assert len(mailbox.messages()) == 2


def test_the_digest_lies_in_three_forms_and_in_the_store(
    sqlite_store: Store, town: Town, office: Office, clock: Watch
) -> None:
    town.issue()
    digest.run(sqlite_store, office(), clock, quiet)
    folder = digest.folder(sqlite_store.data_dir, clock().date())
    assert {path.name for path in folder.iterdir()} == {"ban-tin.docx", "ban-tin.html", "ban-tin.json"}
    with sqlite_store.read() as session:
        kept = session.scalars(select(Digest)).one()
    assert json.loads((folder / "ban-tin.json").read_text(encoding="utf-8")) == kept.content
    assert "Bãi rác tự phát bốc mùi" in kept.html


@pytest.mark.parametrize(
    ("now", "week"),
    [("2026-11-20 07:00", "2026-W46"), ("2026-11-23 07:00", "2026-W47"), ("2027-01-04 07:00", "2026-W53")],
)
def test_last_weeks_report_is_written_once(
    sqlite_store: Store, office: Office, clock: Watch, now: str, week: str
) -> None:
    clock.set(now)
    assert "report" in stages(sqlite_store, office(), clock)
    assert "report" not in stages(sqlite_store, office(), clock)
    names = {path.suffix for path in (sqlite_store.data_dir / "reports" / week).iterdir()}
    assert names == {".docx", ".xlsx", ".csv"}


def test_what_a_stage_did_is_kept_for_the_digest(sqlite_store: Store, office: Office, clock: Watch) -> None:
    settings = office(mail={"port": 9})
    clock.set("2026-11-20 07:00")
    stages(sqlite_store, settings, clock)
    with sqlite_store.read() as session:
        runs = session.scalars(select(StageRun)).all()
    told = {run.stage: run.counts for run in runs}
    del told["report"]
    assert told == {"digest": {"made": 1}, "deliver": {"retry": 1, "failed": 1, "stuck": 1}}


def limit_pages(store: Store, pages: int | None) -> None:
    """A real SQLITE_FULL: the database may not grow beyond so many pages."""
    with store.engine.connect() as connection:
        now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    most = 1_000_000 if pages is None else now + pages

    def limit(connection: object, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {most}")  # type: ignore[attr-defined]

    store.engine.dispose()
    event.listen(store.engine, "connect", limit)


def test_a_full_disk_stops_the_stage_with_a_remedy_and_loses_nothing(
    sqlite_store: Store, town: Town, office: Office, clock: Watch
) -> None:
    body = "Bãi rác tự phát bốc mùi, người dân nhiều lần kiến nghị nhưng chưa được giải quyết. " * 40
    articles = 120
    for number in range(articles):
        town.article(f"Bãi rác số {number} bốc mùi, dân nhiều lần kiến nghị", body=body)
    limit_pages(sqlite_store, 8)
    summary = sequence.run_stage("tag", tag.run, sqlite_store, office(), clock, quiet)
    assert [failure.why for failure in summary.failures] == ["database or disk is full"]
    assert summary.failures[0].remedy.startswith("free space on the disk of ")
    limit_pages(sqlite_store, None)
    sequence.run_stage("tag", tag.run, sqlite_store, office(), clock, quiet)
    with sqlite_store.read() as session:
        assert len(session.scalars(select(Finding.id)).all()) == articles


def test_a_full_disk_does_not_keep_the_digest_from_the_mail(
    sqlite_store: Store, town: Town, office: Office, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pipeline.stages.digest.write_whole", full)
    town.issue()
    summary = digest.run(sqlite_store, office(), clock, quiet)
    assert "No space left" in summary.failures[0].why
    with sqlite_store.read() as session:
        assert len(session.scalars(select(Delivery.id)).all()) == 1


def test_an_unexpected_error_stops_its_stage_only(
    sqlite_store: Store,
    town: Town,
    office: Office,
    clock: Watch,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("nam")

    flow = [(name, broken if name == "refer" else stage) for name, stage in sequence.DAILY_FLOW]
    monkeypatch.setattr(sequence, "DAILY_FLOW", flow)
    monkeypatch.setitem(sequence.HOURS, "report", broken)
    town.issue()
    summaries = sequence.run_due(sqlite_store, office(), clock, quiet)
    failures = {summary.stage: summary.failures for summary in summaries if summary.failures}
    assert {name: [failure.why for failure in told] for name, told in failures.items()} == {
        "refer": ["KeyError: 'nam'"],
        "report": ["KeyError: 'nam'"],
    }
    assert "standard error" in failures["refer"][0].remedy
    assert "Traceback" in caplog.text
    assert len(mailbox.messages()) == 1
    with sqlite_store.read() as session:
        kept = session.scalars(select(StageRun.counts).where(StageRun.stage == "refer")).all()
    assert kept == [{"failed": 1}]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interruption_ends_the_run(
    sqlite_store: Store, office: Office, clock: Watch, error: type[BaseException]
) -> None:
    def interrupted(*_: object) -> Summary:
        raise error

    with pytest.raises(error):
        sequence.run_stage("tag", interrupted, sqlite_store, office(), clock, quiet)


def test_a_file_that_no_reply_names_is_dropped(sqlite_store: Store, office: Office) -> None:
    limits, place, now = Attachments(max_files=4), sqlite_store.data_dir, datetime.now(UTC)
    contents = [b"%PDF-1.7\n" + name for name in (b"named", b"unnamed", b"new", b"brought again")]
    files = [Received("a.pdf", content) for content in contents]
    named, unnamed, new, again = keep_all(files, limits, place)
    with sqlite_store.begin() as session:
        session.add(named.row())
    torn = path_of(place, named.sha256).with_name(".torn")
    torn.touch()
    long_ago = (now - timedelta(days=2)).timestamp()
    for path in (torn, *(path_of(place, one.sha256) for one in (named, unnamed, again))):
        os.utime(path, (long_ago, long_ago))
    keep_all(files[3:], limits, place)
    assert expire(sqlite_store, office(), lambda: now, quiet).counts == {"unnamed_files_dropped": 2}
    left = {path.name for path in (place / "attachments").glob("*/*")}
    assert left == {named.sha256, new.sha256, again.sha256}


def test_what_came_with_replies_expires(
    sqlite_store: Store, town: Town, office: Office, clock: Watch
) -> None:
    """Files of three replies or proposals each: one file is named by an old and a new one."""
    place, limits = sqlite_store.data_dir, Attachments()
    contents = {name: Received("a.pdf", b"%PDF-1.7\n" + name.encode()) for name in ("old", "both", "waits")}
    kept = dict(zip(contents, keep_all(list(contents.values()), limits, place), strict=True))
    now = datetime.now(UTC)
    for file in kept.values():
        os.utime(path_of(place, file.sha256), ((now - timedelta(days=2)).timestamp(),) * 2)
    issue = town.issue()
    with sqlite_store.begin() as session:
        referral = Referral(
            issue_id=issue, agency_key="a", agency_name="Sở A", role="lead", programme_key="p", rule="r",
            request="x", basis="y", statutory=[], drafted_at=now,
        )  # fmt: skip

        def proposed(number: int, days: int, decision: str | None, *files: str) -> ProposedReply:
            at = now - timedelta(days=days)
            return ProposedReply(
                referral=referral, channel="mail", external_id=str(number), origin="o", received_at=at,
                recorded_at=at, text="Lời.", left_out=["Tệp lạ."], decision=decision,
                attachments=[kept[one].row() for one in files],
            )  # fmt: skip

        rows = [
            proposed(1, 31, "set_aside", "old", "both"),
            proposed(2, 31, None, "waits"),
            proposed(3, 2, "set_aside", "both"),
        ]
        answered = proposed(4, 31, "taken")
        answered.attachments = [kept["old"].row()]
        reply = {"received_at": now, "recorded_at": now - timedelta(days=31), "text": "Đã dọn."}
        session.add_all([*rows, answered])
        session.add(
            Reply(referral=referral, judgement="accepted", attachments=[*answered.attachments], **reply)
        )
        session.add(Reply(referral=referral, judgement=None, attachments=[kept["waits"].row()], **reply))
    settings = office(store={"keep_text_days": 30})
    told = expire(sqlite_store, settings, lambda: now, quiet).counts
    assert told == {"files_expired": 3, "proposals_expired": 2, "unnamed_files_dropped": 1}
    left = {path.name for path in (place / "attachments").glob("*/*")}
    assert left == {kept["both"].sha256, kept["waits"].sha256}
    with sqlite_store.read() as session:
        texts = session.execute(
            select(ProposedReply.text, ProposedReply.left_out).order_by(ProposedReply.id)
        ).all()
        assert texts == [("", []), ("Lời.", ["Tệp lạ."]), ("Lời.", ["Tệp lạ."]), ("", [])]
        assert set(session.scalars(select(Reply.text))) == {"Đã dọn."}
        expired = session.execute(
            select(Attachment.sha256, Attachment.name, Attachment.size).where(Attachment.expired_at == now)
        ).all()
        assert {(one.sha256, one.name) for one in expired} == {
            (kept["old"].sha256, "a.pdf"),
            (kept["both"].sha256, "a.pdf"),
        }
    assert expire(sqlite_store, settings, lambda: now, quiet).counts == {}


def test_texts_expire_and_the_rest_remains(
    sqlite_store: Store, town: Town, office: Office, clock: Watch
) -> None:
    settings = office(store={"keep_text_days": 30})
    old = town.article("Cũ", "2026-10-20 06:00", lead="a", body="b")
    new = town.article("Mới", "2026-10-22 06:00", lead="a", body="b")
    with sqlite_store.begin() as session:
        for article_id in (old, new):
            text = {"title": "Trước", "lead": "a", "body": "b", "text_hash": "x", "published_at": clock()}
            session.add(ArticleVersion(article_id=article_id, seen_at=clock(), replaced_at=clock(), **text))
    assert expire(sqlite_store, settings, clock, quiet).counts == {"texts_dropped": 1}
    with sqlite_store.read() as session:
        kept = {
            article.id: (article.title, article.lead, article.body)
            for article in session.scalars(select(Article))
        }
        versions = session.execute(
            select(ArticleVersion.article_id, ArticleVersion.title, ArticleVersion.lead, ArticleVersion.body)
        ).all()
    assert kept == {old: ("Cũ", None, None), new: ("Mới", "a", "b")}
    assert sorted(map(tuple, versions)) == [(old, "Trước", None, None), (new, "Trước", "a", "b")]


@pytest.mark.parametrize(
    ("address", "state", "discovered", "dropped"),
    [
        ("http://s.vn/1", "stored", "2026-10-20 06:00", True),
        ("http://s.vn/1", "pending", "2026-11-01 06:00", True),  # its article's text has expired
        ("http://s.vn/2", "stored", "2026-10-22 06:00", False),
        ("http://s.vn/x", "refused", "2026-10-20 06:00", True),
        ("http://s.vn/x", "failed", "2026-10-20 06:00", True),
        ("http://s.vn/x", "failed", "2026-10-22 06:00", False),
        ("http://s.vn/x", "pending", "2026-10-20 06:00", False),
    ],
)
def test_what_a_feed_told_expires_with_the_text(
    store: Store, clock: Watch, address: str, state: str, discovered: str, dropped: bool
) -> None:
    town = Town(store)
    town.article("Cũ", "2026-10-20 06:00", lead="a", body="b")
    town.article("Mới", "2026-10-22 06:00", lead="a", body="b")
    with store.begin() as session:
        source_id = session.scalars(select(Source.id)).one()
        link = Link(
            source_id=source_id, url=address, canonical_url=address, state=state, discovered_at=at(discovered)
        )
        link.title, link.summary = "Cũ", "Tóm tắt của nguồn tin."
        link.article_id = session.scalar(select(Article.id).where(Article.canonical_url == address))
        session.add(link)
    counts = [expire(store, settings(store={"keep_text_days": 30}), clock, quiet).counts for _ in range(2)]
    assert counts == [{"texts_dropped": 1} | ({"feed_texts_dropped": 1} if dropped else {}), {}]
    with store.read() as session:
        told = session.execute(select(Link.url, Link.title, Link.summary)).one()
    assert tuple(told) == (address, *((None, None) if dropped else ("Cũ", "Tóm tắt của nguồn tin.")))


def test_the_scheduler_runs_the_same_flow(
    sqlite_store: Store, town: Town, office: Office, clock: Watch, mailbox: Mailbox
) -> None:
    town.issue()
    settings = office()
    scheduler = scheduler_of(sqlite_store, settings, clock, 5, quiet)  # type: ignore[arg-type]
    jobs = {job.id: job for job in scheduler.get_jobs()}
    assert jobs["every"].trigger.interval == timedelta(minutes=5)
    assert str(jobs["digest"].trigger) == "cron[hour='7', minute='0']"
    jobs["digest"].func()
    assert len(mailbox.messages()) == 1


def test_the_scheduler_leaves_when_another_run_is_at_it(
    sqlite_store: Store, office: Office, clock: Watch
) -> None:
    said: list[str] = []
    with only_runner(sqlite_store):
        run_once(sqlite_store, office(), clock, said.append)  # type: ignore[arg-type]
    assert len(said) == 1
    assert said[0].endswith("skipped")
    assert at("2026-11-20 07:00") == clock()
