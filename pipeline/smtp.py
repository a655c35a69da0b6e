"""One conversation with the office's mail server."""

import os
import smtplib
import ssl
from types import TracebackType

from pipeline.settings import Mail


class MissingSecret(Exception):
    """The environment variable that should hold the password is empty."""


class MailServer:
    """Connects at the first message and keeps the connection for the next ones."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def connect(self) -> smtplib.SMTP:
        """Raises OSError, smtplib.SMTPException or MissingSecret."""
        # smtplib hangs up by itself when the server says 421.
        if self._connection is None or self._connection.sock is None:
            self._connection = _connect(self._settings)
        return self._connection

    def send(self, recipient: str, message: bytes) -> None:
        """Returns when the server has taken the message for the recipient; raises as `connect` does.

        After an error that leaves the dialogue in doubt the next message gets a connection of its own.
        """
        try:
            self.connect().sendmail(self._settings.sender, [recipient], message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPSenderRefused):
            raise
        except (OSError, smtplib.SMTPException):
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            raise


def _connect(settings: Mail) -> smtplib.SMTP:
    password = os.environ.get(settings.password_env, "")
    if settings.username and not password:
        raise MissingSecret(f"environment variable {settings.password_env} is not set")
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if settings.security == "tls":
        connection = smtplib.SMTP_SSL(
            settings.host, settings.port, timeout=settings.timeout_seconds, context=context
        )
    else:
        connection = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
    try:
        if settings.security == "starttls":
            connection.starttls(context=context)
        if settings.username:
            connection.login(settings.username, password)
    except BaseException:
        connection.close()
        raise
    return connection
