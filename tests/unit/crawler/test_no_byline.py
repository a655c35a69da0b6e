"""It watches problems, never people: no writer, commenter or account is in anything that extraction gives."""

import json
from dataclasses import fields

import pytest

from crawler.extraction import Extracted, extract
from crawler.settings import LayoutSettings
from tests.unit.crawler.invented import BODY, LEAD, STATED, TITLE, URL, html, paragraphs

WRITER = "Phạm Văn Bút"
COMMENTER = "Ngô Thị Phím"
REMARK = "Chỗ tôi cũng thế, mong phường sớm xử lý cho bà con đi lại dễ dàng hơn."

HEADS = {
    "author metas": f'<meta name="author" content="{WRITER}">'
    f'<meta property="article:author" content="{WRITER}">'
    f'<meta name="dable:author" content="{WRITER}"><meta property="og:author" content="{WRITER}">'
    f'<meta name="twitter:creator" content="@{WRITER}"><meta itemprop="author" content="{WRITER}">'
    f'<meta name="dc.creator" content="{WRITER}"><link rel="author" href="/{WRITER}" title="{WRITER}">',
    "linked data": '<script type="application/ld+json">'
    + json.dumps(
        {
            "@type": "NewsArticle",
            "headline": TITLE,
            "author": [{"@type": "Person", "name": WRITER, "url": f"/tac-gia/{WRITER}"}],
            "editor": WRITER,
            "creator": WRITER,
            "accountablePerson": {"@type": "Person", "name": WRITER},
            "publisher": {"@type": "Person", "name": WRITER},
            "commentCount": 2,
            "comment": [{"@type": "Comment", "text": REMARK, "author": {"name": COMMENTER}}],
            "interactionStatistic": {"userInteractionCount": 2},
        }
    )
    + "</script>",
}
BESIDE_HEADLINE = {
    "nothing": "",
    "a name": f"<div>{WRITER}</div>",
    "a name and the time": f"<div>{WRITER} - 08:00 20/11/2026</div>",
    "a class": f'<div class="author-info"><a href="/tac-gia/7">{WRITER}</a></div>',
    "a relation": f'<a rel="author" href="/7">{WRITER}</a>',
    "a property": f'<span itemprop="author" itemscope><span itemprop="name">{WRITER}</span></span>',
}
CLOSINGS = {
    "name": f"<p>{WRITER}</p>",
    "bold": f"<p><b>{WRITER}</b></p>",
    "to the right": f'<p style="text-align:right"><em>{WRITER}, từ phường Bến Cá</em></p>',
    "behind the last sentence": f"<p>Chợ sẽ đóng cửa ba ngày để sửa. <strong>{WRITER}</strong></p>",
    "after": f"<p>Theo {WRITER}</p>",
    "reporter": f"<p>PV {WRITER}</p>",
    "text and pictures": f"<p>Bài, ảnh: {WRITER}</p>",
    "two": f"<p>{WRITER} - {COMMENTER}</p>",
    "capitals": f"<p>{WRITER.upper()}</p>",
    "with his address": f"<p>{WRITER} (phambut@example.vn)</p>",
    "a box": f'<div class="box-author"><b>{WRITER}</b><p>Nhà báo, mười năm viết về đô thị.</p></div>',
    "a signature": f'<div class="signature">Người viết: {WRITER}</div>',
    "writer of the item": f"<p>Tác giả bài viết: {WRITER}</p>",
    "caption": f"<figure><img><figcaption>Chợ cũ. Ảnh: {WRITER}</figcaption></figure>",
    "credit": f"<p>Chợ cũ sáng nay. (Ảnh: {WRITER})</p>",
}
COMMENTS = {
    name: f'<div {name}><p><b>{COMMENTER}</b> 20/11/2026 09:00</p><p>{REMARK} {REMARK} {REMARK}</p></div>'
    for name in (
        'class="box-comment"', 'id="comment-list"', 'class="binhluan"', 'id="binh_luan"',
        'class="ykien-bandoc"',
        'class="y-kien"', 'class="fb-comments"', 'id="disqus_thread"', 'class="list-cmt"', 'class="replies"',
        'class="commentWrapper"', 'itemprop="comment"', 'itemscope itemtype="http://schema.org/Comment"',
        'class="phan-hoi"', 'class="UserComment"', 'class="comments-area"', 'class="respond"',
    )
} | {
    "under a heading": f"<h3>Ý kiến bạn đọc (2)</h3><div><p>{COMMENTER}: {REMARK}</p></div>",
    "under a line": f"<p>Bình luận (2)</p><div><p>{COMMENTER}</p><p>{REMARK}</p></div>",
}  # fmt: skip
DECLARED = (LayoutSettings(body=".noi-dung"),)


def page_of(
    layouts: tuple[LayoutSettings, ...],
    *,
    head: str = "",
    beside: str = "",
    inside: str = "",
    behind: str = "",
) -> Extracted:
    page = html(
        f"<title>{TITLE}</title>{STATED}{head}",
        f"<main><h1>{TITLE}</h1>{beside}<p class='sapo'>{LEAD}</p>"
        f"<div class='noi-dung'>{paragraphs()}{inside}</div>{behind}</main>",
    )
    return extract(page, URL, layouts=layouts)


@pytest.mark.parametrize("layouts", [(), DECLARED], ids=["undeclared", "declared"])
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("beside", BESIDE_HEADLINE)
def test_no_writer_of_the_head(layouts: tuple[LayoutSettings, ...], head: str, beside: str) -> None:
    page = page_of(layouts, head=HEADS[head], beside=BESIDE_HEADLINE[beside])
    assert (page.article, page.title, page.body) == (True, TITLE, BODY)
    _names_nobody(page)


@pytest.mark.parametrize("layouts", [(), DECLARED], ids=["undeclared", "declared"])
@pytest.mark.parametrize("closing", CLOSINGS)
def test_no_writer_of_the_text(layouts: tuple[LayoutSettings, ...], closing: str) -> None:
    inside = page_of(layouts, inside=CLOSINGS[closing])
    behind = page_of(layouts, behind=CLOSINGS[closing])
    assert inside.body is not None
    assert inside.body.startswith(BODY)
    assert behind.article
    _names_nobody(inside)
    _names_nobody(behind)


@pytest.mark.parametrize("layouts", [(), DECLARED], ids=["undeclared", "declared"])
@pytest.mark.parametrize("comments", COMMENTS)
def test_no_comment(layouts: tuple[LayoutSettings, ...], comments: str) -> None:
    inside = page_of(layouts, inside=COMMENTS[comments])
    behind = page_of(layouts, behind=COMMENTS[comments])
    assert inside.body == behind.body == BODY
    _names_nobody(inside)
    _names_nobody(behind)


def test_there_is_no_place_for_a_person() -> None:
    assert {field.name for field in fields(Extracted)} == {
        "article", "title", "lead", "body", "published", "canonical_url", "outlet", "broken_encoding",
        "lead_is_printed", "layout", "no_index", "no_archive",
    }  # fmt: skip
    assert set(page_of(()).to_dict()) == {
        "article", "title", "published", "body", "lead", "outlet", "canonical_url",
    }  # fmt: skip


def _names_nobody(page: Extracted) -> None:
    said = repr(page).casefold()
    assert not [name for name in (WRITER, COMMENTER, REMARK, "phambut") if name.casefold() in said], said
