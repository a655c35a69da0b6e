"""Pages that are no articles, and pages that only look as if they were none."""

import json

import pytest

from crawler.extraction import Extracted, extract
from tests.unit.crawler.invented import BODY, LEAD, PARAGRAPHS, STATED, TITLE, URL, html, paragraphs

SITE = "https://song.vn"
ARTICLE = f"<h1>{TITLE}</h1><div class='date'>20/11/2026 08:00</div><p class='sapo'>{LEAD}</p>"
LONG = paragraphs() * 4
SHORT = f"<p>{PARAGRAPHS[0]}</p>"
TEASERS = "".join(
    f'<div><h3><a href="/tin/{n}">Một đầu đề khác ở phường số {n}</a></h3><p>{PARAGRAPHS[n % 3]}</p></div>'
    for n in range(15)
)


def linked(kind: str, **more: object) -> str:
    node = {"@type": kind, "headline": TITLE, "datePublished": "2026-11-20T08:00:00+07:00"} | more
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def read(url: str, body: str, head: str = "") -> Extracted:
    return extract(html(f"<title>{TITLE}</title>{head}", body).encode(), url)


REFUSED = {
    "home": (f"{SITE}/", ARTICLE + LONG, STATED),
    "a section": (f"{SITE}/do-thi", f"<h1>Đô thị</h1>{TEASERS}", ""),
    "a section with a long address": (f"{SITE}/tin-tuc-su-kien-noi-bat", f"<h1>Nổi bật</h1>{TEASERS}", ""),
    "a section that says og:article": (
        f"{SITE}/do-thi", f"<h1>Đô thị</h1>{TEASERS}", '<meta property="og:type" content="article">',
    ),
    "a tag": (f"{SITE}/tag/he-duong-cho-cu-102611.html", ARTICLE + LONG, ""),
    "a topic": (f"{SITE}/chu-de/he-duong-cho-cu-bi-chiem-12345.html", ARTICLE + LONG, ""),
    "search": (f"{SITE}/tim-kiem?q=he-duong-cho-cu&id=12345", ARTICLE + LONG, ""),
    "a writer's page": (f"{SITE}/tac-gia/pham-van-but-va-cac-bai-12345.html", ARTICLE + LONG, STATED),
    "login": (f"{SITE}/dang-nhap?tiep=he-duong-bi-lan-chiem-12345", ARTICLE + LONG, ""),
    "a video": (f"{SITE}/video/he-duong-cho-cu-12345.htm", ARTICLE + SHORT, STATED),
    "a video's host": ("https://video.song.vn/he-duong-cho-cu-12345.htm", ARTICLE + SHORT, STATED),
    "a video by its head": (URL, ARTICLE + SHORT, '<meta property="og:type" content="video.other">'),
    "a video by linked data": (URL, ARTICLE + SHORT, linked("VideoObject")),
    "photographs": (f"{SITE}/photo/cho-cu-mot-som-mua-dong-12345.htm", ARTICLE + SHORT, STATED),
    "photographs by linked data": (URL, ARTICLE + SHORT, linked("ImageGallery")),
    "a podcast": (f"{SITE}/podcast/nghe-chuyen-cho-cu-12345.htm", ARTICLE + SHORT, STATED),
    "live by linked data": (URL, ARTICLE + LONG, linked("LiveBlogPosting")),
    "live by its address": (f"{SITE}/live/he-duong-cho-cu-12345.htm", ARTICLE + LONG, STATED),
    "live by its title": (
        URL, ARTICLE.replace(TITLE, f"[Trực tiếp] {TITLE}") + LONG,
        f'{STATED}<meta property="og:title" content="[Trực tiếp] {TITLE}">',
    ),
    "paid": (URL, ARTICLE + SHORT, linked("NewsArticle", isAccessibleForFree=False)),
    "paid, as a string": (URL, ARTICLE + SHORT, linked("NewsArticle", isAccessibleForFree="False")),
    "a wall": (URL, f"{ARTICLE}{SHORT}<p>Vui lòng đăng nhập để đọc tiếp bài viết.</p>", STATED),
    "for members": (URL, f"{ARTICLE}{SHORT}<p>Nội dung này chỉ dành cho hội viên.</p>", STATED),
    "undated, with no address of an article": (f"{SITE}/gioi-thieu", f"<h1>Giới thiệu</h1>{LONG}", ""),
    "no text": (URL, ARTICLE.replace(LEAD, "") + "<p>Đang cập nhật.</p>", STATED),
    "too many elements": (URL, ARTICLE + LONG + "<b></b>" * 60_000, STATED),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    url, body, head = REFUSED[what]
    page = read(url, body, head)
    assert not page.article
    assert (page.to_dict()["body"], page.layout) == (None, None)


QUESTION = (
    "Tôi nộp hồ sơ tách thửa ở phường đã ba tháng mà chưa có kết quả, xin hỏi bao giờ thì được trả lời?"
)
ANSWER = (
    "Hồ sơ của ông còn thiếu bản trích đo; phường đã có giấy mời bổ sung và sẽ trả kết quả trong mười ngày."
)
ASKED = f"<div class='cau-hoi'><p>{QUESTION}</p></div><div class='phan-hoi'><p>{ANSWER}</p></div>"
KEPT = {
    "a text beside many headlines": (URL, f"{ARTICLE}<div>{LONG}</div><aside>{TEASERS}</aside>", ""),
    "a film beside a whole text": (f"{SITE}/video/he-duong-cho-cu-12345.htm", ARTICLE + LONG, STATED),
    "a topic's folder": (f"{SITE}/su-kien/he-duong-bi-lan-chiem-o-cho-cu-12345.htm", ARTICLE + LONG, STATED),
    "a title that only begins so": (
        URL, ARTICLE.replace(TITLE, "Trực tiếp đối thoại với tiểu thương") + LONG, STATED,
    ),
    "free": (URL, ARTICLE + LONG, linked("NewsArticle", isAccessibleForFree=True)),
    "paid, and whole all the same": (URL, ARTICLE + LONG * 3, linked("Article", isAccessibleForFree=False)),
    "a form to log in beside it": (URL, f"{ARTICLE}<p>{LONG}</p><form><input type=password></form>", STATED),
    "a notice of two lines": (f"{SITE}/thong-bao?ItemID=12", ARTICLE + SHORT, ""),
    "questions and answers": (
        f"{SITE}/hoi-dap/tach-thua-o-phuong-12345.html",
        f"<h1>{TITLE}</h1><div class='date'>20/11/2026 08:00</div>{ASKED}",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", KEPT)
def test_kept(what: str) -> None:
    url, body, head = KEPT[what]
    assert read(url, body, head).article


def test_question_and_answer_are_both_its_text() -> None:
    page = read(*KEPT["questions and answers"][:2])
    assert page.body == f"{QUESTION}\n{ANSWER}"


@pytest.mark.parametrize("name", ["y-kien", "phan-hoi"])
def test_views_beside_an_article_are_none_of_it(name: str) -> None:
    page = read(URL, f"{ARTICLE}<div>{paragraphs()}</div><div class='{name}'><p>{QUESTION}</p></div>", STATED)
    assert page.body == BODY


@pytest.mark.parametrize(
    ("head", "tag", "no_index", "no_archive"),
    [
        ("", None, False, False),
        ('<meta name="robots" content="index, follow">', None, False, False),
        ('<meta name="robots" content="noindex">', None, True, False),
        ('<META NAME="ROBOTS" CONTENT="NOARCHIVE, nofollow">', None, False, True),
        ('<meta name="googlebot" content="noindex">', None, True, False),
        ('<meta name="robots" content="none">', None, True, False),
        ('<meta name="dansinh" content="noarchive">', None, False, True),
        ('<meta name="otherbot" content="noindex">', None, False, False),
        ("", "noindex", True, False),
        ("", "otherbot: noindex\nnoarchive", False, True),
        ('<meta name="robots" content="noarchive">', "noindex", True, True),
    ],
)
def test_what_a_page_says_of_its_keeping(
    head: str, tag: str | None, no_index: bool, no_archive: bool
) -> None:
    page = extract(html(STATED + head, ARTICLE + LONG), URL, robots_tag=tag)
    assert (page.no_index, page.no_archive) == (no_index, no_archive)
