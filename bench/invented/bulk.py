"""What a page carries besides its article: by far the most of it."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.invented.words import Writer


@dataclass(frozen=True)
class Bulk:
    """How much of it; counted on pages as they are served today, of papers large and small."""

    styles: int
    style_bytes: int
    scripts: int
    script_bytes: int
    pictures: int
    """drawn inline, as SVG"""
    picture_bytes: int
    menus: int
    menu_links: int
    related: int
    frames: int
    """elements of widgets beside the article"""
    fields: int
    attribute_bytes: int
    """of data-… attributes: what players, trackers and lazy loading need"""
    comments: int = 0


def styles(write: Writer, bulk: Bulk) -> str:
    return "".join(
        f"<style>{_filled(bulk.style_bytes // bulk.styles, lambda: _rule(write))}</style>"
        for _ in range(bulk.styles)
    )


def scripts(write: Writer, bulk: Bulk, share: float = 1.0) -> str:
    """Some of the page's scripts: inline ones, and every third one only named."""
    parts = []
    for number in range(int(bulk.scripts * share)):
        if number % 3 == 0:
            parts.append(f'<script async src="https://cdn.example.vn/{write.hexadecimal(12)}.js"></script>')
        size = bulk.script_bytes // bulk.scripts
        parts.append(f"<script>{_filled(size, lambda: _statement(write))}</script>")
    return "".join(parts)


def menus(write: Writer, bulk: Bulk) -> str:
    lists = []
    for number in range(bulk.menus):
        items = "".join(
            f'<li class="menu-item menu-{number}"><a href="/{write.token(6)}/{write.token(5)}.htm" '
            f'title="{write.label()}">{write.label()}</a></li>'
            for _ in range(bulk.menu_links // bulk.menus)
        )
        lists.append(f'<ul class="sub-menu">{items}</ul>')
    return f'<nav class="main-menu"><div class="container">{"".join(lists)}</div></nav>'


def pictures(write: Writer, bulk: Bulk) -> str:
    size = bulk.picture_bytes // max(1, bulk.pictures)
    return "".join(
        f'<button type="button" class="icon"><svg width="24" height="24" viewBox="0 0 24 24" fill="none">'
        f'<g><path d="M{_filled(size // 2, lambda: _curve(write))}Z" fill="#444"/>'
        f'<path d="M{_filled(size // 2, lambda: _curve(write))}Z"/></g></svg></button>'
        for _ in range(bulk.pictures)
    )


def related(write: Writer, bulk: Bulk, heading: str = "Tin liên quan") -> str:
    boxes = "".join(
        f'<div class="item-related" {_data(write, bulk, 1 / max(1, bulk.related))}>'
        f'<a href="/{write.slug()}.htm" class="avatar"><img loading="lazy" width="200" height="125" alt="" '
        f'src="https://anh.example.vn/zoom/250_156/{write.hexadecimal(24)}.jpg"></a>'
        f'<h3><a href="/{write.slug()}.htm" title="{write.headline()}">{write.headline()}</a></h3>'
        f'<p class="sapo-related">{write.sentence()}</p><span class="time-ago">2 giờ trước</span></div>'
        for _ in range(bulk.related)
    )
    return f'<div class="box-related"><h2>{heading}</h2>{boxes}</div>'


def frames(write: Writer, bulk: Bulk) -> str:
    """Widgets: a line of text and a link, in boxes within boxes."""
    return "".join(
        f'<div class="widget w-{write.hexadecimal(6)}" data-zone="{number}" data-pos="{number % 7}">'
        f'<div class="col-{number % 12} inner" id="zone-{number}" data-layout="{write.token(4)}">'
        f'<p class="desc">{write.headline()}</p><a class="more" href="/{write.token(7)}.htm">'
        f"{write.label()}</a></div></div>"
        for number in range(bulk.frames // 4)
    )


def fields(write: Writer, bulk: Bulk) -> str:
    inputs = "".join(
        f'<label class="row"><input type="hidden" name="f{number}" value="{write.hexadecimal(16)}"> '
        f"{write.label()}</label>"
        for number in range(bulk.fields)
    )
    return f'<form action="/tim-kiem" method="get"><input name="q" placeholder="Tìm kiếm">{inputs}</form>'


def comment_box(write: Writer, bulk: Bulk) -> str:
    entries = "".join(
        f'<li class="comment-item"><span class="nick">Bạn đọc {write.token(6)}</span>'
        f'<div class="comment-text">{write.sentence()}</div><button>Thích</button></li>'
        for _ in range(bulk.comments)
    )
    heading = f"<h2>Bình luận ({bulk.comments})</h2>"
    return f'<section class="box-comment" id="binh-luan">{heading}<ul>{entries}</ul></section>'


def footer(write: Writer) -> str:
    links = "".join(f'<a href="/{write.token(8)}">{write.label()}</a> ' for _ in range(24))
    return (
        f'<footer class="footer"><div class="container">{links}<p>© Báo {write.place()} (trang hư cấu)</p>'
        f"<p>{write.sentence()}</p></div></footer>"
    )


def _data(write: Writer, bulk: Bulk, share: float) -> str:
    """data-… attributes that hold this share of the page's."""
    size = int(bulk.attribute_bytes * share)
    return f'data-id="{write.hexadecimal(8)}" data-track="{write.hexadecimal(max(1, size))}"'


def _filled(size: int, piece: Callable[[], str]) -> str:
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(piece())
        length += len(parts[-1])
    return "".join(parts)


def _rule(write: Writer) -> str:
    number = write.random.randint(1, 999)
    return (
        f".{write.token(7)}-{number} .{write.token(5)}>li:hover a{{margin:{number % 40}px auto;"
        f"color:#{write.hexadecimal(6)};background:url(/i/{write.token(6)}.svg) no-repeat}}\n"
    )


def _statement(write: Writer) -> str:
    name = write.token(6)
    return (
        f"window.{name}=window.{name}||[];if({name}.length<{write.random.randint(2, 90)}&&document."
        f'querySelector(".{write.token(5)} a[href]")){{{name}.push('
        f'{{"id":"{write.hexadecimal(10)}","html":"<div><p>x</p>"}})}}\n'
    )


def _curve(write: Writer) -> str:
    r = write.random.random
    return f"{r() * 24:.3f} {r() * 24:.3f}C{r() * 24:.3f} {r() * 24:.3f} {r():.3f} {r() * 9:.3f} "
