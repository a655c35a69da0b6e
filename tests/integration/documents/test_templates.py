"""An office's own templates: used where they are, and looked through before they are."""

import io
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.checks.templates import check_templates
from pipeline.cli import main
from pipeline.config import load_settings
from pipeline.documents.issuing import Kind
from pipeline.documents.letter import letter_docx, letter_of
from pipeline.documents.placeholders import CONTEXTS, mistakes
from pipeline.documents.report import collect_report, report_docx
from pipeline.documents.report.period import week
from pipeline.documents.templating import TemplateMistake, shipped, template_of
from pipeline.settings import Settings
from tests.integration.documents.conftest import NOW, Press


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    own = tmp_path / "mau"
    own.mkdir()
    return own


@pytest.fixture
def office(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(
        update={"documents": settings.documents.model_copy(update={"templates": folder})}
    )


def template(folder: Path, kind: Kind, *, old: str = "", new: str = "", more: str = "") -> Path:
    """The shipped one with `old` replaced by `new`, and `more` as its last paragraph."""
    path = folder / f"{kind}.docx"
    document = Document(str(shipped("state", kind)))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(one for cell in cells for one in cell.paragraphs)]
    for paragraph in paragraphs:
        if old and old in paragraph.text:
            paragraph.text = paragraph.text.replace(old, new)
    if more:
        document.add_paragraph(more)
    document.save(str(path))
    return path


@pytest.mark.parametrize("layout", ["state", "party"])
@pytest.mark.parametrize("kind", CONTEXTS)
def test_the_templates_that_ship_name_only_what_there_is(kind: Kind, layout: str) -> None:
    assert list(mistakes(shipped(layout, kind), kind)) == []


