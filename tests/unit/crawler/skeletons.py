# ruff: noqa: E501 (pages are as wide as they are made)
"""Pages as the publishing systems in use here make them, with an invented article in each.

Structure and names are the systems'; every word is invented. `DIRT` is done to pages by hand and by word
processors, and no browser minds.
"""

import json
import random
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

TIME = datetime(2026, 11, 20, 1, 35, tzinfo=UTC)
PRINTED = "20/11/2026 08:35"
WRITER = "Đặng Thị Bút"

_WHO = ("Người dân tổ 4", "Bà con xóm Đình", "Tiểu thương chợ cũ", "Phụ huynh trường làng", "Phường", "Ban quản lý chợ",
        "Công ty thoát nước", "Đội trật tự đô thị", "Trạm y tế xã", "Hợp tác xã rau")  # fmt: skip
_DID = (
    "cho biết",
    "kiến nghị",
    "đã phản ánh",
    "mong muốn",
    "nói rõ",
    "ghi nhận",
    "lo ngại",
    "đề nghị",
    "thừa nhận",
)
_WHAT = ("đoạn mương sau chợ", "con đường vào xóm", "trạm bơm đầu làng", "hàng cây trước cổng trường", "bãi xe tự phát",
         "cống ngang đường", "đèn chiếu sáng trong ngõ", "điểm tập kết rác", "vỉa hè bị chiếm", "giếng nước chung")  # fmt: skip
_HOW = ("đã hỏng từ đầu mùa mưa và chưa ai sửa", "gây mùi khó chịu suốt mấy tháng nay", "khiến trẻ em phải đi vòng",
        "làm nước tràn vào nhà mỗi khi mưa lớn", "cần được sửa trước tết", "đang chờ vốn của năm sau",
        "sẽ được dọn trong tuần tới", "không còn chỗ cho người đi bộ", "đã được báo ba lần")  # fmt: skip
_WHEN = ("sáng 19/11", "từ tháng trước", "trong buổi họp tổ dân phố", "khi được hỏi", "hôm qua", "nhiều lần")


@dataclass(frozen=True)
class Told:
    """What a page is about, and what is to be read from it."""

    title: str
    lead: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n".join((self.lead, *self.paragraphs))


def tell(seed: int) -> Told:
    chance = random.Random(seed)

    def sentence() -> str:
        parts = (_WHO, _DID, _WHEN, _WHAT, _HOW)
        who, did, when, what, how = (chance.choice(part) for part in parts)
        return f"{who} {did} {when} rằng {what} {how}."

    what, how = chance.choice(_WHAT), chance.choice(_HOW)
    return Told(
        title=f"{what[0].upper()}{what[1:]} {how}",
        lead=f"(Bến Cá) - {sentence()}",
        paragraphs=tuple(" ".join(sentence() for _ in range(chance.randint(1, 4))) for _ in range(8)),
    )


def _paragraphs(told: Told, between: str = "", tag: str = "p") -> str:
    made = [f"<{tag}>{text}</{tag}>" for text in told.paragraphs]
    return "\n".join([*made[:3], between, *made[3:]])


def _menu(number: int) -> str:
    return (
        "<ul>" + "".join(f'<li><a href="/muc-{n}">Chuyên mục {n}</a></li>' for n in range(number)) + "</ul>"
    )


def _others(number: int, tag: str = "h3") -> str:
    return "".join(
        f'<div class="item"><{tag}><a href="/khac-{n}.htm">{tell(900 + n).title}</a></{tag}>'
        f"<p>{tell(900 + n).lead}</p></div>"
        for n in range(number)
    )


def _linked(told: Told) -> str:
    node = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": told.title,
        "description": told.lead,
        "datePublished": "2026-11-20T08:35:00+07:00",
        "author": {"@type": "Person", "name": WRITER},
        "publisher": {"@type": "Organization", "name": "Bến Cá"},
    }
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def _metas(told: Told, time: str = "2026-11-20T08:35:00+07:00") -> str:
    return (
        f'<meta property="og:title" content="{told.title}"><meta property="og:description" content="{told.lead}">'
        f'<meta property="og:site_name" content="Bến Cá"><meta property="article:published_time" content="{time}">'
        f'<meta name="author" content="{WRITER}">'
    )


