"""Does the mail server take what this office would send, and can its mailboxes be read?"""

import smtplib
import ssl
from collections.abc import Iterator, Mapping

from pipeline.checks.problem import Problem
from pipeline.inbox.imap import TROUBLES, Inbox
from pipeline.secret import MissingSecret, secret
from pipeline.settings import Mail, Settings
from pipeline.smtp import MailServer


def check_mail(mail: Mail, env: Mapping[str, str]) -> Iterator[Problem]:
    """Connects, greets, encrypts and signs in as a delivery does; sends nothing."""
    try:
        secret(mail.password_env, mail.password_file, env)
    except MissingSecret:
        # It is a problem of its own; the server can be tried as far as the sign-in.
        mail = mail.model_copy(update={"username": None})
    try:
        with MailServer(mail) as server:
            server.connect().ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        what, remedy = _explained(mail, error)
        yield Problem("error", f"mail server {mail.host}:{mail.port} {what}", remedy)


def _explained(mail: Mail, error: Exception) -> tuple[str, str]:
    """What is wrong, and what to mend."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        answer, held_in = error.smtp_error, mail.password_file or mail.password_env
        words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
        return (
            f"refuses the user {mail.username!r}: {words}",
            f"correct mail.username in config.yaml, or the password in {held_in}",
        )
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return (
            f"does not offer what config.yaml asks for: {error}",
            (
                "correct mail.security and mail.port in config.yaml: starttls with 587, tls with 465; "
                "remove mail.username where the server takes mail without signing in"
            ),
        )
    if isinstance(error, ssl.SSLError):
        return (
            f"does not speak TLS that can be trusted: {error.reason or error}",
            (
                "correct mail.security and mail.port in config.yaml, or let the server show a "
                "valid certificate for the name in mail.host"
            ),
        )
    return (
        f"does not answer: {error}",
        "correct mail.host and mail.port in config.yaml, or ask whether a firewall stands between",
    )


def check_inboxes(settings: Settings) -> Iterator[Problem]:
    """Connects, encrypts, signs in and looks into the folder as `collect` does; reads nothing."""
    for account in settings.inboxes:
        try:
            with Inbox(account):
                continue
        except TROUBLES as error:
            yield Problem(
                "error",
                f"mailbox {account.key} cannot be read: {error}",
                "correct its entry under inboxes in config.yaml (starttls with 143, tls with 993), or the "
                f"password in {account.password_file or account.password_env}",
            )
