"""Addresses: which of them name the same page."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote_plus, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

LONGEST_ADDRESS = 2048
"""characters; longer ones are scripts' states or attacks, and the store's index could not hold them"""

_TRACKING_PREFIXES = (
    "utm_", "mtm_", "pk_", "piwik_", "matomo_", "mc_", "vero_", "_hs", "at_campaign", "at_medium",
    "fb_action_",
)  # fmt: skip
_TRACKING = frozenset(
    {
        "_ga", "_gac", "_gl", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "fbclid", "fb_source",
        "mibextid",
        "msclkid", "twclid", "ttclid", "yclid", "igshid", "igsh", "li_fat_id", "zarsrc", "gidzl", "zalo_src",
        "spm", "cmpid", "cvid", "ocid", "ncid", "mkt_tok", "wt_mc", "s_cid", "ref_src", "ref_url",
        "oly_enc_id",
    }
)  # fmt: skip
_WHENCE = frozenset({"ref", "referrer", "src", "source", "from", "via", "share", "shared"})
"""They tell whence a reader came when they hold a word; with digits in it they may name the article."""
_SESSION = re.compile(
    r"(?:php|j|asp|asp\.net_)?sess(?:ion)?_?id\w*|aspsessionid\w*|cfid|cftoken", re.IGNORECASE
)
_SESSION_VALUE = re.compile(r"(?=[^&]*\d)(?=[^&]*[a-z])[0-9a-z]{16,}", re.IGNORECASE)
_SESSION_IN_PATH = re.compile(
    r";(?:jsessionid|phpsessid|sid)=[^/;]*|/\(S\([0-9a-z]{10,40}\)\)", re.IGNORECASE
)
_VARIANT_HOST = re.compile(r"^(?:www|m|mobile|wap|amp)\.(?=[^.]+\.)")
_VARIANT_QUERY = {
    "amp": {"", "1", "true"}, "outputtype": {"amp"}, "output": {"amp"}, "format": {"amp"},
    "mobile": {"1", "true"}, "print": {"", "1", "true"}, "tmpl": {"component"}, "view_mode": {"print"},
    "in-bai": {"", "1"},
}  # fmt: skip
_VARIANT_PATH = re.compile(
    r"^/(?:amp|print|in-bai|in-tin|ban-in)(?=/[^/])"
    r"|/(?:amp|print|in-bai|in-tin|ban-in)/?$"
    r"|[.](?:amp|print)(?=[.](?:html?|aspx?|php|vnp|ldo|tpo)$|$)"
    r"|[-_](?:amp|print|in-bai)(?=[.](?:html?|aspx?|php|vnp|ldo|tpo)$)"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""no host and no database takes them; tabs and line ends are left out by whoever reads addresses"""
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
    if _CONTROL.search(url):
        return None
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
    path = re.sub(r"/{2,}", "/", _SESSION_IN_PATH.sub("", path))
    plain = _VARIANT_PATH.sub("", path)
    return plain.rstrip("/") or "/"


def _plain_query(query: str) -> str:
    kept = [
        (key, value)
        for key, value in parse_qsl(query, keep_blank_values=True)
        if not _is_passing(key.lower(), value) and value.lower() not in _VARIANT_QUERY.get(key.lower(), ())
    ]
    return urlencode(kept)


def _is_passing(key: str, value: str) -> bool:
    """Whether a parameter tells of the reader's way or session and not of the page."""
    if key in _TRACKING or key.startswith(_TRACKING_PREFIXES) or _SESSION.fullmatch(key):
        return True
    if key in _WHENCE:
        return not any(letter.isdigit() for letter in value)
    # Of PHP-Nuke's children `sid` is the article; of others the session, which is long and mixed.
    return key in {"sid", "s"} and bool(_SESSION_VALUE.fullmatch(value))


@lru_cache(maxsize=4096)
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


def named_address(base: str, href: str | None) -> str | None:
    """`href` as it is asked for, kept and printed: full, without what tells of a reader's way or session.

    None for what is no web address or longer than any page's. What is left stands as the outlet wrote it.
    """
    # Some feeds escape twice; a space is what a person forgot to write as %20.
    address = resolve(base, (href or "").strip().replace("&amp;", "&").replace(" ", "%20"))
    if address is None or len(address) > LONGEST_ADDRESS:
        return None
    beginning, mark, query = address.partition("?")
    scheme, slashes, rest = beginning.partition("://")
    host, slash, path = rest.partition("/")
    path = _SESSION_IN_PATH.sub("", slash + path)
    kept = [pair for pair in query.split("&") if pair and not _is_passing(*_key_and_value(pair))]
    return f"{scheme}{slashes}{host}{path}" + (mark + "&".join(kept) if kept else "")


def _key_and_value(pair: str) -> tuple[str, str]:
    key, _, value = pair.partition("=")
    return unquote_plus(key).lower(), unquote_plus(value)


def is_home(url: str) -> bool:
    return urlsplit(url).path.strip("/").lower() in {
        "",
        "index.html",
        "index.htm",
        "index.php",
        "default.aspx",
    }


def leads_home(asked: str, found: str, home: str) -> bool:
    """Whether a page that was asked for was found at the home page of its site, or of its outlet (`home`)."""
    at = canonical_address(found)
    if at is None or at == canonical_address(asked):
        return False
    # What stands behind a "?" at the root may be an article.
    is_front = is_home(at) and not urlsplit(at).query and same_site(asked, found)
    return is_front or at == canonical_address(home)


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
