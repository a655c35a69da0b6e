"""The `desk` command: serves the desk, and makes accounts for it."""

import os
import sys
from collections.abc import Callable, Mapping

import click
from sqlalchemy import select

from pipeline.cli.invocation import WRONG_USE, Invocation, common_options
from pipeline.clock import local
from pipeline.routing import recipient
from pipeline.secret import MissingSecret
from store.models import User
from web.accounts import (
    BY_COMMAND,
    AccountError,
    Accounts,
    Description,
    id_of,
    unlike_other_agencies,
)
from web.permissions import ANALYST, ROLES
from web.seal import FILE as KEY_FILE
from web.seal import VARIABLE as KEY_VARIABLE
from web.second_factor import seal_all
from web.serving import serve

NEW_PASSWORD = "DANSINH_NEW_PASSWORD"  # noqa: S105 - the variable's name


@click.command()
@common_options
@click.option("--host", help="Address to listen on; default: desk.host of the configuration.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port; default: desk.port. 0: any free one.")
@click.option("--add-user", metavar="NAME", help="Make an account named after a post, then leave.")
@click.option(
    "--post",
    metavar="TEXT",
    default="",
    help='With --add-user: the post shown, "Chuyên viên Phòng Nghiệp vụ".',
)
@click.option("--role", type=click.Choice(ROLES), default=ANALYST, show_default=True, help="With --add-user.")
@click.option("--agency", metavar="KEY", help="With --add-user and --role agency: whose referrals it sees.")
@click.option("--list-users", is_flag=True, help="Print the accounts, then leave.")
@click.option("--new-password", metavar="NAME", help="Give an account another password, then leave.")
@click.option("--one-time-code", metavar="NAME", help="Print a code with which its holder sets a password.")
@click.option("--close-user", metavar="NAME", help="Close an account and end its sessions, then leave.")
@click.option("--open-user", metavar="NAME", help="Open a closed account again, then leave.")
@click.option("--forget-second-factor", metavar="NAME", help="For a lost telephone; then leave.")
def desk(
    invocation: Invocation,
    host: str | None,
    port: int | None,
    add_user: str | None,
    post: str,
    role: str,
    agency: str | None,
    list_users: bool,
    **acts: str | None,
) -> None:
    """Serve the review desk until Ctrl-C, or see to its accounts.

    \b
    dansinh desk --add-user phong-nghiep-vu --post "Chuyên viên Phòng Nghiệp vụ" --role analyst
    dansinh desk

    A new password is asked for, or taken from the environment variable DANSINH_NEW_PASSWORD.
    """
    wanted = [(act, name) for act, name in acts.items() if name is not None]
    if len(wanted) + list_users + (add_user is not None) > 1:
        raise click.UsageError("one thing at a time: give one of the options that see to accounts")
    try:
        if list_users:
            _list(invocation)
        elif add_user is not None:
            _add(invocation, add_user, Description(post, role, agency))
        elif wanted:
            (act, name), *_ = wanted
            ACTS[act](invocation, name, id_of(invocation.store, name))
        else:
            _seal_second_factors(invocation)
            serve(invocation, host, port)
    except AccountError as error:
        raise click.UsageError(str(error)) from error


def _list(invocation: Invocation) -> None:
    with invocation.store.read() as session:
        for user in session.scalars(select(User).order_by(User.name)):
            state = "open" if user.active else "closed"
            second = "second factor" if user.totp_secret else "-"
            click.echo("\t".join((user.name, user.role, user.agency_key or "-", state, second, user.post)))


def _add(invocation: Invocation, name: str, described: Description) -> None:
    today = local(invocation.clock()).date()
    if described.agency_key and recipient(invocation.settings, described.agency_key, today) is None:
        raise click.UsageError(f"config.yaml has no agency {described.agency_key!r}")
    unlike_other_agencies(invocation.settings, name, described)
    _accounts(invocation).add(name, described, _asked())
    click.echo(f"Account {name} ({described.role}) is ready.")


def _new_password(invocation: Invocation, name: str, user_id: int) -> None:
    _accounts(invocation).set_password(user_id, _asked())
    click.echo(f"Account {name} has another password; whoever was signed in with it is out.")


def _one_time_code(invocation: Invocation, name: str, user_id: int) -> None:
    code = _accounts(invocation).give_code(user_id)
    click.echo(f"{code}\nGood once and for 72 hours, for {name}, on the desk's page /mat-khau-moi.")


def _close(invocation: Invocation, name: str, user_id: int) -> None:
    _accounts(invocation).close(user_id)
    click.echo(f"Account {name} is closed; whoever was signed in with it is out.")


def _open(invocation: Invocation, name: str, user_id: int) -> None:
    _accounts(invocation).open(user_id)
    click.echo(f"Account {name} is open.")


def _forget_second_factor(invocation: Invocation, name: str, user_id: int) -> None:
    _accounts(invocation).forget_second_factor(user_id)
    click.echo(f"Account {name} has no second factor any more; whoever was signed in with it is out.")


def _seal_second_factors(invocation: Invocation) -> None:
    try:
        lost = seal_all(invocation.store)
    except MissingSecret as error:
        invocation.complain(f"the desk cannot seal the secrets of second factors: {error}")
        sys.exit(WRONG_USE)
    if lost:
        invocation.complain(
            f"no key opens the second factors of: {', '.join(lost)}\n"
            f"  → put back {KEY_FILE} or {KEY_VARIABLE}; where the key is lost: --forget-second-factor NAME"
        )


ACTS: Mapping[str, Callable[[Invocation, str, int], None]] = {
    "new_password": _new_password,
    "one_time_code": _one_time_code,
    "close_user": _close,
    "open_user": _open,
    "forget_second_factor": _forget_second_factor,
}


def _accounts(invocation: Invocation) -> Accounts:
    return Accounts(invocation.store, invocation.clock, BY_COMMAND)


def _asked() -> str:
    return os.environ.get(NEW_PASSWORD) or str(
        click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
