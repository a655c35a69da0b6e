"""Pages of a host that are read by what was seen on those before: the same comes out, with less searching."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from bench.invented.families import FAMILIES
from bench.invented.pages import UNIQUE, Family, page
from bench.newspapers import PUBLISHED
from crawler.extraction import Extracted, Learned, extract, learned
from crawler.extraction.inventory import Inventory
from crawler.extraction.learned import place_of
from crawler.extraction.tree import parse_page
from crawler.settings import CrawlerSettings, LayoutSettings
from crawler.sources import configured_sources
from crawler.trial import Trier
from crawler.workers.jobs import Broken, PageJob
from crawler.workers.process import Outfit, Reader
from tests.unit.crawler.invented import BODY, LEAD, PARAGRAPHS, STATED, TIME, TITLE, html, paragraphs
from tests.unit.crawler.skeletons import DIRT, SYSTEMS, address, tell

OTHER = "Chợ này từng được sửa hai lần, lần nào cũng dở dang, nay lại chờ vốn và chờ người đứng ra nhận việc."


TIME_BELOW = "<i></i>" * 100 + '<div class="date">20/11/2026 15:00</div>'
"""too far below the headline to be looked for there"""


def url(number: int, host: str = "song.vn") -> str:
    return f"https://{host}/do-thi/he-duong-bi-lan-chiem-{number + 102611200800}.html"


def page_of(text: str = "", box: str = "than", lead: str = "tom", beside: str = "", time: str = "") -> str:
    """`text`: what stands in the box besides three paragraphs; the names mean nothing to any reader."""
    return html(
        f'<title>{TITLE}</title><meta name="description" content="{LEAD}">{STATED}',
        f'<div class="dau"><h1>{TITLE}</h1><i>{time}</i><p class="{lead}">{LEAD}</p></div>'
        f'<div class="{box}">{paragraphs()}{text}</div>{beside}',
    )


def settings_of(*sources: dict[str, str]) -> CrawlerSettings:
    outlet = {"key": "song", "name": "Sông", "kind": "newspaper", "home": "https://song.vn/"}
    return CrawlerSettings.model_validate(
        {"contact": "phong@example.vn", "outlets": [outlet | {"sources": list(sources)}]}
    )


def read(content: str, number: int, memory: Learned, host: str = "song.vn") -> Extracted:
    return extract(content, url(number, host), layouts=(), learned=memory)


def alone(content: str, number: int) -> Extracted:
    return extract(content, url(number), layouts=())


def teach(memory: Learned, host: str = "song.vn", **made: str) -> None:
    """By three pages."""
    for number in range(3):
        read(page_of(f"<p>{OTHER} {number}</p>", **made), number, memory, host)


def taught() -> Learned:
    memory = Learned()
    teach(memory)
    return memory


class Searching(Exception):
    """The generic reader was at work."""


def search(*_: object) -> NoReturn:
    raise Searching


@pytest.fixture
def no_search(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on nothing may be searched for on the whole page."""

    def forbid() -> None:
        monkeypatch.setattr(Inventory, "_parts", property(search))

    return forbid


def rows_of(system: str) -> list[tuple[bytes, str]]:
    """Pages of one make, clean and dirty, some of them broken."""
    host, make = SYSTEMS[system]
    made = [(dirt(make(tell(seed))), address(host, seed)) for seed in range(4) for dirt in DIRT.values()]
    return [(text.replace("</div>", "", n % 5 == 4).encode(), at) for n, (text, at) in enumerate(made)]


def rows_as_heavy_as_real_ones(family: Family) -> list[tuple[bytes, str]]:
    made = (page(family, seed, url(seed), PUBLISHED).replace(UNIQUE, f"xóm {seed}") for seed in range(6))
    return [(text.encode(), url(seed)) for seed, text in enumerate(made)]


