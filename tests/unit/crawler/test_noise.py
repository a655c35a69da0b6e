"""What invented pages print around an article and the article is not."""

import pytest

from crawler.extraction import Extracted, extract
from crawler.times import LOCAL
from tests.unit.crawler.invented import BODY, LEAD, PARAGRAPHS, TIME, TITLE, URL, html, paragraphs

COMMENTER = "Ngô Thị Phím"
REMARK = "Chỗ tôi cũng thế, mong phường sớm xử lý cho bà con đi lại dễ dàng hơn."
WRITER = "Phạm Văn Bút"
OTHER = "Cháy lớn ở chợ phường Bến Cá"


def page_of(
    *, inside: str = "", behind: str = "", before: str = "", box: str = "noi-dung", head: str = ""
) -> Extracted:
    """A page that tells machines nothing."""
    return extract(
        html(
            f"<title>{TITLE}</title>{head}",
            f'{before}<div class="khung"><h1>{TITLE}</h1><div class="gio">08:00 ngày 20/11/2026</div>'
            f'<div class="desc">{LEAD}</div><div class="{box}">{paragraphs()}{inside}</div>{behind}</div>',
        ),
        URL,
    )


NOISE = {
    **{
        name: f'<div {name}><p><b>{COMMENTER}</b>: {REMARK}</p><p>{REMARK} {REMARK}</p></div>'
        for name in (
            'class="binh-luan"', 'id="binhluan"', 'class="y-kien"', 'class="fbComments"', 'id="comments"',
            'class="box cmt_list"', 'id="disqus_thread"', 'class="phan-hoi-ban-doc"', 'class="comment-item"',
            'itemscope itemtype="https://schema.org/Comment"',
        )
    },
    "comments without a name": f"<p>Bình luận (2)</p><p>{COMMENTER}: {REMARK}</p><p>{REMARK}</p>",
    "readers' views": f"<h4>Ý kiến bạn đọc</h4><blockquote>{COMMENTER}: {REMARK}</blockquote>",
    "made by": f"<p><i>Thực hiện: {WRITER}</i></p>",
    "reporter": f"<p>Phóng viên: {WRITER}</p>",
    "text and pictures": f"<p>Bài và ảnh: {WRITER}</p>",
    "to the right": f'<p style="text-align: right"><strong>{WRITER} (tổng hợp tin)</strong></p>',
    "to the right, in small letters": '<p align="right">phạm văn bút</p>',
    "bold": "<p><strong>phóng viên thường trú phạm văn bút</strong></p>",
    "two names": f"<p>{WRITER} - {COMMENTER}</p>",
    "after": f"<p>Theo {WRITER}</p>",
    "in brackets": "<p>(Theo Báo Bến Cá)</p>",
    "an address": "<p>phambut@example.vn</p>",
    "class author": f'<p class="detail-author">{WRITER} và nhóm bạn đọc ở phường</p>',
    "class in Vietnamese": f'<div class="tacGia">{WRITER}</div>',
    "property": f'<p itemprop="author">{WRITER} viết từ phường</p>',
    "link to the author": f'<p><a rel="author" href="/tac-gia/7">{WRITER}</a></p>',
    "source": "<div>Nguồn: Báo Bến Cá</div>",
    "class source": '<div class="nguon">Báo Bến Cá, số ra thứ sáu</div>',
    "advertisement": '<div class="quang-cao">Giày mới giảm giá một nửa, mua ngay hôm nay kẻo hết</div>',
    "advertisement said": "<p>Quảng cáo</p>",
    "read on": f'<div><em>Đọc thêm:</em> <a href="/a">{OTHER}</a></div>',
    "read on as text": f"<p>Xem thêm: {OTHER}</p>",
    "related": f'<section class="related"><h3>Tin liên quan</h3><p>{OTHER}</p></section>',
    "related by its links": f'<h3>Tin khác</h3><ul><li><a href="/a">{OTHER}</a> (19/11)</li></ul>',
    "key words": '<div class="tags">Từ khóa: hè đường, chợ</div>',
    "name and what he did": f"<p>{WRITER} (tổng hợp)</p>",
    "caption in a table": f'<table><tr><td><img src="a"></td></tr><tr><td><i>{OTHER}</i></td></tr></table>',
    "caption in the middle": f'<p><img src="a"></p><p style="text-align:center">{OTHER}</p>',
    "credited caption": f"<p>Một góc chợ sáng nay. Ảnh: {WRITER}</p>",
    "consent to cookies": "<p>Trang này dùng cookie, bấm đồng ý để có trải nghiệm tốt hơn.</p>",
    "consent to copying": "<p>® Ghi rõ nguồn Sông Mới khi phát hành lại thông tin từ trang này.</p>",
    "newsletter": "<div><p>Đăng ký nhận tin mỗi sáng</p></div>",
    "follow": "<p>Mời bạn đọc theo dõi Sông Mới trên Google News</p>",
    "share": "<div><span>Chia sẻ</span></div>",
    "poll": f'<div class="poll"><p>{REMARK}</p></div>',
    "hidden": f'<div style="display: none"><p>{REMARK}</p></div>',
    "newer items of a portal": f"<div><b>Những tin mới hơn</b></div><div>{OTHER} và những chuyện khác.</div>",
    "readings": "<div>Lượt xem: 1.234</div>",
    "rating": "<div>Tổng số điểm của bài viết là: 5 trong 1 đánh giá</div>",
    "byline before comments": f'<p>{WRITER}</p><div class="comments">{COMMENTER}: {REMARK}</div>',
}  # fmt: skip


