"""What pages say of their own keeping."""

import pytest

from crawler.robots_tags import RobotsTags, parse, product_token

NOTHING = RobotsTags()
NO_INDEX = RobotsTags(no_index=True)
NO_ARCHIVE = RobotsTags(no_archive=True)
BOTH = RobotsTags(no_index=True, no_archive=True)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], NOTHING),
        ([""], NOTHING),
        (["all"], NOTHING),
        (["index, follow"], NOTHING),
        (["noindex"], NO_INDEX),
        (["NOINDEX , nofollow"], NO_INDEX),
        (["none"], NO_INDEX),
        (["noarchive"], NO_ARCHIVE),
        (["nocache"], NO_ARCHIVE),
        (["noarchive", "noindex"], BOTH),
        (["googlebot: noindex\nnoarchive"], NO_ARCHIVE),
        (["nofollow,noarchive,noindex"], BOTH),
        (["googlebot: noindex"], NOTHING),
        (["googlebot: nofollow, noindex"], NOTHING),
        (["googlebot: noindex", "noarchive"], NO_ARCHIVE),
        (["googlebot: noindex, dansinh: noarchive"], NO_ARCHIVE),
        (["DanSinh: noindex"], NO_INDEX),
        (["dansinh : none"], NO_INDEX),
        (["*: noindex"], NO_INDEX),
        (["dansinh-image: noindex"], NOTHING),
        (["unavailable_after: 25 Jun 2030 15:00:00 PST"], NOTHING),
        (["max-snippet: 0, noarchive"], NO_ARCHIVE),
        (["unavailable_after: Friday, 25 Jun 2030 15:00:00 GMT, noindex"], NO_INDEX),
        (["no index"], NOTHING),
        (["\x00ÿ:::,,:"], NOTHING),
    ],
)
def test_what_a_page_says(values: list[str], said: RobotsTags) -> None:
    assert parse(values, "DanSinh") == said


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("DanSinh/0.1 (+phong@example.vn)", "DanSinh"),
        ("BanTuyenGiao (https://example.vn)", "BanTuyenGiao"),
        (" Dan-Sinh ", "Dan-Sinh"),
    ],
)
def test_the_name_it_goes_by(agent: str, token: str) -> None:
    assert product_token(agent) == token