def _page(told: Told, head: str, body: str, *, title: str = "{} | Bến Cá") -> str:
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{title.format(told.title)}</title>{head}'
        '<style>.a{color:red}</style><script>var a = "<p>không phải chữ</p>";</script></head><body>'
        f'<header class="header"><div class="date">Thứ bảy, 21/11/2026 07:00</div>{_menu(12)}</header>{body}'
        f'<aside class="sidebar">{_others(6)}</aside><div class="box-comment"><p>{WRITER}: Hay quá, mong sửa sớm.</p>'
        f'</div><footer class="footer">{_menu(8)}<p>Bến Cá. Ghi rõ nguồn khi phát hành lại thông tin.</p></footer>'
        "</body></html>"
    )


def _vccorp(told: Told) -> str:
    return _page(told, _metas(told) + _linked(told), f"""
<div class="detail__main"><h1 class="detail-title" data-role="title">{told.title}</h1>
<div class="detail-author"><a class="name">{WRITER}</a></div><div data-role="publishdate">{PRINTED} GMT+7</div>
<h2 class="detail-sapo" data-role="sapo">{told.lead}</h2>
<div class="detail-cmain"><div class="detail-content afcbc-body" data-role="content" itemprop="articleBody">
<figure class="VCSortableInPreviewMode" type="Photo"><img><figcaption class="PhotoCMS_Caption"><p>Một góc chợ</p>
</figcaption></figure>{_paragraphs(told, '''<div type="RelatedOneNews" class="VCSortableInPreviewMode">
<a href="/khac.htm">Chuyện khác</a><p>Tóm tắt của chuyện khác, dài vừa đủ.</p></div>''')}</div></div>
<div class="detail-tag"><a href="/tag">mương</a></div></div>""")  # fmt: skip


def _epi(told: Told) -> str:
    return _page(told, _metas(told), f"""
<div class="main-col content-col"><h1 class="article__title cms-title">{told.title}</h1>
<div class="article__meta"><a class="author cms-author">{WRITER}</a>
<time class="time" datetime="2026-11-20T08:35:00+07:00">{PRINTED}</time></div>
<div class="article__sapo cms-desc">{told.lead}</div>
<div class="article__body zce-content-body cms-body" itemprop="articleBody">
<table class="picture"><tr><td><img></td></tr><tr><td class="caption"><p>Một góc chợ.</p></td></tr></table>
{_paragraphs(told, '<div class="article-relate"><a href="/k.htm">Chuyện khác ở phường</a></div>')}
<div class="article__source">Theo Bến Cá</div></div></div>""")  # fmt: skip


def _longform(told: Told) -> str:
    return _page(told, _metas(told), f"""
<div class="c-news-detail"><div class="sc-longform-header"><span class="sc-longform-header-cate">Đời sống</span>
<h1 class="sc-longform-header-title block-sc-title">{told.title}</h1><div class="sc-longform-header-meta">
<span class="sc-longform-header-author block-sc-author">{WRITER}</span>
<span class="sc-longform-header-date block-sc-publish-time">{PRINTED}</span></div>
<p class="sc-longform-header-sapo block-sc-sapo">{told.lead}</p></div>
<div class="b-maincontent"><article class="entry entry-no-padding">{_paragraphs(told, '''<div class="c-box">
<div class="c-box__title">Tin liên quan</div><p><a href="/k.htm">Chuyện khác</a></p></div>''')}</article></div></div>""")  # fmt: skip


def _fck(told: Told) -> str:
    return _page(told, _metas(told), f"""
<div class="content-detail"><h1 class="breadcrumb-title">Đời sống</h1><h1 class="fw700">{told.title}</h1>
<span class="date">{PRINTED}</span><div class="content-fck content-fck-font-size"><p><strong>{told.lead}</strong></p>
<p style="text-align:center"><img src="a.jpg"></p><p style="text-align:center"><em>Một góc chợ.</em></p>
{_paragraphs(told)}<p class="author ignore" style="text-align:right"><strong>{WRITER}</strong></p></div>
<div class="detail-related"><a href="/k.htm">Chuyện khác</a></div></div>""")  # fmt: skip