@pytest.mark.parametrize("box", ["noi-dung", "article-body"])
@pytest.mark.parametrize("noise", NOISE)
def test_noise_in_the_text_stays_out(noise: str, box: str) -> None:
    page = page_of(inside=NOISE[noise], box=box)
    assert (page.title, page.lead, page.published) == (TITLE, LEAD, TIME)
    assert page.body == BODY


@pytest.mark.parametrize("noise", NOISE)
def test_noise_behind_the_text_stays_out(noise: str) -> None:
    page = page_of(behind=NOISE[noise])
    assert page.body == BODY


@pytest.mark.parametrize(
    "body",
    [
        f'<body class="menu-left comments-open"><h1>{TITLE}</h1>',
        f'<form id="aspnetForm"><div class="related-layout"><h2>{TITLE}</h2>',
        f'<article class="post tag-binh-luan category-y-kien"><p>{TITLE}</p>',
    ],
)
def test_a_frame_that_holds_the_article_stays(body: str) -> None:
    page = extract(html(f"<title>{TITLE}</title>", f"{body}<div>{paragraphs()}</div>"), URL)
    assert page.body == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Bình luận của bạn đọc cho thấy việc này kéo dài đã hơn hai năm và chưa có hồi kết.",
        "Theo phường, việc sắp xếp lại chợ sẽ xong trước tết.",
        "Đọc thêm sách là việc mà thư viện phường khuyên các em.",
        "Phóng viên đã liên hệ với phường nhưng chưa nhận được trả lời.",
        "Người dân cho biết: “Chúng tôi chờ đã lâu”.",
        "Phường đăng ký nhận thêm xe rác cho chợ từ tháng sau.",
        "Bà con gửi kèm hình ảnh: hố ga vỡ, nước đọng và rác nổi.",
        "Chợ Bến Cá có 120 hộ, nguồn nước lấy từ một giếng chung.",
    ],
)
def test_what_only_sounds_like_noise_is_text(line: str) -> None:
    assert page_of(inside=f"<p>{line}</p>").body == f"{BODY}\n{line}"


def test_a_button_for_comments_ends_no_text() -> None:
    assert page_of(before="<p>Bình luận (2)</p>").body == BODY


BAR = '<div class="ngay">Hôm nay, 21/11/2026</div>'
CLOCK = '<div class="header"><span class="date">Thứ bảy, 21/11/2026 07:00</span></div>'


@pytest.mark.parametrize(
    ("before", "beside", "hour"),
    [
        (BAR, '<div class="date-time">20/11/2026 08:00</div>', 8),
        (CLOCK, '<div class="date-time">20/11/2026 08:00</div>', 8),
        (CLOCK, '<div class="date">20/11/2026</div>', 0),
        ("", '<div class="thoi-gian">Phát lúc 08:00 ngày 20/11/2026</div>', 8),
        ("", '<div class="date ArticleDate">Ngày đăng: 20/11/2026 | 08:00</div>', 8),
        ("", "<div><span>08:00, 20/11/2026</span></div>", 8),
        ("", '<span class="date">19/11/2026</span><time datetime="2026-11-20T08:00+07:00">x</time>', 8),
        ('<p class="date">20/11/2026 08:00</p>', "", 8),
        (BAR, "", None),
        (CLOCK, "", None),
        ("", f"<p>{PARAGRAPHS[0]} Ngày 18/11/2026, lúc 08:00, phường đã họp.</p>", None),
        ("", '<div class="related"><span class="time">19/11/2026 10:00</span></div>', None),
        ("", '<div class="comments"><span class="time">19/11/2026 10:00</span></div>', None),
    ],
)  # fmt: skip
def test_the_time_beside_the_headline(before: str, beside: str, hour: int | None) -> None:
    body = f"{before}<h1>{TITLE}</h1>{beside}<div>{paragraphs()}</div>"
    published = extract(html(f"<title>{TITLE}</title>", body), URL).published
    assert published == (None if hour is None else TIME.astimezone(LOCAL).replace(hour=hour))


@pytest.mark.parametrize(
    ("head", "beside"),
    [
        ("", f'<div class="desc">{LEAD}</div>'),
        ("", f'<p class="tom-tat"><strong>{LEAD}</strong></p>'),
        ("", f'<div class="ArticleSummary">{LEAD}</div>'),
        ("", f'<p itemprop="description">{LEAD}</p>'),
        ("", f"<p><b>{LEAD}</b></p>"),
        ('<meta name="description" content="Cổng thông tin phường Bến Cá">', f'<p class="sapo">{LEAD}</p>'),
        (f'<meta name="description" content="{LEAD[:80]}...">', f"<p>{LEAD}</p>"),
        (f'<meta name="description" content="{LEAD}">', ""),
    ],
)
def test_the_lead_wherever_it_stands(head: str, beside: str) -> None:
    body = f'<h1>{TITLE}</h1><div class="date">20/11/2026 08:00</div>{beside}<div>{paragraphs()}</div>'
    page = extract(html(f"<title>{TITLE}</title>{head}", body), URL)
    assert page.lead == LEAD
    assert page.body == BODY


def test_a_heading_is_no_lead() -> None:
    body = f"<h1>{TITLE}</h1><p><b>Hè đường kín xe máy</b></p><div>{paragraphs()}</div>"
    page = extract(html(f"<title>{TITLE}</title>", body), URL)
    assert page.lead is None
    assert page.body == f"Hè đường kín xe máy\n{BODY}"
