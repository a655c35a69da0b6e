"""Mail, as a channel: what the server's answers mean for a delivery."""

import smtplib
from types import TracebackType

from pipeline.channels.parcel import NotTaken, OutOfReach, Parcel
from pipeline.secret import MissingSecret
from pipeline.settings import Mail
from pipeline.smtp import InDoubt, MailServer

PERMANENT = 500
"""SMTP replies from 500 on are final (RFC 5321, section 4.2.1)."""
TOO_LARGE = 552
"""The only final answer to MAIL FROM that is about the message; others are about the office's account."""


class MailCarrier:
    def __init__(self, settings: Mail) -> None:
        self._settings = settings
        self._server = MailServer(settings)

    def __enter__(self) -> "MailCarrier":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.hang_up()

    def carry(self, parcel: Parcel) -> None:
        self._reach()
        try:
            self._server.send(parcel.recipient, parcel.message, parcel.message_id)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            why = f"{parcel.recipient} refused: {code} {answer.decode(errors='replace')}"
            raise NotTaken(why, final=code >= PERMANENT) from error
        except smtplib.SMTPResponseException as error:
            raise NotTaken(_answer(error), final=_is_final(error)) from error
        except UnicodeError as error:
            why = f"{parcel.recipient} is no address that mail can carry: {error}"
            raise NotTaken(why, final=True) from error
        except InDoubt as error:
            raise NotTaken(str(error), final=False) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(f"the server hung up: {error}", final=False) from error

    def _reach(self) -> None:
        try:
            self._server.connect()
        except (OSError, smtplib.SMTPException, MissingSecret) as error:
            raise OutOfReach(
                f"{self._settings.host}:{self._settings.port} cannot be used: {error}"
            ) from error


def _answer(error: smtplib.SMTPResponseException) -> str:
    words = error.smtp_error
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{error.smtp_code} {text}"


def _is_final(error: smtplib.SMTPResponseException) -> bool:
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= PERMANENT
    return error.smtp_code == TOO_LARGE