def _mastercms(told: Told) -> str:
    return _page(told, _metas(told, "2026-11-20T08:35"), f"""
<div class="article-detail"><h1 class="article-detail-title f0">{told.title}</h1>
<span class="format_time">08:35 | 20/11/2026</span><div class="article-detail-desc">{told.lead}</div>
<div class="__MASTERCMS_CONTENT fw f1 clearfix"><table class="MASTERCMS_TPL_TABLE"><tr><td><img></td></tr><tr><td>
<em>Một góc chợ.</em></td></tr></table>{_paragraphs(told)}<table class="__MB_ARTICLE_A"><tr><td>
<a href="/k.htm">Chuyện khác</a></td></tr></table><p style="text-align: right"><b>{WRITER}</b></p></div></div>""")  # fmt: skip


def _nukeviet(told: Told) -> str:
    return _page(told, f'<meta name="description" content="{told.lead}"><meta property="og:type" content="article">', f"""
<div class="news_column panel panel-default" itemtype="http://schema.org/NewsArticle" itemscope><div class="panel-body">
<h1 class="title margin-bottom-lg" itemprop="headline">{told.title}</h1><span class="hidden" itemprop="author">{WRITER}</span>
<em class="pull-left">Thứ sáu - 20/11/2026 08:35</em><div class="hometext m-bottom" itemprop="description">{told.lead}</div>
<div id="news-bodyhtml" class="bodytext margin-bottom-lg">{_paragraphs(told)}</div>
<p class="text-right"><strong>Tác giả: </strong>{WRITER}</p></div></div>
<div class="news_column"><div>Tổng số điểm của bài viết là: 0 trong 0 đánh giá</div></div>
<p class="h3"><strong>Những tin mới hơn</strong></p><ul class="related"><li><a href="/k">Chuyện khác</a> (21/11/2026)</li>
</ul>""")  # fmt: skip


def _vnexpress(told: Told) -> str:
    body = told.lead.removeprefix("(Bến Cá) - ")
    return _page(told, _metas(told) + _linked(told), f"""
<section class="section page-detail"><div class="sidebar-1"><div class="header-content"><span class="date">Thứ sáu, 20/11/2026,
08:35 (GMT+7)</span></div><h1 class="title-detail">{told.title}</h1>
<p class="description"><span class="location-stamp">(Bến Cá) - </span>{body}</p>
<article class="fck_detail">{_paragraphs(told).replace("<p>", '<p class="Normal">')}
<figure class="tplCaption"><img><figcaption><p class="Image">Một góc chợ.</p></figcaption></figure>
<p class="Normal" style="text-align:right;"><strong>{WRITER}</strong></p></article></div></section>""")  # fmt: skip


def _tailwind(told: Told) -> str:
    return _page(told, _linked(told), f"""
<main class="body container"><div class="dt-grid"><article class="dt-flex dt-flex-col dt-gap-6">
<h1 class="dt-font-inter dt-text-4xl">{told.title}</h1><div class="dt-flex"><a class="hover:dt-text-black">{WRITER}</a>
<time class="dt-text-common-sub" datetime="2026-11-20 08:35">Thứ sáu, {PRINTED}</time></div>
<h2 class="dt-font-arial dt-text-lg">{told.lead}</h2><div id="desktop-in-article" class="dt-text-lg">
{_paragraphs(told, '<aside><a href="/k.htm">Chuyện khác</a></aside>')}</div></article></div></main>""")  # fmt: skip


def _vietnamnet(told: Told) -> str:
    return _page(told, _metas(told), f"""
<div class="content-detail"><div class="bread-crumb-detail__time">Thứ Sáu, {PRINTED}</div>
<h1 class="content-detail-title">{told.title}</h1><h2 class="content-detail-sapo">{told.lead}</h2>
<div class="maincontent main-content" id="maincontent">{_paragraphs(told, '''<div class="vnn-template-noneditable articles-edit">
<p>Một chuyện khác được chèn vào giữa bài.</p></div>''')}</div>
<p class="article-detail-author__info">{WRITER}</p></div>""")  # fmt: skip


def _sharepoint(told: Told) -> str:
    return _page(told, "", f"""
<form id="aspnetForm"><input type="hidden"><div class="ms-main-menu"><div class="ArticleHeader"><h2>{told.title}</h2></div>
<div class="PublishedDate date">{PRINTED}</div><div class="ArticleSummary">{told.lead}</div>
<div class="ArticleContent ms-rtestate-field"><div>{_paragraphs(told, tag="div")}</div></div>
<div class="ArticleAuthor">{WRITER}</div></div></form>""", title="Cổng thông tin phường Bến Cá")  # fmt: skip


