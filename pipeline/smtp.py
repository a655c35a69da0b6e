"""One conversation with the office's mail server."""

import re
import smtplib
import ssl
from types import TracebackType

from pipeline.secret import secret
from pipeline.settings import Mail

_LEADING_DOT = re.compile(rb"(?m)^\.")


class InDoubt(Exception):
    """The whole message was handed over and the connection broke before the server's answer."""


class MailServer:
    """Connects at the first message and keeps the connection for the next ones."""

    def __init__(self, settings: Mail) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None
        self._handed_over = 0

    def __enter__(self) -> "MailServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        if self._connection is not None:
            try:
                self._connection.quit()
            except (OSError, smtplib.SMTPException):
                self._connection.close()
            self._connection = None

    def connect(self) -> smtplib.SMTP:
        """Raises OSError, smtplib.SMTPException or MissingSecret."""
        if self._handed_over >= self._settings.messages_per_connection:
            self.hang_up()
        # smtplib hangs up by itself when the server says 421.
        if self._connection is None or self._connection.sock is None:
            self._connection = _connect(self._settings)
            self._handed_over = 0
        return self._connection

    def send(self, recipient: str, message: bytes, message_id: str) -> None:
        """Returns when the server has taken the message; raises as `connect` does, and InDoubt.

        After an error that leaves the dialogue in doubt the next message gets a connection of its own.
        """
        connection = self.connect()
        self._handed_over += 1
        try:
            _hand_over(connection, self._settings, recipient, message, message_id)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException):
            _begin_anew(connection)
            raise
        except (OSError, smtplib.SMTPException, InDoubt):
            connection.close()
            self._connection = None
            raise


def _hand_over(
    connection: smtplib.SMTP, settings: Mail, recipient: str, message: bytes, message_id: str
) -> None:
    connection.ehlo_or_helo_if_needed()
    code, answer = connection.mail(settings.sender, _mail_options(connection, message, message_id))
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, answer, settings.sender)
    code, answer = connection.rcpt(recipient, _recipient_options(connection, recipient))
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({recipient: (code, answer)})
    code, answer = connection.docmd("DATA")
    if code != 354:
        raise smtplib.SMTPDataError(code, answer)
    connection.send(_LEADING_DOT.sub(b"..", message.removesuffix(b"\r\n")) + b"\r\n")
    code, answer = _end_of_data(connection, settings.after_data_seconds)
    if code != 250:
        raise smtplib.SMTPDataError(code, answer)


def _end_of_data(connection: smtplib.SMTP, seconds: float) -> tuple[int, bytes]:
    """From the last dot on nobody but the server knows whether it has the message."""
    sock = connection.sock
    assert sock is not None  # noqa: S101 - it has just been written to
    usual = sock.gettimeout()
    sock.settimeout(seconds)
    try:
        connection.send(b".\r\n")
        return connection.getreply()
    except (OSError, smtplib.SMTPServerDisconnected) as error:
        raise InDoubt(
            f"the server had the whole message and hung up before it answered ({error}); "
            "it may have taken it: the message goes again under the same Message-ID"
        ) from error
    finally:
        if connection.sock is not None:
            sock.settimeout(usual)


def _mail_options(connection: smtplib.SMTP, message: bytes, message_id: str) -> list[str]:
    options = [f"SIZE={len(message)}"] if connection.has_extn("size") else []
    if connection.has_extn("dsn"):
        # A bounce then names our message even where it brings none of its headers (RFC 3461, 4.4).
        options += ["RET=HDRS", f"ENVID={_xtext(message_id.strip('<>'))}"]
    return options


def _recipient_options(connection: smtplib.SMTP, recipient: str) -> list[str]:
    if not connection.has_extn("dsn"):
        return []
    return ["NOTIFY=FAILURE,DELAY", f"ORCPT=rfc822;{_xtext(recipient)}"]


def _xtext(text: str) -> str:
    """RFC 3461, section 4."""
    return "".join(c if "!" <= c <= "~" and c not in "+=" else f"+{ord(c):02X}" for c in text)


def _begin_anew(connection: smtplib.SMTP) -> None:
    """After a refusal: what was said of this message holds no more; 421 says that the server leaves."""
    try:
        code, _ = connection.rset() if connection.sock is not None else (421, b"")
    except (OSError, smtplib.SMTPException):
        code = 421
    if code == 421:
        connection.close()


def _connect(settings: Mail) -> smtplib.SMTP:
    password = secret(settings.password_env, settings.password_file) if settings.username else ""
    # Reading this machine's authorities takes longer than a short dialogue: only where it is needed.
    context = None if settings.security == "none" else ssl.create_default_context()
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
