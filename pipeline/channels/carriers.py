"""One carrier for each channel, made when the first parcel asks for it."""

from contextlib import ExitStack
from types import TracebackType
from typing import Protocol

from pipeline.channels.folder import FolderCarrier
from pipeline.channels.mail import MailCarrier
from pipeline.channels.parcel import NotTaken, OutOfReach, Parcel
from pipeline.channels.webhook import WebhookCarrier
from pipeline.clock import Clock
from pipeline.settings import Settings


class Carrier(Protocol):
    def carry(self, parcel: Parcel) -> None:
        """Returns when the recipient's side has taken it; raises NotTaken or OutOfReach."""


class Carriers:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._open = ExitStack()
        self._carriers: dict[str, Carrier] = {}
        self._away: dict[str, str] = {}
        """places that could not be reached, and why: in this run they are not asked again"""

    def __enter__(self) -> "Carriers":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def carry(self, parcel: Parcel) -> None:
        if why := self._away.get(parcel.place):
            raise OutOfReach(why)
        if parcel.channel not in self._carriers:
            self._carriers[parcel.channel] = self._make(parcel.channel)
        try:
            self._carriers[parcel.channel].carry(parcel)
        except OutOfReach as error:
            self._away[parcel.place] = str(error)
            raise

    def _make(self, channel: str) -> Carrier:
        if channel == "mail":
            return self._open.enter_context(MailCarrier(self._settings.mail))
        if channel in ("folder", "edxml"):
            return FolderCarrier(self._settings.drop_folder)
        if channel == "webhook":
            return WebhookCarrier(self._settings.agencies, self._clock, self._settings.mail.timeout_seconds)
        raise NotTaken(f"there is no channel {channel!r}", final=True)
