"""The `desk` command: serves the desk, and makes accounts for it."""

import os
import socket
import sys
from contextlib import suppress

import click
import uvicorn

from pipeline.cli.invocation import WRONG_USE, Invocation, common_options
from pipeline.secret import MissingSecret
from web.accounts import AccountError, add_user
from web.app import create_app
from web.permissions import ANALYST, ROLES
from web.settings import DeskSettings

NEW_PASSWORD = "DANSINH_NEW_PASSWORD"  # noqa: S105 - the variable's name


@click.command()
@common_options
@click.option("--host", help="Address to listen on; default: desk.host of the configuration.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; default: desk.port. 0: any free one.")
@click.option("--add-user", "name", metavar="NAME", help="Make an account named after a post, then leave.")
@click.option(
    "--post", metavar="TEXT", help='With --add-user: the post shown, "Chuyên viên Phòng Nghiệp vụ".'
)
@click.option("--role", type=click.Choice(ROLES), default=ANALYST, show_default=True, help="With --add-user.")
def desk(
    invocation: Invocation, host: str | None, port: int | None, name: str | None, post: str | None, role: str
) -> None:
    """Serve the review desk until Ctrl-C, or make an account for it.

    \b
    dansinh desk --add-user phong-nghiep-vu --post "Chuyên viên Phòng Nghiệp vụ" --role analyst
    dansinh desk

    A new password is asked for, or taken from the environment variable DANSINH_NEW_PASSWORD.
    """
    if name is not None:
        _add(invocation, name, post or "", role)
    else:
        _serve(invocation, host, port)


def _add(invocation: Invocation, name: str, post: str, role: str) -> None:
    password = os.environ.get(NEW_PASSWORD) or click.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )
    try:
        add_user(invocation.store, invocation.clock, name, post, role, password)
    except AccountError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"Account {name} ({role}) is ready.")


def _serve(invocation: Invocation, host: str | None, port: int | None) -> None:
    own = invocation.settings.section("desk", DeskSettings)
    host, port = host or own.host, own.port if port is None else port
    try:
        app = create_app(invocation.store, invocation.settings, invocation.clock)
    except MissingSecret as error:
        invocation.complain(f"the desk cannot serve the agencies' page: {error}\n  → or take out agency_page")
        sys.exit(WRONG_USE)
    # Addresses of pages bear no personal data, but who reads what is nobody's business.
    config = uvicorn.Config(app, host=host, port=port, access_log=False, server_header=False)
    with _listening(invocation, host, port) as listener, suppress(KeyboardInterrupt):
        name = f"[{host}]" if ":" in host else host
        invocation.progress(f"the desk is at http://{name}:{listener.getsockname()[1]}/ – stop with Ctrl-C")
        uvicorn.Server(config).run(sockets=[listener])


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
