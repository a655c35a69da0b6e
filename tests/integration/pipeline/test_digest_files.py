"""The files of the day's digest come back, as they were sent, when they are lost or could not be written."""

import shutil
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import select

from pipeline.settings import Settings
from pipeline.stages import digest, sequence
from store import Store
from store.models import Delivery, Digest
from tests.integration.pipeline.conftest import Town, Watch, quiet

Office = Callable[..., Settings]
NAMES = {"ban-tin.docx", "ban-tin.html", "ban-tin.json"}


def folder_of(store: Store, clock: Watch) -> Path:
    return digest.folder(store.data_dir, clock().date())


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


@pytest.fixture
def made(sqlite_store: Store, town: Town, office: Office, clock: Watch) -> dict[str, bytes]:
    """The files of a day with an issue in it; afterwards the town tells of another."""
    town.issue("Bãi rác & <khói>")
    digest.run(sqlite_store, office(), clock, quiet)
    town.issue("Chuyện xảy ra sau giờ bản tin")
    clock.set("2026-11-20 09:30")
    return files(folder_of(sqlite_store, clock))


@pytest.mark.parametrize(
    "lost", [["ban-tin.docx"], ["ban-tin.html"], ["ban-tin.json"], sorted(NAMES)], ids=len
)
def test_lost_files_come_back_as_they_were(
    sqlite_store: Store, office: Office, clock: Watch, made: dict[str, bytes], lost: list[str]
) -> None:
    folder = folder_of(sqlite_store, clock)
    for name in lost:
        (folder / name).unlink()
    assert digest.is_due(sqlite_store, office(), clock())
    summary = digest.run(sqlite_store, office(), clock, quiet)
    assert files(folder) == made
    assert summary.counts == {"restored": len(lost)}
    assert not digest.is_due(sqlite_store, office(), clock())


def test_files_that_lie_there_are_left_alone(
    sqlite_store: Store, office: Office, clock: Watch, made: dict[str, bytes]
) -> None:
    folder = folder_of(sqlite_store, clock)
    assert set(made) == NAMES
    (folder / "ban-tin.html").write_bytes(b"a person's note")
    (folder / "ban-tin.json").unlink()
    digest.run(sqlite_store, office(), clock, quiet)
    assert files(folder) == made | {"ban-tin.html": b"a person's note"}


def test_the_docx_on_disk_is_the_one_in_the_mail(
    sqlite_store: Store, office: Office, clock: Watch, made: dict[str, bytes]
) -> None:
    folder = folder_of(sqlite_store, clock)
    shutil.rmtree(folder)
    digest.run(sqlite_store, office(), clock, quiet)
    with sqlite_store.read() as session:
        (message,) = session.scalars(select(Delivery.message))
    mail = message_from_bytes(message, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    (attached,) = mail.iter_attachments()
    assert attached.get_content() == files(folder)["ban-tin.docx"] == made["ban-tin.docx"]


def test_after_a_full_disk_the_next_run_writes_them(
    sqlite_store: Store, town: Town, office: Office, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    town.issue()
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.stages.digest.write_whole", full)
        digest.run(sqlite_store, office(), clock, said.append)
        still_full = digest.run(sqlite_store, office(), clock, said.append)
    assert said == []
    assert len(still_full.failures) == 1
    clock.set("2026-11-20 07:15")
    ran = [summary.stage for summary in sequence.run_due(sqlite_store, office(), clock, quiet)]
    assert "digest" in ran
    assert set(files(folder_of(sqlite_store, clock))) == NAMES
    with sqlite_store.read() as session:
        assert len(session.scalars(select(Delivery.id)).all()) == 1
        assert len(session.scalars(select(Digest.id)).all()) == 1


def test_a_killed_try_leaves_no_stale_file(
    sqlite_store: Store, town: Town, office: Office, clock: Watch
) -> None:
    """The files of a try that never came to its commit are written over."""
    folder = folder_of(sqlite_store, clock)
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_bytes(b"of a try that was killed")
    town.issue()
    digest.run(sqlite_store, office(), clock, quiet)
    with sqlite_store.read() as session:
        kept = session.scalars(select(Digest)).one()
    assert files(folder)["ban-tin.html"] == kept.html.encode()
    assert b"of a try that was killed" not in files(folder).values()
