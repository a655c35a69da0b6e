"""Addresses: which of them name the same page."""

import ipaddress
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

_TRACKING = re.compile(
    r"utm_|_ga|_gl|gclid|dclid|gbraid|wbraid|fbclid|msclkid|yclid|igshid|mc_[ce]id|zarsrc|gidzl|spm$|cmpid|vero_"
)
_VARIANT_HOST = re.compile(r"^(?:www|m|mobile|amp)\.(?=[^.]+\.)")
_VARIANT_QUERY = frozenset({("amp", "1"), ("amp", ""), ("outputtype", "amp")})
_ARTICLE_NUMBER = re.compile(r"\d{5,}")


def canonical_address(url: str) -> str | None:
    """One name for one page, by which it is recognised; None for what is no web address.

    It serves to compare, not to fetch: www, tracking parameters, fragment and the scheme are evened out.
    """
    parts = _split(url)
    if parts is None:
        return None
    scheme, host, port, path, query = parts
    named = not _is_ip(host) and "." in host
    if named:
        host = _VARIANT_HOST.sub("", host)
    if port is None and named:
        scheme = "https"
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    return canonicalize_url(urlunsplit((scheme, netloc, _plain_path(path), _plain_query(query), "")))


def _split(url: str) -> tuple[str, str, int | None, str, str] | None:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    if port == (443 if parts.scheme == "https" else 80):
        port = None
    return parts.scheme, parts.hostname.rstrip("."), port, parts.path, parts.query


def _plain_path(path: str) -> str:
    path = re.sub(r"/amp/?$", "", path)
    path = re.sub(r"\.amp(?=\.html?$|$)", "", path)
    return path.rstrip("/") or "/"


def _plain_query(query: str) -> str:
    kept = [
        (key, value)
        for key, value in parse_qsl(query, keep_blank_values=True)
        if not _TRACKING.match(key.lower()) and (key.lower(), value.lower()) not in _VARIANT_QUERY
    ]
    return urlencode(kept)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(url: str) -> bool:
    """Whether the address is on this machine: no proxy can reach it."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def host_of(url: str) -> str:
    """Host and port: what a crawler keeps waiting, finds down, or asks for robots.txt."""
    return urlsplit(url).netloc.lower()


def same_site(one: str, other: str) -> bool:
    """Whether both addresses belong to one site; www, m and amp count as the site itself."""
    return _site(one) == _site(other) and bool(_site(one))


def _site(url: str) -> str:
    parts = _split(url)
    if parts is None:
        return ""
    _, host, port, _, _ = parts
    return f"{_VARIANT_HOST.sub('', host)}:{port or ''}"


def resolve(base: str, href: str | None) -> str | None:
    """`href` as a full web address without its fragment; None where it is none."""
    if not href:
        return None
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return None
    return url.partition("#")[0] if _split(url) else None


def is_home(url: str) -> bool:
    return urlsplit(url).path.strip("/").lower() in {
        "",
        "index.html",
        "index.htm",
        "index.php",
        "default.aspx",
    }


def looks_like_article(url: str) -> bool:
    """Whether the address has the make of an article's: a long slug, or a number of five digits and more."""
    path = urlsplit(url).path.rstrip("/")
    last = path.rpartition("/")[2]
    slug = re.sub(r"\.\w{2,5}$", "", last)
    return (
        slug.count("-") >= 3
        or bool(_ARTICLE_NUMBER.search(last))
        or bool(re.search(r"[?&]\w*id=\d+", url, re.IGNORECASE))
    )