@pytest.mark.parametrize(
    "rows",
    [
        *(pytest.param(partial(rows_of, system), id=system) for system in SYSTEMS),
        *(pytest.param(partial(rows_as_heavy_as_real_ones, family), id=family.key) for family in FAMILIES),
    ],
)
def test_pages_read_in_a_row_come_out_as_each_by_itself(rows: Callable[[], list[tuple[bytes, str]]]) -> None:
    memory = Learned()
    for content, at in rows():
        assert extract(content, at, layouts=(), learned=memory) == extract(content, at, layouts=())


def test_pages_of_all_makes_on_one_host_come_out_as_each_by_itself() -> None:
    memory = Learned()
    for seed in range(6):
        for _, make in SYSTEMS.values():
            content, at = make(tell(seed)), url(seed)
            assert extract(content, at, layouts=(), learned=memory) == extract(content, at, layouts=())


@pytest.mark.parametrize(
    "made",
    [
        pytest.param({}, id="no time printed"),
        pytest.param({"time": "20/11/2026 08:00"}, id="a time"),
        pytest.param({"lead": "sapo"}, id="a lead named so"),
    ],
)
def test_after_three_pages_nothing_is_searched_for(
    no_search: Callable[[], None], made: dict[str, str]
) -> None:
    memory = Learned()
    teach(memory, **made)
    no_search()
    article = read(page_of(**made), 4, memory)
    assert (article.title, article.lead, article.body) == (TITLE, LEAD, BODY)
    assert (article.published, article.lead_is_printed, article.layout) == (TIME, True, None)


def test_a_lead_within_the_text_need_not_be_searched_for(no_search: Callable[[], None]) -> None:
    content = page_of().replace(f'<p class="tom">{LEAD}</p>', "").replace('"than">', f'"than"><p>{LEAD}</p>')
    memory = Learned()
    for number in range(3):
        read(content, number, memory)
    no_search()
    article = read(content, 4, memory)
    assert (article.lead, article.body, article.lead_is_printed) == (LEAD, BODY, True)


BOLD = "Bà con quanh chợ đã ba lần gửi đơn mà chưa nhận được câu trả lời nào."


@pytest.mark.parametrize(
    ("told", "second"),
    [
        pytest.param("Trang tin của phường.", f'<p class="sapo">{LEAD}</p>', id="a named one behind it"),
        pytest.param(LEAD, f"<p>{LEAD}</p>", id="what is told behind it"),
        pytest.param(BOLD, f'<p class="sapo">{LEAD}</p>', id="told, and a named one behind it"),
    ],
)
def test_a_bold_first_line_is_the_lead_only_where_it_is_without_habit(told: str, second: str) -> None:
    def content(behind: str) -> str:
        made = page_of().replace(f'<p class="tom">{LEAD}</p>', "").replace(LEAD, told)
        return made.replace('"than">', f'"than"><p><b>{BOLD}</b></p>{behind}')

    memory = Learned()
    for number in range(3):
        assert read(content(""), number, memory).lead == BOLD
    assert read(content(second), 4, memory) == alone(content(second), 4)


@pytest.mark.parametrize("pages", [1, 2])
def test_two_pages_are_not_enough(no_search: Callable[[], None], pages: int) -> None:
    memory = Learned()
    for number in range(pages):
        read(page_of(), number, memory)
    no_search()
    with pytest.raises(Searching):
        read(page_of(), 4, memory)


