"""The whole demo, played once: what an official gets, and what nobody may get."""

import io
import json
import zipfile
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from pipeline.demo.run import MARK, run_demo
from pipeline.demo.town import COMMENTERS, load_town
from tests.played import NOT_THE_DEMOS, Played

TOWN = load_town()
URGENT = ("chung-cu-ben-lim", "sat-lo-dai-son", "ngo-doc-an-duong", "sxh-chu-van-an", "bao-13-bach-long-vi")
"""Dangers to life that the tagger must not miss whatever else it learns."""


def test_the_week_ends_with_a_digest_letters_and_mails_without_personal_data(
    played: Played, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    out, status, said = played.out, played.status, played.said
    digest = json.loads((out / "var/digests/2026-11-20/ban-tin.json").read_text(encoding="utf-8"))
    rows = list(rows_of(out / "var/dansinh.db"))
    with subtests.test("it ends well and says where things lie"):
        assert status == 0, said
        for place in (
            "ban-tin.html",
            "ban-tin.docx",
            "ban-tin.json",
            "letters",
            "mails",
            " desk --config ",
            " check --config ",
        ):
            assert place in said
        assert played.database_url == NOT_THE_DEMOS
    with subtests.test("every morning has its digest"):
        days = sorted(path.name for path in (out / "var/digests").iterdir())
        assert days == [f"2026-11-{day}" for day in (12, 13, 16, 18, 20)]
    with subtests.test("every outlet was read"):
        outlets = {row["outlet_key"] for table, row in rows if table == "article"}
        assert outlets == {outlet.key for outlet in TOWN.outlets}
    with subtests.test("dangers to life became issues, those of the last morning are in the digest"):
        events = events_of(rows)
        assert set(URGENT) <= events
        shown = json.dumps(digest, ensure_ascii=False)
        assert "Bạch Long Vĩ" in shown
    with subtests.test("replies, a refusal, a closed and an overdue matter"):
        states = {row["state"] for table, row in rows if table == "referral"}
        assert {"accepted", "returned", "refused", "sent", "drafted"} <= states
        outcomes = {row["outcome"] for table, row in rows if table == "issue"}
        assert {"fixed", "planned"} <= outcomes
        assert any(
            row["state"] in ("sent", "acknowledged")
            and row["deadline_at"]
            and row["deadline_at"] < "2026-11-20"
            for table, row in rows
            if table == "referral"
        )
    with subtests.test("what touches religion or protest waits for a person"):
        waiting = {a.slug for a in TOWN.articles if a.truth.restricted}
        states = {row["state"] for row in issues_of(rows, waiting)}
        assert states <= {"detected"}
    with subtests.test("the registers are kept, and the digest tells of what waits in them"):
        kept = {row["register"]: row["state"] for table, row in rows if table == "register_entry"}
        assert kept == {"project": "open", "claim": "open", "publication": "done", "dialogue": "open"}
        assert digest["waiting"]["late_claims"] == 1
    with subtests.test("issues have titles of their own"):
        headlines = {article.title for article in TOWN.articles}
        concerns = [row["title"] for table, row in rows if table == "issue" and row["kind"] == "concern"]
        assert sum(title in headlines for title in concerns) <= len(concerns) / 10
    with subtests.test("each letter is a document of its own and was mailed once"):
        letters = list((out / "var/letters").rglob("*.docx"))
        mails = [read_mail(path.read_bytes()) for path in (out / "mails").glob("*.eml")]
        sent = [mail for mail in mails if str(mail["Subject"]).startswith("Phiếu chuyển")]
        assert len(letters) == len(sent) > 20
        assert len({str(mail["Message-ID"]) for mail in mails}) == len(mails)
    with subtests.test("no personal data anywhere"):
        secrets = {secret for article in TOWN.articles for secret in article.private} | set(COMMENTERS)
        for where, content in everything_written(out, rows):
            found = [secret for secret in secrets if secret in content]
            assert not found, (where, found)
    with subtests.test("it is played again in its own folder only"):
        assert (out / MARK).is_file()
        foreign = tmp_path / "thesis"
        foreign.mkdir()
        (foreign / "chapter.txt").write_text("mine")
        assert run_demo(foreign, False, list[str]().append) == 2
        assert (foreign / "chapter.txt").read_text() == "mine"


def rows_of(database: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of every table, with the table's name."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        tables = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        )
        for table in tables:
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608 - names out of the database
                yield table, dict(row)
    engine.dispose()


def issues_of(rows: list[tuple[str, dict[str, Any]]], slugs: set[str]) -> list[dict[str, Any]]:
    """Rows of the issues that began with one of these articles."""
    urls = {row["id"]: row["url"] for table, row in rows if table == "article"}
    first: dict[int, str] = {}
    for table, row in rows:
        if table == "issue_article":
            first.setdefault(row["issue_id"], urls[row["article_id"]])
    found = {key for key, url in first.items() if (a := TOWN.find(url)) and a.slug in slugs}
    return [row for table, row in rows if table == "issue" and row["id"] in found]


def events_of(rows: list[tuple[str, dict[str, Any]]]) -> set[str]:
    """Events that have an issue of their own."""
    return {
        event
        for event in {str(article.truth.event) for article in TOWN.articles}
        if issues_of(rows, {article.slug for article in TOWN.event(event)})
    }


def read_mail(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def everything_written(out: Path, rows: list[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, str]]:
    for table, row in rows:
        for name, value in row.items():
            if isinstance(value, bytes):
                yield f"{table}.{name}", mail_text(value)
            elif value is not None:
                # JSON columns may hold letters as \\u escapes.
                yield f"{table}.{name}", unescaped(str(value))
    for path in out.rglob("*"):
        if path.suffix == ".eml":
            yield str(path), mail_text(path.read_bytes())
        elif path.suffix == ".docx":
            yield str(path), docx_text(path.read_bytes())
        elif path.suffix in (".html", ".json", ".yaml"):
            yield str(path), unescaped(path.read_text(encoding="utf-8"))


def unescaped(content: str) -> str:
    try:
        return json.dumps(json.loads(content), ensure_ascii=False)
    except ValueError:
        return content


def mail_text(raw: bytes) -> str:
    message = read_mail(raw)
    parts = [str(message["Subject"])]
    for part in message.walk():
        content = None if part.is_multipart() else part.get_content()
        if isinstance(content, str):
            parts.append(content)
        elif isinstance(content, bytes) and content.startswith(b"PK"):
            parts.append(docx_text(content))
    return "\n".join(parts)


def docx_text(raw: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
