"""The servers by which mail leaves and comes."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from pipeline.addresses import Email
from pipeline.settings.section import Section


class MailAccount(Section):
    """A server that is spoken to under an account of the office's."""

    host: str
    port: int = Field(ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "starttls"
    username: str | None = None
    password_env: str = Field(description="environment variable, never the secret")
    password_file: Path | None = Field(
        default=None,
        description="file whose first line is the password, instead; counts from the folder of config.yaml",
    )
    timeout_seconds: float = Field(default=30, gt=0)


class Mail(MailAccount):
    password_env: str = "DANSINH_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
    sender: Email
    sender_name: str
    after_data_seconds: float = Field(
        default=600, gt=0, description="for the answer to a whole message (RFC 5321, section 4.5.3.2.6)"
    )
    messages_per_connection: int = Field(default=100, ge=1)
    max_attempts: int = Field(default=10, ge=1, description="then the delivery is quarantined")
    first_retry_minutes: int = Field(default=5, ge=1, description="doubled at each further try, up to a day")


class InboxAccount(MailAccount):
    """A mailbox to which agencies and mail systems write back; it is read, never changed."""

    port: int = Field(default=993, ge=1, le=65535)
    security: Literal["none", "starttls", "tls"] = "tls"
    username: str
    password_env: str = "DANSINH_IMAP_PASSWORD"  # noqa: S105 - the name of a variable
    folder: str = "INBOX"
    max_message_bytes: int = Field(
        default=40_000_000, ge=1, description="of a larger mail only the header is read"
    )

    @property
    def key(self) -> str:
        return f"{self.username}@{self.host}:{self.port}/{self.folder}"
