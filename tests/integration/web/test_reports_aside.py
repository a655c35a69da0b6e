"""Reports of a large office: made aside, once for every process of the desk, and kept with their files."""

import os
import signal
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from starlette.testclient import TestClient

from pipeline import kept_reports
from pipeline.documents.report import Report
from pipeline.documents.report.prose import shown_in
from pipeline.documents.templating import TemplateMistake, shipped
from pipeline.kept_reports import FOLDER, keep, kept, path_of
from pipeline.reporting import DOCUMENT, WORKBOOK, file_of, issue_report, tables_of, write_report
from tests.integration.web.conftest import Enter
from tests.integration.web.test_report_page import LAST_WEEK, WEEK, asked, event, make_busy, report_of
from tests.integration.web.town import NOW, Town
from web import aside
from web.aside import Job
from web.reckoning import Reckoning


@pytest.fixture
def busy(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    # Who stands last beside other tests gets no processor while they have work.
    monkeypatch.setattr(aside, "LAST", 0)
    yield make_busy(town)
    done()


def done() -> None:
    """Waits until what is reckoned aside is done."""
    for thread in threading.enumerate():
        if thread.name == "reports":
            thread.join(120)


def large() -> Reckoning:
    """As one process of the desk has it."""
    return Reckoning(many_articles=1)


@pytest.fixture
def made(busy: Town, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The periods that have been reckoned, which is done here and at once."""
    periods: list[str] = []

    def here(job: Job) -> None:
        periods.append(job.period.key)
        keep_here(busy, job)

    monkeypatch.setattr(aside, "make_elsewhere", here)
    return periods


def keep_here(town: Town, job: Job) -> None:
    with job.store.read() as session:
        report = aside_report(session, job)
    files = {name: file_of(job.settings, report, name) for name in (DOCUMENT, WORKBOOK)}
    keep(town.store.data_dir, job.period.key, job.stamp, report, files | tables_of(job.settings, report))


def aside_report(session: Any, job: Job) -> Report:
    from pipeline.reporting import report_of as made_report

    return made_report(session, job.settings, job.period, job.stamp.made_at)


def of(town: Town, reckoning: Reckoning, key: str) -> Report:
    """Asked for, waited for and got."""
    assert asked(town, reckoning, key) == ("making", None)
    done()
    state, report = asked(town, reckoning, key)
    assert state == "ready"
    assert report is not None
    return report


def test_it_is_made_in_another_process_and_is_the_same_with_every_file(busy: Town) -> None:
    reckoning = large()
    assert asked(busy, reckoning, WEEK) == ("making", None)
    report = of(busy, reckoning, WEEK)
    assert report == report_of(busy, WEEK)
    assert [[shown_in(cell, column) for cell, column in zip(row, table.columns, strict=True)]
            for table in report.tables for row in table.all_rows] == [
        [shown_in(cell, column) for cell, column in zip(row, table.columns, strict=True)]
        for table in report_of(busy, WEEK).tables for row in table.all_rows
    ]  # fmt: skip
    _, written = write_report(busy.store, busy.settings, report.period, NOW)
    for path in written:
        assert file(busy, reckoning, report, path.name) == ("ready", path.read_bytes())
    with pytest.raises(KeyError):
        file(busy, reckoning, report, "khong-co.csv")
    event(busy)
    assert asked(busy, reckoning, WEEK) == ("ready", report)


def file(town: Town, reckoning: Reckoning, report: Report, name: str) -> tuple[str, bytes | None]:
    return reckoning.file(town.store, town.settings, report.period, town.clock(), name)


def test_what_one_process_has_made_every_other_has_and_has_after_a_restart(
    busy: Town, made: list[str]
) -> None:
    first = of(busy, large(), WEEK)
    for other in (large(), large()):
        assert asked(busy, other, WEEK) == ("ready", first)
        assert file(busy, other, first, WORKBOOK) == ("ready", file_of(busy.settings, first, WORKBOOK))
    assert made == [WEEK]


def test_what_one_process_has_made_anew_the_other_shows(busy: Town, made: list[str]) -> None:
    one, other = large(), large()
    first = of(busy, one, WEEK)
    assert asked(busy, other, WEEK) == ("ready", first)
    busy.issue(detected_at=NOW - timedelta(hours=1), state="confirmed")
    busy.clock.now += timedelta(minutes=11)
    assert asked(busy, one, WEEK) == ("renewing", first)
    done()
    state, second = asked(busy, other, WEEK)
    assert state == "ready"
    assert second is not None
    assert second.count("issues") == first.count("issues") + 1
    assert made == [WEEK] * 2


def test_while_one_process_makes_it_the_other_waits_and_makes_none(busy: Town, made: list[str]) -> None:
    other, one = large(), large()
    folder = busy.store.data_dir / FOLDER
    folder.mkdir()
    with FileLock(folder / "making.lock"):
        assert asked(busy, other, WEEK) == ("making", None)
        keep_here(busy, one._job(busy.store, busy.settings, report_of(busy, WEEK).period, NOW))
    done()
    assert asked(busy, other, WEEK)[0] == "ready"
    assert made == []


def test_of_what_is_over_it_is_made_once_in_a_week_and_when_it_gets_its_number(
    busy: Town, made: list[str]
) -> None:
    first = of(busy, large(), LAST_WEEK)
    busy.clock.now += timedelta(days=6)
    event(busy)
    assert asked(busy, large(), LAST_WEEK) == ("ready", first)
    issue_report(busy.store, busy.settings, first.period, NOW)
    issued = of(busy, large(), LAST_WEEK)
    assert issued.head.number != first.head.number
    busy.clock.now += timedelta(days=8)
    assert asked(busy, large(), LAST_WEEK) == ("renewing", issued)
    done()
    assert made == [LAST_WEEK] * 3


def test_of_what_is_hardly_over_it_is_made_again(busy: Town, made: list[str]) -> None:
    """What was read last may be grouped yet, what was decided last be undone."""
    busy.clock.now = NOW + timedelta(days=3)
    first = of(busy, large(), WEEK)
    assert first.is_over
    busy.clock.now += timedelta(minutes=11)
    assert asked(busy, large(), WEEK) == ("renewing", first)


def spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def no_report(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        stamp = archive.read("stamp.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("stamp.json", stamp)
        archive.writestr("report.json", '{"class":"Path","args":["x"]}')


@pytest.mark.parametrize("harm", [spoil, no_report, Path.unlink], ids=["cut", "no report", "gone"])
def test_what_cannot_be_read_is_made_anew(busy: Town, made: list[str], harm: Any) -> None:
    reckoning = large()
    first = of(busy, reckoning, WEEK)
    harm(path_of(busy.store.data_dir, WEEK))
    assert kept(path_of(busy.store.data_dir, WEEK)) is None
    assert of(busy, reckoning, WEEK) == first
    assert made == [WEEK] * 2


def test_other_settings_or_code_make_another(
    busy: Town, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    of(busy, large(), WEEK)
    reports = busy.settings.reports.model_copy(update={"csv_separator": ","})
    changed = replace(busy, settings=busy.settings.model_copy(update={"reports": reports}))
    of(changed, large(), WEEK)
    monkeypatch.setattr(kept_reports, "_code", lambda: "other")
    of(changed, large(), WEEK)
    assert made == [WEEK] * 3


def test_a_wrong_template_costs_the_document_alone_and_only_until_it_is_mended(
    busy: Town, tmp_path: Path
) -> None:
    template = tmp_path / "report.docx"
    template.write_bytes(b"no document")
    documents = busy.settings.documents.model_copy(update={"templates": tmp_path})
    town = replace(busy, settings=busy.settings.model_copy(update={"documents": documents}))
    reckoning = large()
    report = of(town, reckoning, LAST_WEEK)
    assert file(town, reckoning, report, WORKBOOK)[0] == "ready"
    with pytest.raises(TemplateMistake):
        file(town, reckoning, report, DOCUMENT)
    template.write_bytes(shipped(town.settings.office.layout, "report").read_bytes())
    of(town, reckoning, LAST_WEEK)
    assert file(town, reckoning, report, DOCUMENT)[1] == file_of(busy.settings, report, DOCUMENT)


def test_what_another_store_has_told_is_not_shown(busy: Town, made: list[str]) -> None:
    """The office's folder stays where its store is put back to an earlier day."""
    period, database = report_of(busy, LAST_WEEK).period, busy.store
    earlier = large()._job(database, busy.settings, period, NOW)
    event(busy)
    of(busy, large(), LAST_WEEK)
    assert large()._report(earlier) == ("making", None)


def test_only_so_many_are_kept_and_not_for_long(busy: Town, made: list[str]) -> None:
    of(busy, large(), WEEK)
    first = path_of(busy.store.data_dir, WEEK)
    for number in range(40):
        (first.parent / f"k{number}.zip").write_bytes(b"")
    for name in ("old.zip", ".k.zip.half"):
        (first.parent / name).write_bytes(b"")
    long_ago = first.stat().st_mtime - timedelta(days=8).total_seconds()
    os.utime(first.parent / "old.zip", (long_ago, long_ago))
    of(busy, large(), LAST_WEEK)
    left = {path.name for path in first.parent.iterdir()}
    assert len(left - {"making.lock"}) == kept_reports.KEPT
    assert f"{LAST_WEEK}.zip" in left
    assert not left & {"old.zip", ".k.zip.half"}


def test_while_it_is_made_page_and_file_say_so_or_are_the_last_ones(
    enter: Enter, busy: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def slowly(job: Job) -> None:
        go_on.wait(60)
        keep_here(busy, job)

    monkeypatch.setattr(aside, "make_elsewhere", slowly)
    client: TestClient = enter("reader")
    desk = client.app.state.desk  # type: ignore[attr-defined]
    monkeypatch.setattr(desk.reckoning, "_many", 1)
    page, document = f"/bao-cao?ky={WEEK}", f"/bao-cao/{WEEK}/bao-cao.docx"
    for address, comes in ((page, "trang tự mở khi xong"), (document, "tệp tự tải về khi xong")):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["refresh"]) == (202, "5")
        assert "Đang lập báo cáo tuần 47 năm 2026" in answer.text
        assert comes in answer.text
    go_on.set()
    done()
    assert "refresh" not in client.get(page).headers
    answer = client.get(document)
    assert answer.content == file_of(busy.settings, report_of(busy, WEEK), DOCUMENT)
    assert answer.headers["content-disposition"] == f'attachment; filename="bao-cao-{WEEK}.docx"'
    assert client.get(f"/bao-cao/{WEEK}/khong-co.csv").status_code == 404
    go_on.clear()
    busy.clock.now += timedelta(minutes=11)
    renewed, same = client.get(page).text, client.get(document)
    go_on.set()
    done()
    assert "1. Tình hình chung" in renewed
    assert "đang tính lại" in renewed
    assert same.content == answer.content


def kill_it(*_arguments: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(*arguments: Any) -> None:
    with Path(arguments[-1]).open("ab") as complaints:
        complaints.write("hết chỗ trên đĩa".encode())
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (kill_it, "its process was ended by SIGKILL; it said nothing"),
        (fail, "its process ended with status 3; hết chỗ trên đĩa"),
    ],
    ids=["killed", "failed"],
)
def test_why_it_was_not_made_is_in_the_log_and_it_may_be_asked_for_again(
    enter: Enter,
    busy: Town,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    target: Any,
    told: str,
) -> None:
    client: TestClient = enter("reader")
    desk = client.app.state.desk  # type: ignore[attr-defined]
    monkeypatch.setattr(desk.reckoning, "_many", 1)
    with monkeypatch.context() as patch:
        patch.setattr(aside, "reckon", target)
        assert client.get(f"/bao-cao?ky={WEEK}").status_code == 202
        done()
    assert f"the report of {WEEK} was not made: {told}" in caplog.text
    answer = client.get(f"/bao-cao/{WEEK}/bao-cao.xlsx")
    assert answer.status_code == 503
    assert "Chưa lập được báo cáo tuần 47 năm 2026" in answer.text
    assert of(busy, desk.reckoning, WEEK) == report_of(busy, WEEK)


def test_only_so_many_wait(busy: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, reckoning = threading.Event(), large()
    monkeypatch.setattr(aside, "make_elsewhere", lambda _job: go_on.wait(60))
    states = [asked(busy, reckoning, f"2026-{month:02}")[0] for month in range(1, 11)]
    go_on.set()
    done()
    assert states == ["making"] * 8 + ["busy"] * 2
