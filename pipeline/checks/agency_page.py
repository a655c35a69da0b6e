"""Can agencies answer by the link in their letters?"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from pipeline.answering.links import Links
from pipeline.checks.problem import Problem
from pipeline.secret import MissingSecret
from pipeline.settings import Settings

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


def check_agency_page(settings: Settings, env: Mapping[str, str]) -> Iterator[Problem]:
    page = settings.agency_page
    if page is None:
        return
    try:
        Links(page, env)
    except MissingSecret as error:
        yield Problem(
            "error",
            f"no link for agencies can be signed, and letters wait: {error}",
            f"set {page.secret_env} in the environment of cron, `dansinh schedule` and `dansinh desk`, or "
            "name a file of mode 600 as agency_page.secret_file; never write the key into config.yaml",
        )
    address = urlsplit(page.base_url)
    if address.hostname in LOCAL_HOSTS:
        yield Problem(
            "warning",
            f"agency_page.base_url is {page.base_url}: a link with it opens on this machine only",
            "write the address by which agencies reach the desk as agency_page.base_url in config.yaml",
        )
    elif address.scheme != "https":
        yield Problem(
            "warning",
            f"agency_page.base_url is {page.base_url}: on the way anybody can read link and answer",
            "put a server with HTTPS before the desk and write its https:// address in config.yaml",
        )
