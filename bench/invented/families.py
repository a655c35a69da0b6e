"""Five ways of making pages: two of large papers, two of small ones, one of a commune's portal."""

from bench.invented.articles import (
    in_a_blog,
    in_a_portal,
    in_named_boxes,
    in_one_column,
    in_unnamed_boxes,
    told_in_full,
    told_nothing,
    told_to_networks,
)
from bench.invented.bulk import Bulk
from bench.invented.pages import Family
from crawler.settings import LayoutSettings


def usual_layout() -> LayoutSettings:
    """Of `in_named_boxes`."""
    return LayoutSettings(
        title="h1.detail-title",
        lead="h2.detail-sapo",
        body="div.detail-content",
        time="[data-role=publishdate]",
        drop=("figure", ".VCSortableInPreviewMode"),
    )


_BIG = Bulk(
    styles=4, style_bytes=66_000, scripts=40, script_bytes=45_000, pictures=60, picture_bytes=200_000,
    menus=30, menu_links=210, related=22, frames=320, fields=40, attribute_bytes=60_000,
    comments=6,
)  # fmt: skip
_STYLED = Bulk(
    styles=4, style_bytes=310_000, scripts=18, script_bytes=29_000, pictures=11, picture_bytes=12_000,
    menus=38, menu_links=276, related=10, frames=60, fields=3, attribute_bytes=60_000,
)  # fmt: skip
_BLOG = Bulk(
    styles=14, style_bytes=110_000, scripts=34, script_bytes=60_000, pictures=16, picture_bytes=12_000,
    menus=6, menu_links=70, related=16, frames=150, fields=8, attribute_bytes=4_000, comments=12,
)  # fmt: skip
_LEAN = Bulk(
    styles=6, style_bytes=7_000, scripts=44, script_bytes=35_000, pictures=3, picture_bytes=4_000,
    menus=7, menu_links=43, related=10, frames=130, fields=54, attribute_bytes=4_000,
)  # fmt: skip
_PORTAL = Bulk(
    styles=3, style_bytes=40_000, scripts=20, script_bytes=30_000, pictures=0, picture_bytes=0,
    menus=20, menu_links=180, related=8, frames=120, fields=12, attribute_bytes=1_000,
)  # fmt: skip

FAMILIES: tuple[Family, ...] = (
    Family("lon", _BIG, 14, in_named_boxes, told_in_full, usual_layout()),
    Family(
        "mot-cot", _STYLED, 8, in_one_column, told_in_full,
        LayoutSettings(
            title="h1.title-page", lead="h2.singular-sapo", body="div.singular-content",
            time="time.author-time", drop=("figure",),
        ),
        indented=False,
    ),
    Family(
        "blog", _BLOG, 9, in_a_blog, told_to_networks,
        LayoutSettings(
            title="h1.entry-title", body="div.entry-content", time="time.entry-date",
            drop=("figure", ".VCSortableInPreviewMode"),
        ),
    ),
    Family(
        "khong-ten", _LEAN, 9, in_unnamed_boxes, told_in_full,
        LayoutSettings(
            title="h1.t1", lead="p.t3", body="div.b7", time="div.b2",
            drop=("figure", ".VCSortableInPreviewMode"),
        ),
    ),
    Family(
        "cong", _PORTAL, 7, in_a_portal, told_nothing,
        LayoutSettings(
            title="h1.ArticleTitle", lead="div.ArticleSummary", body="div.ArticleText",
            time="span.ArticleDate",
        ),
    ),
)  # fmt: skip
