"""The one table of the desk's pages, in the order of its menu."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.routing import NoMatchFound, Route

from web.permissions import Action, may


@dataclass(frozen=True)
class Page:
    route: str
    """the route's name; a page whose route the application does not have is not in the menu"""
    label: str
    action: Action


PAGES = (
    Page("today", "Hôm nay", Action.VIEW),
    Page("issues", "Vấn đề", Action.VIEW),
    Page("referrals", "Phiếu chuyển", Action.VIEW_BOARD),
    Page("search", "Tìm kiếm", Action.SEARCH),
    Page("area", "Địa bàn", Action.VIEW_AREA),
    Page("reports", "Báo cáo", Action.VIEW_REPORTS),
    Page("registers", "Sổ theo dõi", Action.VIEW),
    Page("digests", "Bản tin", Action.VIEW),
    Page("sources", "Nguồn", Action.VIEW_SOURCES),
    Page("programme", "Chương trình", Action.VIEW_PROGRAMME),
    Page("audit", "Nhật ký", Action.VIEW_AUDIT),
    Page("users", "Người dùng", Action.MANAGE_USERS),
    Page("own_referrals", "Phiếu gửi cơ quan", Action.OWN_REFERRALS),
    Page("own_projects", "Dự án sắp triển khai", Action.OWN_REFERRALS),
)


def path_of(app: Starlette) -> Callable[..., str]:
    """The application's url_path_for, without asking route after route: a page has hundreds of addresses."""
    routes: dict[str, Route] = {}
    for route in app.routes:
        if isinstance(route, Route):
            routes.setdefault(route.name, route)

    @lru_cache(maxsize=64)
    def elsewhere(name: str, **parts: Any) -> str:
        """Of files that are served as they are, on every page the same few."""
        return str(app.url_path_for(name, **parts))

    def path(name: str, /, **parts: Any) -> str:
        route = routes.get(name)
        if route is None:
            return elsewhere(name, **parts)
        if parts.keys() != route.param_convertors.keys():
            raise NoMatchFound(name, parts)
        told = {part: route.param_convertors[part].to_string(value) for part, value in parts.items()}
        return route.path_format.format(**told)

    return path


def menu_of(app: Starlette) -> Callable[[str], list[Page]]:
    """What somebody of a role finds in the menu."""
    routes = {route.name for route in app.routes if isinstance(route, Route)}
    pages = [page for page in PAGES if page.route in routes]
    return lambda role: [page for page in pages if may(role, page.action)]