def _liferay(told: Told) -> str:
    return _page(told, '<meta property="og:title" content="Cổng thông tin phường Bến Cá">', f"""
<div class="portlet-body"><div class="asset-full-content"><h3 class="title-detail">{told.title}</h3>
<div class="journal-content-article"><span class="ngaydang">Ngày đăng: {PRINTED}</span><p><b>{told.lead}</b></p>
<font face="Arial" size="2">{"<br/><br/>".join(told.paragraphs)}</font><div style="text-align:right"><i>{WRITER}</i></div>
</div></div><div class="tin-lien-quan">{_others(4, "p")}</div></div>""", title="{}")  # fmt: skip


def _table(told: Told) -> str:
    rows = "".join(f"<tr><td align=justify>{text}</td></tr>" for text in told.paragraphs)
    return _page(told, "", f"""
<table width=1000><tr><td width=200 class=menu-left>{_menu(20)}</td><td><table><tr><td><span class=tieude>{told.title}</span>
</td></tr><tr><td><i>({PRINTED})</i></td></tr><tr><td><b>{told.lead}</b></td></tr>{rows}<tr><td align=right><b>{WRITER}</b>
</td></tr></table></td></tr></table>""", title="{}")  # fmt: skip


def _wordpress(told: Told) -> str:
    return _page(told, _metas(told), f"""
<div id="content"><article class="post-7 post type-post status-publish hentry category-doi-song tag-comments">
<header class="entry-header"><h1 class="entry-title">{told.title}</h1><span class="byline">by <a rel="author">{WRITER}</a></span>
<time class="entry-date published" datetime="2026-11-20T08:35:00+07:00">20/11/2026</time></header>
<div class="entry-content"><p>{told.lead}</p>{_paragraphs(told, '<div class="toc"><p>Mục lục</p></div>')}
<div class="sharedaddy"><h3>Chia sẻ</h3></div></div></article><div id="respond"><p>Trả lời</p></div></div>""")  # fmt: skip


Make = Callable[[Told], str]
SYSTEMS: Mapping[str, tuple[str, Make]] = {
    "vccorp": ("tuoitre.vn", _vccorp),
    "epi": ("nhandan.vn", _epi),
    "longform": ("baodanang.vn", _longform),
    "fck": ("baocantho.com.vn", _fck),
    "mastercms": ("suckhoeviet.org.vn", _mastercms),
    "vnexpress": ("vnexpress.net", _vnexpress),
    "tailwind": ("dantri.com.vn", _tailwind),
    "vietnamnet": ("vietnamnet.vn", _vietnamnet),
    "nukeviet": ("phuongbenca.example.vn", _nukeviet),
    "sharepoint": ("benca.example.gov.vn", _sharepoint),
    "liferay": ("thongtin.benca.example.gov.vn", _liferay),
    "table": ("cu.benca.example.gov.vn", _table),
    "wordpress": ("chuyenbenca.example.vn", _wordpress),
}
"""with a host whose known layouts fit, if any is known"""

DIRT: Mapping[str, Callable[[str], str]] = {
    "as made": lambda page: page,
    "marks of their own": lambda page: unicodedata.normalize("NFD", page),
    "never closed": lambda page: page.replace("</p>", "").replace("</li>", ""),
    "shouted": lambda page: (
        page.replace("<p>", "<P ALIGN=JUSTIFY>").replace("</p>", "</P>").replace("<div", "<DIV")
    ),
    "word processor": lambda page: page.replace(
        "<p>", '<p class="MsoNormal" style="margin:0"><span style="font-size:14pt"><o:p></o:p>'
    ).replace("</p>", "&nbsp;</span></p>"),
    "no doctype, no head": lambda page: page.replace("<!DOCTYPE html>", "\n\n").replace("<head>", ""),
    "broken tags": lambda page: page.replace("</div>", "</div></span></b>", 5).replace(
        "<p>", "<p><b></b></i>"
    ),
    "soft hyphens and feeds": lambda page: page.replace("phường", "phường\u200b").replace(". ", ".\r\n\t "),
}


def address(host: str, seed: int) -> str:
    return f"https://{host}/chuyen-o-ben-ca-nguoi-dan-keu-ba-nam-{102611200800 + seed}.htm"
