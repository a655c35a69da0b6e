"""Invented pages of different make."""

import json

import pytest

from crawler.extraction import extract
from tests.unit.crawler.invented import BODY, LEAD, PARAGRAPHS, TIME, TITLE, URL, html, paragraphs

LINKED = json.dumps(
    {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "BreadcrumbList", "itemListElement": []},
            {
                "@type": "NewsArticle",
                "headline": TITLE.encode("ascii", "xmlcharrefreplace").decode(),
                "description": LEAD,
                "datePublished": "2026-11-20T08:00:00+07:00",
                "author": {"@type": "Person", "name": "Lê Thị Viết"},
                "publisher": {"@type": "Organization", "name": "Sông Mới"},
            },
        ],
    }
)
SITE_NAME = '<meta property="og:site_name" content="Sông Mới">'
MAKES = {
    "linked data": html(
        f'<title>{TITLE} | Sông Mới</title><script type="application/ld+json">{LINKED}</script>',
        f'<h1>{TITLE}</h1><h2 class="detail-sapo">{LEAD}</h2><div class="detail-content">{paragraphs()}'
        '<div class="VCSortableInPreviewMode" type="RelatedOneNews"><a href="/khac">Tin khác về chợ</a></div>'
        '<p class="author">Lê Thị Viết</p></div>',
    ),
    "open graph": html(
        f'<meta property="og:title" content="{TITLE} - Sông Mới">{SITE_NAME}'
        f'<meta property="og:description" content="{LEAD[:90]}">'
        '<meta property="article:published_time" content="2026-11-20T01:00:00Z">',
        f'<h1>{TITLE}</h1><p class="lead">{LEAD}</p><article class="fck_detail">{paragraphs()}'
        "<figure><figcaption>Một góc chợ</figcaption></figure><p>Lê Thị Viết</p></article>",
    ),
    "microdata": html(
        f'<title>{TITLE}</title><meta name="description" content="{LEAD}">{SITE_NAME}'
        '<meta name="author" content="Lê Thị Viết">',
        f'<div itemscope><h1 itemprop="headline">{TITLE}</h1>'
        '<meta itemprop="datePublished" content="2026-11-20T08:00">'
        f'<div itemprop="articleBody"><p><strong>{LEAD}</strong></p>{paragraphs()}</div></div>',
    ),
    "a portal with nothing for machines": html(
        f'<title>{TITLE}</title><meta name="description" content="{LEAD}">{SITE_NAME}',
        f'<div class="menu"><a href="/">Trang chủ</a></div><h1>{TITLE}</h1>'
        f'<span class="post-date">Thứ sáu, 20/11/2026 08:00</span><p>{LEAD}</p><div>{paragraphs()}</div>',
    ),
}


@pytest.mark.parametrize("make", MAKES)
def test_an_article_of_any_make(make: str) -> None:
    page = extract(MAKES[make].encode(), URL)
    assert page.article
    assert (page.title, page.published, page.outlet) == (TITLE, TIME, "Sông Mới")
    assert page.lead == LEAD
    assert page.body == BODY
    assert "Lê Thị Viết" not in repr(page)


def test_a_portals_notice_may_be_short() -> None:
    body = (
        "<h1>Tạm dừng cấp nước đêm 21/11</h1>"
        '<div class="ArticleDate date">Ngày đăng: 20/11/2026 | 08:00</div>'
        '<div class="ArticleSummary">Đơn vị cấp nước thông báo về việc thay đường ống.</div>'
        '<div class="ArticleContent"><p>Thời gian từ 22 giờ đến 4 giờ sáng hôm sau.</p>'
        "<p>Đề nghị người dân trữ nước đủ dùng.</p></div>"
    )
    page = extract(html("<title>Thông báo</title>", body), "https://song.vn/chi-tiet.aspx?ItemID=7")
    assert page.article
    assert (page.title, page.published) == ("Tạm dừng cấp nước đêm 21/11", TIME)
    assert page.lead == "Đơn vị cấp nước thông báo về việc thay đường ống."


def test_the_filters_line() -> None:
    line = extract(MAKES["linked data"], URL).to_dict()
    assert line == {
        "article": True,
        "title": TITLE,
        "published": "2026-11-20T08:00+07:00",
        "body": f"{LEAD}\n{BODY}",
        "lead": LEAD,
        "outlet": "Sông Mới",
        "canonical_url": None,
    }