CHANGED = {
    "another box": page_of(box="khac"),
    "two boxes": page_of(beside=f'<div class="than"><p>{OTHER}</p></div>'),
    "little in the box": page_of().replace(paragraphs(), "<p>Đọc tiếp.</p>")
    + f'<div class="khac">{paragraphs()}<p>{OTHER}</p></div>',
    "more beside it": page_of(beside="".join(f"<p>{OTHER} {OTHER} {n}</p>" for n in range(6))),
    "another lead": page_of(lead="khac"),
    "two leads": page_of(beside=f'<footer><p class="tom">{OTHER}</p></footer>'),
    "a time in another zone": page_of(time="20/11/2026 15:00"),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_changed_page_is_read_as_by_itself(change: str) -> None:
    memory = taught()
    for number in (4, 5):
        assert read(CHANGED[change], number, memory) == alone(CHANGED[change], number)


@pytest.mark.parametrize(
    "piece",
    [
        "<p>{}</p>",
        "<p><span>{}</span></p>",
        "<p><b>Hỏi:</b> {}</p>",
        "<div>{}</div>",
        "<table><tr><td>{}</td></tr></table>",
        "<ul><li>{}</li></ul>",
        "{}<br>",
    ],
)
@pytest.mark.parametrize("frame", ['<div class="tiep">{}</div>', "{}"], ids=["in a box", "in none"])
@pytest.mark.parametrize("pieces", [2, 20])
def test_a_text_that_goes_on_behind_the_box_is_read_whole(piece: str, frame: str, pieces: int) -> None:
    """Question and answer, say, on a portal that has left most questions unanswered until now."""
    rest = [f"{OTHER} Thêm {n}." for n in range(pieces)]
    content = page_of(beside=frame.format("".join(map(piece.format, rest))))
    article = read(content, 4, taught())
    assert article == alone(content, 4)
    assert rest[-1] in (article.body or "")


@pytest.mark.parametrize(
    "beside",
    [
        "<div><span><a href='/'>{}</a></span></div>",
        "<footer><p>{}</p></footer>",
        '<div class="cot"><div class="binh-luan"><p>{}</p></div></div>',
        "<script>{}</script>",
        "<p>Mục</p>\n" + " " * 2000,
    ],
)
def test_what_is_no_text_beside_the_box_raises_no_doubt(no_search: Callable[[], None], beside: str) -> None:
    memory = taught()
    no_search()
    assert read(page_of(beside=beside.format(OTHER) * 5), 4, memory).body == BODY


def test_a_doubtful_page_that_comes_out_the_same_both_ways_forgets_nothing(
    no_search: Callable[[], None],
) -> None:
    """Another text beside a longer one, with nothing by which to tell that it is another."""
    text = [f"{OTHER} Thêm {n}." for n in range(7)]
    doubtful = page_of("".join(f"<p>{piece}</p>" for piece in text), beside=f"<div>{OTHER * 4}</div>")
    memory = taught()
    assert read(doubtful, 4, memory).body == "\n".join([BODY, *text])
    no_search()
    assert read(page_of(), 5, memory).body == BODY
    with pytest.raises(Searching):
        read(doubtful, 6, memory)


@pytest.mark.parametrize(
    "around",
    [
        '<div class="comment-list">',
        '<div class="binh-luan">',
        '<div itemtype="https://schema.org/Comment">',
        '<div class="tin-lien-quan">',
        '<div style="display:none">',
        "<aside>",
        "<footer>",
        "<div><h3>Bình luận</h3>",
    ],
)
@pytest.mark.parametrize("text", ["", f"<p>{OTHER}</p>"], ids=["no text", "a short text"])
def test_a_box_that_stands_aside_is_not_read(around: str, text: str) -> None:
    """Though the text stood in a box of these names before, and nothing is longer on the page."""
    heading, _, _ = page_of().partition('<div class="than">')
    content = f'{heading}<div class="khac">{text}</div>{around}<div class="than">{paragraphs()}</div>'
    article = read(content, 4, taught())
    assert article == alone(content, 4)
    assert PARAGRAPHS[0] not in (article.body or "")


def test_what_no_longer_holds_is_forgotten(no_search: Callable[[], None]) -> None:
    memory = taught()
    read(CHANGED["another box"], 4, memory)
    no_search()
    with pytest.raises(Searching):
        read(page_of(), 5, memory)


def test_some_pages_are_read_both_ways_again() -> None:
    """The text is there; only a search shows that the host now prints the time, below it."""
    moved = page_of(beside=TIME_BELOW)
    memory = taught()
    right = [read(moved, number, memory) == alone(moved, number) for number in range(4, 40)]
    assert right == [False] * 20 + [True] * 16


def test_articles_teach_nothing_of_a_hosts_other_pages(no_search: Callable[[], None]) -> None:
    memory, time = Learned(), "20/11/2026 08:00"
    teach(memory, time=time)
    no_search()
    assert read(page_of(time=time), 4, memory).body == BODY
    with pytest.raises(Searching):
        read(page_of(time=time).replace(STATED, ""), 4, memory)


def test_a_part_of_the_text_under_a_misleading_name_is_kept(no_search: Callable[[], None]) -> None:
    """What holds the text by one of its names is no button, though by another it is."""
    content = page_of(f'<div class="article-body share"><p>{OTHER}</p><p>{OTHER}</p></div>')
    memory = Learned()
    for number in range(3):
        read(content, number, memory)
    no_search()
    assert read(content, 4, memory).body == f"{BODY}\n{OTHER}\n{OTHER}"


def test_no_more_hosts_are_remembered_than_there_is_room_for(
    no_search: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learned, "_MOST_HOSTS", 2)
    memory = Learned()
    for host in ("mot.vn", "hai.vn", "mot.vn", "ba.vn"):
        teach(memory, host)
    no_search()
    assert read(page_of(), 4, memory, "mot.vn").body == BODY
    with pytest.raises(Searching):
        read(page_of(), 4, memory, "hai.vn")


@pytest.mark.parametrize(
    ("box", "is_told"),
    [
        ('<div class="a">', True),
        ('<div id="a">', True),
        ('<div itemprop="articleBody">', True),
        ("<div>", False),
        ('<div style="color:red">', False),
        (f'<div class="{"a " * 300}">', False),
        ('<div class="b"></div><div class="b">', False),
        ('<div class="b" id="c"></div><div class="b">', True),
    ],
)
def test_what_tells_a_box_from_others(box: str, is_told: bool) -> None:
    tree = parse_page(html("", f"{box}<p>Chữ</p></div>"))
    element = next(tree.iter("p")).getparent()
    place = place_of(element, tree)
    assert (place is not None) is is_told
    assert place is None or place.find(tree) is element


def test_a_declared_layout_goes_before_what_was_learned() -> None:
    layout = LayoutSettings(body=".than", drop=("p:first-child",))
    article = extract(page_of(), url(4), layouts=(layout,), learned=taught())
    assert (article.layout, article.body) == ("declared", BODY.partition("\n")[2])


def test_a_trial_reads_each_page_by_itself(tmp_path: Path) -> None:
    """Also the fourth of an outlet's sources, on whose page a habit would not see the time."""
    pages = [*(page_of() for _ in range(3)), page_of(beside=TIME_BELOW)]
    for number, content in enumerate(pages):
        (tmp_path / str(number)).mkdir()
        link = f'<link rel="canonical" href="{url(number)}">'
        (tmp_path / str(number) / "trang.html").write_text(content.replace("<title>", f"{link}<title>"))
    settings = settings_of(*({"kind": "folder", "path": str(tmp_path / str(n))} for n in range(4)))
    trier = Trier(settings, str, datetime.now(UTC) + timedelta(days=1), lambda _: None, "song")
    tried = [trier.try_source(source).page for source in configured_sources(settings)]
    times = [page.extracted.published for page in tried if page and page.extracted]
    assert times == [TIME, TIME, TIME, TIME + timedelta(hours=7)]


def test_a_reading_process_learns(no_search: Callable[[], None]) -> None:
    reader = Reader(Outfit(settings_of({"kind": "feed", "url": "https://song.vn/rss"}), str))
    jobs = [
        PageJob("song feed https://song.vn/rss", page_of().encode(), url(n), "text/html", None)
        for n in range(4)
    ]
    answers = [reader.read(job) for job in jobs[:3]]
    no_search()
    answers += [reader.read(jobs[3]), reader.read(replace(jobs[3], url=url(4, "khac.vn")))]
    assert [answer.body for answer in answers[:4]] == [BODY] * 4
    assert answers[4] == Broken("Searching")
