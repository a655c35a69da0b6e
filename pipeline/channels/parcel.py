"""What a channel is given to carry, and how it says that it could not."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Parcel:
    """One delivery's message: the same bytes under the same identity at every try."""

    channel: str
    recipient: str
    message_id: str
    message: bytes

    @property
    def place(self) -> str:
        """What is away for all where it is away for one: a mail server, one agency's system, one folder."""
        return self.channel if self.channel == "mail" else f"{self.channel} {self.recipient}"


class NotTaken(Exception):
    """The recipient's side did not take the message, or nobody knows whether it did."""

    def __init__(self, why: str, *, final: bool, wait: timedelta | None = None) -> None:
        super().__init__(why)
        self.final = final
        """trying again would give the same answer"""
        self.wait = wait
        """how long the other side asks to be left alone"""


class OutOfReach(Exception):
    """Nothing can be carried to this place now, whatever the message."""