SECTION = "https://song.vn/do-thi.html"
TEASERS = "".join(
    f'<h3><a href="/tin/{n}">Một đầu đề khác ở phường số {n}</a></h3><p class="sapo">{PARAGRAPHS[n % 3]}</p>'
    for n in range(15)
)
ITEMS = json.dumps(
    {
        "@type": "ItemList",
        "itemListElement": [{"@type": "NewsArticle", "headline": "A", "datePublished": "2026-11-20"}],
    }
)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        (SECTION, html('<meta property="og:type" content="article">', f"<h1>Đô thị</h1>{TEASERS}")),
        (SECTION, html(f'<script type="application/ld+json">{ITEMS}</script>', TEASERS)),
        ("https://song.vn/", MAKES["linked data"]),
        (SECTION, html("<title>Giới thiệu</title>", f"<h1>Giới thiệu</h1>{paragraphs()}")),
        (URL, html(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1><p>Đang cập nhật.</p>")),
        (URL, html('<meta property="article:published_time" content="2026-11-20">', "<h1>Ảnh</h1><img>")),
        (URL, ""),
        (URL, "chỉ có chữ"),
        (URL, "<!-- -->"),
        (URL, "\x00\x01<"),
    ],
)  # fmt: skip
def test_what_is_no_article(url: str, page: str) -> None:
    extracted = extract(page.encode(), url)
    assert not extracted.article
    assert extracted.to_dict()["body"] is None


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ('<link rel="canonical" href="/do-thi/a-1.html">', "https://song.vn/do-thi/a-1.html"),
        ('<meta property="og:url" content="https://www.song.vn/b">', "https://www.song.vn/b"),
        ('<link rel="canonical" href="https://khac.vn/a-1.html">', None),
        ('<link rel="canonical" href="https://song.vn/">', None),
        ('<link rel="canonical" href="">', None),
    ],
)
def test_only_a_page_of_its_own_site_is_preferred(link: str, canonical: str | None) -> None:
    page = MAKES["open graph"].replace("</head>", f"{link}</head>")
    assert extract(page, URL).canonical_url == canonical


@pytest.mark.parametrize(
    "broken",
    ['{"@type": "NewsArticle",', "[[[[", '{"@type": 3}', '{"@type": "NewsArticle", "headline": 7}', "null"],
)
def test_broken_linked_data_is_passed_over(broken: str) -> None:
    script = f'<script type="application/ld+json">{broken}</script>'
    page = extract(MAKES["open graph"].replace("</head>", f"{script}</head>"), URL)
    assert (page.title, page.published) == (TITLE, TIME)


def test_a_day_without_an_hour_gives_way_to_one_with() -> None:
    page = MAKES["open graph"].replace("</head>", '<meta name="pubdate" content="2026-11-20"></head>')
    assert extract(page, URL).published == TIME


def test_signs_in_a_text_are_no_markup() -> None:
    odd = "Mực nước &lt; 5 m &amp; còn lên; dân &quot;chờ&quot; tin, ai cũng mong đê không vỡ trong đêm nay."
    page = extract(MAKES["open graph"].replace(PARAGRAPHS[0], odd), URL)
    assert page.body is not None
    assert page.body.startswith('Mực nước < 5 m & còn lên; dân "chờ" tin')


STATED = '<meta property="article:published_time" content="2026-11-20T08:00+07:00">'


def test_teasers_do_not_outweigh_a_text() -> None:
    """Though they have more words, and the headline stands in neither column."""
    teasers = "".join(
        f'<div><h4><a href="/{n}">Một đầu đề khác ở phường số {n}</a></h4><p>{PARAGRAPHS[n % 3]}</p></div>'
        for n in range(11)
    )
    body = f'<h1>{TITLE}</h1><div><div class="a">{paragraphs()}</div><div class="b">{teasers}</div></div>'
    assert extract(html(STATED, body), URL).body == BODY


def test_a_text_in_several_boxes_is_read_whole() -> None:
    """As papers part it for advertisements."""
    parts = "".join(
        f'<div class="phan"><p>{text}</p><p>{text} Thêm {number}.</p></div>'
        for number, text in enumerate(PARAGRAPHS)
    )
    beside = '<div class="ben">Một dòng khác dài hơn hai mươi chữ.</div>'
    page = extract(html(STATED, f'<h1>{TITLE}</h1><div class="khung">{parts}</div>{beside}'), URL)
    assert page.body is not None
    assert page.body.count("\n") == 5