MISTAKEN: dict[str, tuple[Kind, dict[str, str], str, str]] = {
    "a wrong name": (
        "letter", {"old": "letter.addressee }}", "new": "letter.adressee }}"},
        "names {{ letter.adressee }}, which there is not", "did you mean {{ letter.addressee }}?",
    ),
    "a wrong object": (
        "report", {"more": "{{ haed.office }}"},
        "names {{ haed }}, which there is not", "did you mean {{ head }}?",
    ),
    "a wrong name in a loop": (
        "letter", {"old": "source.marks", "new": "source.mark"},
        "names {{ source.mark }}, which there is not", "did you mean {{ source.marks }}?",
    ),
    "a wrong name of a thing within": (
        "letter", {"more": "{{ letter.limit.untl }}"},
        "names {{ letter.limit.untl }}, which there is not", "did you mean {{ letter.limit.until }}?",
    ),
    "a wrong name in a condition": (
        "reminder", {"more": "{% if reminder.leader %}x{% endif %}"},
        "names {{ reminder.leader }}, which there is not", "did you mean {{ reminder.leaders }}?",
    ),
    "nothing like it": (
        "digest", {"more": "{{ xyzzy }}"}, "names {{ xyzzy }}, which there is not",
        "one of: content, head, subject, title",
    ),
    "a required name is missing": (
        "letter", {"old": "{{ head.number }}", "new": "Số: ..."},
        "nowhere names {{ head.number }}", "put it where the document shall say it",
    ),
    "no place for the content": (
        "report", {"old": "{{ content }}", "new": ""},
        "nowhere names {{ content }}", "put it where the document shall say it",
    ),
    "a brace too few": (
        "report", {"more": "{% if title %}"}, "cannot be read", "look at the braces",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKEN)
def test_a_mistake_is_found_with_file_name_and_remedy(office: Settings, folder: Path, case: str) -> None:
    kind, change, what, remedy = MISTAKEN[case]
    path = template(folder, kind, **change)
    problem, *_ = check_templates(office)
    assert problem.severity == "error"
    assert problem.what.startswith(f"template {kind}.docx {what}")
    assert problem.remedy.startswith(f"in {path}: {remedy}")


@pytest.mark.parametrize(
    "more",
    [
        "{% for c in letter.limit %}{% endfor %}",
        "{{ letter.contents | sum }}",
        "{{ letter.more_sources + 'x' }}",
        "{{ letter.subject() }}",
        "{% include 'x' %}",
        "{{ head.number | nofilter }}",
        "{{ head.number.wrong }}",
        "{{ sources[0].titel }}",
        "{{ head.copies[99] }}",
    ],
)
def test_what_only_filling_it_in_shows_is_found_too_and_stops_one_letter(
    session: Session, office: Settings, folder: Path, press: Press, more: str
) -> None:
    path = template(folder, "letter", more=more)
    problems = list(check_templates(office))
    assert [problem.severity for problem in problems] == ["error"]
    assert problems[0].what.startswith("template letter.docx cannot be ")
    referral = press.refer(press.add_issue(state="referred"), number=3, sent_at=NOW)
    letter = letter_of(session, office, referral, WorkingCalendar(office.calendar))
    with pytest.raises(TemplateMistake, match=r"letter\.docx"):
        letter_docx(letter, path)


def test_a_name_of_what_may_be_missing_is_found_too(office: Settings, folder: Path) -> None:
    template(folder, "letter", more="{{ letter.quoted.outlet }}")
    (problem,) = check_templates(office)
    assert "cannot be filled in where nothing that may be missing is known" in problem.what


def test_content_inside_a_table_is_no_place_for_it(office: Settings, folder: Path) -> None:
    document = Document(str(template(folder, "report", old="{{ content }}", new="")))
    document.tables[0].rows[0].cells[0].text = "{{ content }}"
    document.save(str(folder / "report.docx"))
    (problem,) = check_templates(office)
    assert problem.what == "template report.docx has {{ content }} inside a table or a head"


def test_what_is_no_template_is_told_of(office: Settings, folder: Path) -> None:
    (folder / "letter.docx").write_bytes(b"no zip file")
    shutil.copy(shipped("state", "report"), folder / "reprot.docx")
    (folder / "~$digest.docx").write_bytes(b"open in a word processor")
    told = {problem.what: problem.remedy for problem in check_templates(office)}
    assert told == {
        "template letter.docx is no DOCX file": f"in {folder / 'letter.docx'}: "
        "save it as DOCX in a word processor",
        "template reprot.docx is used by no document": "rename it: did you mean report.docx?",
    }


def test_a_folder_that_is_not_there_is_told_of(office: Settings, folder: Path) -> None:
    folder.rmdir()
    (problem,) = check_templates(office)
    assert problem.what == f"there is no folder of templates {folder}"


def test_an_office_without_templates_of_its_own_has_those_that_ship(
    settings: Settings, office: Settings
) -> None:
    assert list(check_templates(settings)) == []
    assert template_of(office, "letter") == shipped("state", "letter")


def test_its_own_letter_takes_the_place_of_the_one_that_ships(
    session: Session, office: Settings, folder: Path, press: Press
) -> None:
    template(folder, "letter", more="Trân trọng cảm ơn {{ letter.addressee }}.")
    referral = press.refer(press.add_issue(state="referred"), number=3, sent_at=NOW)
    letter = letter_of(session, office, referral, WorkingCalendar(office.calendar))
    written = letter_docx(letter, template_of(office, "letter"))
    assert Document(io.BytesIO(written)).paragraphs[-1].text == "Trân trọng cảm ơn Sở Xây dựng."
    assert written == letter_docx(letter, template_of(office, "letter"))


def test_a_report_keeps_what_the_office_wrote_around_the_content(
    session: Session, office: Settings, folder: Path
) -> None:
    template(folder, "report", old="{{ content }}", new="Kính trình. {{ content }}")
    path = template(folder, "report", more="Hết phần của cơ quan {{ head.office }}.")
    report = collect_report(session, office, week(2026, 47), now=NOW)
    words = [one.text for one in Document(io.BytesIO(report_docx(report, path))).paragraphs]
    own = words.index(f"Hết phần của cơ quan {office.office.name}.")
    assert words.index("1. Tình hình chung") < own < words.index("PHỤ LỤC")
    assert not any("content" in text for text in words)


@pytest.mark.parametrize("more", ["{{ letter.adressee }}", "{% if %}", "no zip file"])
def test_no_letter_goes_out_with_a_hole(
    session: Session, office: Settings, folder: Path, press: Press, more: str
) -> None:
    path = template(folder, "letter", more=more)
    if more == "no zip file":
        path.write_text(more)
    referral = press.refer(press.add_issue(state="referred"), number=3, sent_at=NOW)
    letter = letter_of(session, office, referral, WorkingCalendar(office.calendar))
    with pytest.raises(TemplateMistake, match=r"letter\.docx"):
        letter_docx(letter, path)


def test_the_command_puts_them_where_the_office_wants_and_leaves_its_own(tmp_path: Path) -> None:
    config = str(Path(__file__).parents[3] / "config.yaml")
    own = tmp_path / "mau"
    for outcome in ("written", "kept"):
        result = CliRunner().invoke(main, ["templates", str(own), "--config", config, "--json"])
        assert result.exit_code == 0
        assert json.loads(result.stdout)[outcome] == [str(own / f"{kind}.docx") for kind in CONTEXTS]
    layout = load_settings(Path(config)).office.layout
    assert (own / "letter.docx").read_bytes() == shipped(layout, "letter").read_bytes()
