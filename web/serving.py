"""The desk as a server: one process or several behind one port."""

import gc
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from uvicorn.supervisors import Multiprocess

from pipeline.cli.invocation import WRONG_USE, Invocation
from pipeline.clock import Clock
from pipeline.config import database_url, load_settings
from pipeline.secret import MissingSecret
from store import Store
from web.app import create_app
from web.oidc import MissingClientSecret
from web.settings import DeskSettings
from web.warming import warm

HUNG_SECONDS = 60
TURN_SECONDS = 0.0005


def serve(invocation: Invocation, host: str | None, port: int | None) -> None:
    """Until Ctrl-C. Ends the process with what is wrong where it cannot begin."""
    own = invocation.settings.section("desk", DeskSettings)
    host, port = host or own.host, own.port if port is None else port
    try:
        create_app(invocation.store, invocation.settings, invocation.clock)
    except MissingClientSecret as error:
        invocation.complain(f"the desk cannot sign in by desk.oidc: {error}\n  → or take out desk.oidc")
        sys.exit(WRONG_USE)
    except MissingSecret as error:
        invocation.complain(f"the desk cannot serve the agencies' page: {error}\n  → or take out agency_page")
        sys.exit(WRONG_USE)
    with _listening(invocation, host, port) as listener, suppress(KeyboardInterrupt):
        name = f"[{host}]" if ":" in host else host
        invocation.progress(f"the desk is at http://{name}:{listener.getsockname()[1]}/ – stop with Ctrl-C")
        config = configured(partial(_at_work, invocation.config, invocation.clock), own)
        if own.workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()


def configured(made: Callable[[], Starlette], own: DeskSettings) -> uvicorn.Config:
    """Each worker makes the application for itself."""
    return uvicorn.Config(
        made,
        factory=True,
        workers=own.workers,
        # Addresses of pages bear no personal data, but who reads what is nobody's business.
        access_log=False,
        server_header=False,
        # A worker that does not answer is ended; on a busy machine it may only be late.
        timeout_worker_healthcheck=HUNG_SECONDS,
        # Where none stands in front, what calls itself a proxy makes up the addresses that are counted.
        proxy_headers=own.base_url is not None,
        forwarded_allow_ips=list(own.trusted_proxies),
    )


def _at_work(config: Path, clock: Clock) -> Starlette:
    """In the process that serves it, once all was seen to be well: ready for pages that begin at once.

    Measured by `make bench ONLY=desk`: docs/measuring.md, "The desk".
    """
    settings = load_settings(config)
    store = Store(database_url(settings), settings.data_dir, for_pages=True)
    app = create_app(store, settings, clock)
    warm(app)
    # A thread that gets its turn back after each row that SQLite hands over must not wait 5 ms for it.
    sys.setswitchinterval(TURN_SECONDS)
    # What is there now stays to the end: a look through all of it for garbage stops every page for 130 ms.
    gc.collect()
    gc.freeze()
    return app


def _listening(invocation: Invocation, host: str, port: int) -> socket.socket:
    """Taken before the server starts, which would end with a status of its own where it is not to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        invocation.complain(
            f"the desk cannot listen on {host}, port {port}: {error.strerror}\n"
            "  → end the desk that is running there, or give another --port or desk.port in config.yaml"
        )
        sys.exit(WRONG_USE)
