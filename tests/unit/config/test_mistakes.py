"""Whatever is wrong in config.yaml is refused with file, line and what to write instead."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from crawler.sources import configured_sources
from pipeline.config import ConfigError, load_settings
from tests.office import settings

RIGHT = (Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8")

# name: (what stands there, what is written instead, the end of what the named line holds, what is said)
MISTAKES = {
    "a wrong key": (
        "  due_soon_working_days: 2",
        "  due_soon_workingdays: 2",
        "  due_soon_workingdays: 2",
        "digest.due_soon_workingdays: unknown key; did you mean 'due_soon_working_days'?",
    ),
    "a wrong section": ("calendar:\n", "calender:\n", "calender:", "did you mean 'calendar'?"),
    "a wrong key in a list": (
        "      home: https://kinhtedothi.vn",
        "      home: https://kinhtedothi.vn\n      region: x",
        "      region: x",
        "crawler.outlets.1.region: unknown key",
    ),
    "a wrong key in a list of lists": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: feed, adress: x, url: https://hanoimoi.vn/rss/y-te }",
        "adress: x",
        "unknown key",
    ),
    "a rule of an unknown programme": (
        "  - { topic: land, lead: so-nnmt,",
        "  - { topic: land, programme: hanoi-2025, lead: so-nnmt,",
        "programme: hanoi-2025, lead: so-nnmt, co: [thanh-tra, commune], valid_from: 2025-07-01 }",
        "routes.0.programme: no programme 'hanoi-2025'; did you mean 'hanoi-2026'?",
    ),
    "a type of file that is not known": (
        "  types: [pdf, docx, xlsx, odt, jpg, png]",
        "  types: [pdf, exe]",
        "  types: [pdf, exe]",
        "attachments.types.1: Input should be 'pdf', 'docx'",
    ),
    "an agency page without its scheme": (
        "attachments:\n",
        "agency_page:\n  base_url: phoihop.example.vn\nattachments:\n",
        "  base_url: phoihop.example.vn",
        "agency_page.base_url: String should match pattern",
    ),
    "a secret": (
        "  username: dansinh",
        "  username: dansinh\n  password: hunter2",
        "  password: hunter2",
        "mail.password: unknown key; did you mean 'password_env'?",
    ),
    "a wrong type": (
        "  port: 587",
        "  port: five",
        "  port: five",
        "mail.port: Input should be a valid integer",
    ),
    "a number out of bounds": (
        "  port: 587",
        "  port: 70000",
        "  port: 70000",
        "less than or equal to 65535",
    ),
    "a wrong word": (
        "    kind: chương trình",
        "    kind: programme",
        "    kind: programme",
        "'chương trình', 'kế hoạch' or 'quy chế'",
    ),
    "no date": (
        "    valid_to: 2030-12-31",
        "    valid_to: 2030-13-31",
        "    valid_to: 2030-13-31",
        "2030-13-31 is no date",
    ),
    "no address": (
        "  sender: dansinh@btgdv.hanoi.example.vn",
        "  sender: dansinh",
        "  sender: dansinh",
        "mail.sender",
    ),
    "an address that no mail server takes": (
        "    email: daumoi@tuphap.hanoi.example.vn",
        "    email: đầumối@tuphap.hanoi.example.vn",
        "    email: đầumối@tuphap.hanoi.example.vn",
        "is no e-mail address; write one like",
    ),
    "a commune's address with an unknown word": (
        "vanphong.{code}@",
        "vanphong.{nam}@",
        "vanphong.{nam}@",
        "communes.email: braces hold 'nam'; only {name} and {code}",
    ),
    "a commune's address that is none": (
        "  email: vanphong.{code}@xaphuong.hanoi.example.vn",
        "  email: nothing",
        "  email: nothing",
        "communes.email: gives 'nothing', which is no e-mail address",
    ),
    "a commune's address with the commune's name": (
        "vanphong.{code}@",
        "vanphong.{name}@",
        "vanphong.{name}@",
        "communes.email: gives 'vanphong.phường Ba Đình@",
    ),
    "a commune's post with an unknown word": (
        "  leader_post: Chủ tịch UBND {name}",
        "  leader_post: Chủ tịch UBND {}",
        "  leader_post: Chủ tịch UBND {}",
        "communes.leader_post: braces hold ''",
    ),
    "a commune's name with a format": (
        "\n  name: UBND {name}",
        "\n  name: UBND {name!r:>9}",
        "\n  name: UBND {name!r:>9}",
        "communes.name: braces hold 'name'",
    ),
    "a brace left open": (
        "  contact_unit: Văn phòng HĐND và UBND {name}",
        "  contact_unit: Văn phòng HĐND và UBND {name",
        "  contact_unit: Văn phòng HĐND và UBND {name",
        "communes.contact_unit: expected '}' before end of string",
    ),
    "a taxonomy that is not there": (
        '  home_province: "01"',
        '  home_province: "01"\n  taxonomy: nope.json',
        "  taxonomy: nope.json",
        "nlp.taxonomy: ",
    ),
    "something missing": ("  symbol: PC/BTGDVTU", "  # symbol", "office:", "office.symbol: is missing"),
    "a missing section": ("\nmail:\n", "\nx-mail:\n", None, "mail: is missing"),
    "a code without quotes": (
        '  province: "01"',
        "  province: 01",
        "  province: 01",
        "should be a valid string; write it in quotes",
    ),
    "a dangling lead": (
        "lead: so-gddt,",
        "lead: so-gdtd,",
        "lead: so-gdtd,",
        "routes.7.lead: no agency 'so-gdtd'; did you mean 'so-gddt'?",
    ),
    "a dangling co-agency": (
        "co: [so-khcn, evnhanoi]",
        "co: [so-khcn, evn-hanoi]",
        "co: [so-khcn, evn-hanoi]",
        "no agency 'evn-hanoi'; did you mean 'evnhanoi'?",
    ),
    "a dangling topic": (
        "topic: culture,",
        "topic: cultural,",
        "topic: cultural,",
        "no topic 'cultural'; did you mean 'culture'?",
    ),
    "a dangling topic of review": (
        "  auto: []",
        "  auto: [{ topic: floods, min_urgency: 4 }]",
        "  auto:",
        "review.auto.0.topic: no topic 'floods'",
    ),
    "a unit that is none": (
        '  province: "01"',
        '  province: "02"',
        '  province: "02"',
        "office.province: no unit in force has the code '02'",
    ),
    "a place that is none": (
        "{ topic: culture, lead",
        '{ topic: culture, place: "99999", lead',
        'place: "99999"',
        "no unit in force has the code '99999'",
    ),
    "a key written twice": (
        "  signer_post: TRƯỞNG BAN",
        "  signer_post: TRƯỞNG BAN\n  place: Hà Nội",
        "  signer_post: TRƯỞNG BAN\n  place: Hà Nội",
        'found duplicate key "place"',
    ),
    "a tab": ("  at: 07:00", "\tat: 07:00", "\tat: 07:00", "indent with spaces, not with tabs"),
    "a quote left open": ('  province: "01"', '  province: "01', None, "YAML"),
    "an end before the beginning": (
        "valid_to: 2026-06-30 }",
        "valid_to: 2025-06-30 }",
        "valid_to: 2025-06-30 }",
        "valid_to 2025-06-30 lies before valid_from 2025-07-01",
    ),
    "two outlets of one key": (
        "    - key: thanhnien",
        "    - key: tuoitre",
        "crawler:",
        "two outlets have the key 'tuoitre'; give each its own",
    ),
    "a selector that is none": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: listing, url: https://hanoimoi.vn/y-te, article_links: 'h2 >' }",
        "article_links: 'h2 >'",
        "sources.2.article_links: 'h2 >' is no CSS selector (Expected selector, got <EOF at 4>)",
    ),
    "a next page that is no selector": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: board, url: https://hanoimoi.vn/y-te, next_page: 'a[rel=next' }",
        "next_page: 'a[rel=next'",
        "sources.2.next_page: 'a[rel=next' is no CSS selector",
    ),
    "a layout with a selector that is none": (
        "      home: https://kinhtedothi.vn",
        "      home: https://kinhtedothi.vn\n      layouts: [{ body: .story, drop: ['.ad', '..x'] }]",
        "drop: ['.ad', '..x']",
        "layouts.0.drop.1: '..x' is no CSS selector",
    ),
    "a selector that no page can be asked": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: listing, url: https://hanoimoi.vn/y-te, article_links: 'svg|a' }",
        "article_links: 'svg|a'",
        "sources.2.article_links: 'svg|a' is no CSS selector",
    ),
    "a contact that cannot be sent": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        "  contact: Phòng Dân vận, phoihop@btgdv.hanoi.example.vn",
        "  contact: Phòng",
        "crawler.contact: 'Phòng Dân vận, phoihop@btgdv.hanoi.example.vn' cannot be sent in a request",
    ),
    "a contact of two lines": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        '  contact: "phoihop@btgdv.hanoi.example.vn\\nX-More: 1"',
        "  contact: ",
        "only ASCII on one line can; write a mail address or the address of a page",
    ),
    "no contact": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        "  contact: ' '",
        "  contact: ' '",
        "crawler.contact: is empty; write a mail address or the address of a page",
    ),
    "a crawler without a contact": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        "  contact: phoihop@btgdv.hanoi.example.vn\n  user_agent: DanSinh/0.1",
        "  user_agent: DanSinh/0.1",
        "crawler.user_agent: does not say how the office is reached; write {contact} into it",
    ),
    "a host that is none": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        "  contact: phoihop@btgdv.hanoi.example.vn\n  private_hosts: [cong.noi-bo, 10.0.0.0/8]",
        "  private_hosts: [cong.noi-bo, 10.0.0.0/8]",
        "crawler.private_hosts.1: '10.0.0.0/8' is no host",
    ),
    "visits before the reading": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        "  contact: phoihop@btgdv.hanoi.example.vn\n  visit_hours: [-3, 24]",
        "  visit_hours: [-3, 24]",
        "crawler.visit_hours: the hours must be more than 0, each more than the one before",
    ),
    "visits out of order": (
        "  contact: phoihop@btgdv.hanoi.example.vn",
        "  contact: phoihop@btgdv.hanoi.example.vn\n  visit_hours: [72, 3]",
        "  visit_hours: [72, 3]",
        "crawler.visit_hours: the hours must be more than 0, each more than the one before",
    ),
    "a feed without an address": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: feed }",
        "- { kind: feed }",
        "sources.2: a feed has a `url` and no `path`; write {kind: feed, url: https://…}",
    ),
    "a feed that is no web address": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: feed, url: /rss/y-te }",
        "url: /rss/y-te",
        "sources.2.url: Input should be a valid URL",
    ),
    "a folder without a path": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: folder, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: folder, url: https://hanoimoi.vn/rss/y-te }",
        "sources.2: a folder has a `path` and no `url`; write {kind: folder, path: FOLDER}",
    ),
    "a feed with a selector": (
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }",
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te, article_links: a }",
        "{ kind: feed, url: https://hanoimoi.vn/rss/y-te, article_links: a }",
        "sources.2: only a listing and a board have `article_links`",
    ),
    "two units of a clock": (
        "    working_days: 10",
        "    working_days: 10\n    days: 14",
        "  - key: tiep-cong-dan-thong-bao",
        "give exactly one of working_days, days, hours",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_it_is_refused_with_file_line_and_remedy(tmp_path: Path, mistake: str) -> None:
    before, after, named, said = MISTAKES[mistake]
    assert RIGHT.count(before) == 1, "the table no longer fits config.yaml"
    text = RIGHT.replace(before, after)
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as refusal:
        load_settings(path)

    matching = [found for found in refusal.value.mistakes if said in str(found)]
    assert matching, str(refusal.value)
    assert str(path) in str(refusal.value)
    if named is not None:
        upto = text[: text.index(named) + len(named)]
        assert matching[0].line == upto.count("\n") + 1


def test_a_folder_is_named_from_the_folder_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    feed = "{ kind: feed, url: https://hanoimoi.vn/rss/y-te }"
    path.write_text(RIGHT.replace(feed, "{ kind: folder, path: luu/tin }"), encoding="utf-8")
    sources = configured_sources(load_settings(path).crawler, "hanoimoi")
    assert [source.path for source in sources if source.kind == "folder"] == [tmp_path / "luu" / "tin"]
    assert sources[2].key == f"hanoimoi folder {(tmp_path / 'luu' / 'tin').as_uri()}"


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    text = RIGHT.replace("  port: 587", "  port: five").replace("  at: 07:00", "  at: seven")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        load_settings(path)
    assert {mistake.key for mistake in refusal.value.mistakes} == {"mail.port", "digest.at"}


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_bytes(RIGHT.encode() + b"# Th\xe0nh u\n")
    with pytest.raises(ConfigError, match=r"UTF-8") as refusal:
        load_settings(path)
    assert refusal.value.mistakes[0].line == RIGHT.count("\n") + 1


@pytest.mark.parametrize("text", ["", "# only words\n", "- a\n- b\n", "words\n"])
def test_a_file_without_sections(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="is empty or no mapping of sections"):
        load_settings(path)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("phong.1+a@tuphap.hanoi.example.vn", "phong.1+a@tuphap.hanoi.example.vn"),
        ("phong@đồng-nai.example.vn", "phong@xn--ng-nai-92a8502d.example.vn"),
        ("phong@xn--ng-nai-92a8502d.example.vn", "phong@xn--ng-nai-92a8502d.example.vn"),
    ],
)
def test_an_address_is_kept_as_mail_servers_take_it(written: str, kept: str) -> None:
    assert settings(office={"email": written}).office.email == kept


@pytest.mark.parametrize("written", ["a b@x.vn", "a@x", "a..b@x.vn", "a@x..vn", "a@b@x.vn", "a@x.vn\n", "@x"])
def test_what_is_no_address(written: str) -> None:
    with pytest.raises(ValidationError, match="is no e-mail address"):
        settings(office={"email": written})


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ({"contact": " phong@example.vn\n"}, "DanSinh/0.1 (+phong@example.vn)"),
        ({"user_agent": "Phong/2 ({contact})"}, "Phong/2 (https://example.vn)"),
        ({"user_agent": "Phong/2 (a@example.vn)"}, "Phong/2 (a@example.vn)"),
    ],
)
def test_how_the_crawler_names_itself(written: dict[str, str], sent: str) -> None:
    assert settings(crawler=written).crawler.agent == sent


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory; --config names one file"):
        load_settings(tmp_path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file; name one with --config"):
        load_settings(tmp_path / "config.yml")


def test_the_key_of_links_lies_beside_the_configuration(tmp_path: Path) -> None:
    page = "agency_page:\n  base_url: https://phoihop.example.vn\n  secret_file: khoa.txt\nattachments:\n"
    path = tmp_path / "config.yaml"
    path.write_text(RIGHT.replace("attachments:\n", page, 1), encoding="utf-8")
    found = load_settings(path).agency_page
    assert found is not None
    assert found.secret_file == tmp_path / "khoa.txt"
