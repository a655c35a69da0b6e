"""One office's config.yaml as a whole."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, Field, field_validator

from crawler.settings import CrawlerSettings
from nlp.settings import NlpSettings
from pipeline.settings.answering import AgencyPage, Attachments
from pipeline.settings.issues import Grouping, GrowthSettings
from pipeline.settings.mail import InboxAccount, Mail
from pipeline.settings.office import Calendar, Office
from pipeline.settings.programme import Agency, CommuneAgencies, Programme, Route, StatutoryClock
from pipeline.settings.review import Review
from pipeline.settings.section import Section
from pipeline.settings.telling import DigestSettings, Documents, Reminders, Reports
from store.settings import StoreSettings

S = TypeVar("S", bound=BaseModel)


class Settings(Section):
    """One office's config.yaml; `desk` and other sections of rooms above are checked in pipeline.config."""

    data_dir: Path = Field(
        default=Path("var"), description="database and documents; relative to the folder of config.yaml"
    )
    office: Office
    store: StoreSettings = StoreSettings()
    crawler: CrawlerSettings
    nlp: NlpSettings = NlpSettings()
    programmes: tuple[Programme, ...] = Field(min_length=1)
    agencies: tuple[Agency, ...] = Field(min_length=1)
    communes: CommuneAgencies = CommuneAgencies()
    routes: tuple[Route, ...]
    statutory: tuple[StatutoryClock, ...] = ()
    calendar: Calendar = Calendar()
    review: Review = Review()
    grouping: Grouping = Grouping()
    mail: Mail
    drop_folder: Path = Field(
        default=Path("drop"), description="holds a folder for each agency with channel folder or edxml"
    )
    inboxes: tuple[InboxAccount, ...] = Field(default=(), description="without any no mail is read")
    digest: DigestSettings
    growth: GrowthSettings = GrowthSettings()
    reports: Reports = Reports()
    documents: Documents = Documents()
    reminders: Reminders | None = Field(default=None, description="without it nobody is reminded")
    agency_page: AgencyPage | None = Field(default=None, description="without it letters carry no link")
    attachments: Attachments = Attachments()

    @field_validator("agencies")
    @classmethod
    def _one_secret_of_one_address(cls, agencies: tuple[Agency, ...]) -> tuple[Agency, ...]:
        known: dict[str, Agency] = {}
        for agency in agencies:
            url = agency.delivery.url
            other = known.setdefault(url, agency) if url else agency
            if other.delivery != agency.delivery:
                raise ValueError(f"{other.key} and {agency.key} share {url} and must share its secret, too")
        return agencies

    def section(self, name: str, model: type[S]) -> S:
        """A section that a room above has added (entry point `dansinh.settings`)."""
        section = getattr(self, name)
        assert isinstance(section, model)  # noqa: S101 - composed in pipeline.config
        return section
