"""What config.yaml says about the office: its programme, agencies, routes, clocks, mail and digest."""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from crawler.settings import CrawlerSettings
from nlp.settings import NlpSettings
from pipeline.addresses import CommuneEmail, CommunePattern, Email
from pipeline.channels.settings import AgencyDelivery, OrganId
from store.settings import StoreSettings

S = TypeVar("S", bound=BaseModel)
Urgency = Annotated[int, Field(ge=0, le=4)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(_Section):
    """Something that holds from one day to another, both included."""

    valid_from: date
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Term":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        return self

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Office(_Section):
    name: str = Field(description="the issuing body as it signs: Ban Tuyên giáo và Dân vận Thành ủy Hà Nội")
    parent: str = Field(description="the body above it, first line of a letter")
    place: str = Field(description="place in the date line of a letter: Hà Nội")
    province: str = Field(description="code of its province or city")
    layout: Literal["state", "party"] = Field(
        default="state", description="state: NĐ 30/2020; party: QĐ 399-QĐ/TW and HD 05-HD/VPTW"
    )
    symbol: str = Field(description="what follows the number of a letter: PC-BTGDV")
    symbols: dict[Literal["covering", "reminder", "digest", "report"], str] = Field(
        default={}, description="of other documents, where they are not as the letter's: report: BC-BTGDV"
    )
    term_starts: tuple[date, ...] = Field(
        default=(), description="first days of the committee's terms: party numbers run through a term"
    )
    signer_post: str = Field(description="post that signs: TRƯỞNG BAN")
    contact_unit: str
    telephone: str | None = None
    email: Email
    organ_id: OrganId | None = Field(default=None, description="identifier for edXML: 000.00.01.H31")

    @model_validator(mode="after")
    def _has_a_term(self) -> "Office":
        if self.layout == "party" and not self.term_starts:
            raise ValueError("layout party needs term_starts: its numbers run through a committee's term")
        return self


class Content(_Section):
    number: int = Field(ge=1)
    text: str
    covers_referrals: bool = Field(
        default=False, description="a letter to an agency names this content as its ground"
    )


class Programme(Term):
    key: str
    kind: Literal["chương trình", "kế hoạch", "quy chế"]
    name: str
    number: str | None = None
    basis: tuple[str, ...]
    parties: tuple[str, ...] = Field(min_length=2)
    contents: tuple[Content, ...]
    deadlines: dict[Urgency, Annotated[int, Field(ge=1)]] = Field(
        description="working days to answer, by urgency"
    )


class Agency(Term):
    key: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    leader_post: str
    contact_unit: str
    email: Email | None = None
    delivery: AgencyDelivery = AgencyDelivery()


class CommuneAgencies(_Section):
    """The People's Committee of every commune of the province; {name} and {code} are the commune's."""

    name: CommunePattern = "UBND {name}"
    leader_post: CommunePattern = "Chủ tịch UBND {name}"
    contact_unit: CommunePattern = "Văn phòng HĐND và UBND {name}"
    email: CommuneEmail | None = None
    channel: Literal["mail", "folder"] = "mail"


class Route(Term):
    """Who answers for a topic. `lead` and `co` name agencies; "commune" is the commune the issue lies in."""

    topic: str
    place: str | None = Field(default=None, description="unit code; none: everywhere in the province")
    programme: str | None = Field(default=None, description="key of a programme; none: under any in force")
    lead: str
    co: tuple[str, ...] = ()


class StatutoryClock(_Section):
    """A limit set by law, running only from its own trigger (domain.md §3)."""

    key: str
    trigger: str
    text: str
    basis: str
    working_days: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    hours: int | None = Field(default=None, ge=1)
    working_hours: int | None = Field(default=None, ge=1, description="counted while the office is open")

    @model_validator(mode="after")
    def _one_unit(self) -> "StatutoryClock":
        units = (self.working_days, self.days, self.hours, self.working_hours)
        if sum(unit is not None for unit in units) != 1:
            raise ValueError("give exactly one of working_days, days, hours, working_hours")
        return self


class Calendar(_Section):
    country: str = "VN"
    extra_days_off: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = Field(default=(), description="Saturdays worked for a swap")
    day_starts: time = time(8, 0)
    break_starts: time = time(12, 0)
    break_ends: time = time(13, 0)
    day_ends: time = time(17, 0)

    @model_validator(mode="after")
    def _in_order(self) -> "Calendar":
        if not self.day_starts < self.break_starts <= self.break_ends < self.day_ends:
            raise ValueError("give day_starts, break_starts, break_ends and day_ends in the order of the day")
        return self


class AutoReview(_Section):
    topic: str = Field(description='a topic, or "*" for every topic')
    min_urgency: Urgency


class Review(_Section):
    """What leaves the office without a person's approval: nothing, unless named here."""

    auto: tuple[AutoReview, ...] = ()
    two_person: bool = Field(
        default=True, description="who approves a letter is another account than who prepared it"
    )
    undo_minutes: int = Field(
        default=10,
        ge=0,
        le=60,
        description="a decision can be undone for so long, and an approved letter waits for it; 0: never",
    )


class Grouping(_Section):
    similarity: float | None = Field(
        default=None, gt=0, lt=1, description="from this on two texts tell of one event; none: nlp's own"
    )
    window_days: int = Field(
        default=21, ge=1, description="an issue silent for longer is joined only where place and topic agree"
    )
    longest_days: int = Field(
        default=180, ge=1, description="an issue silent for longer is not joined at all: it is another one"
    )


class MailAccount(_Section):
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


class DigestSettings(_Section):
    at: time = time(7, 0)
    recipients: tuple[Email, ...] = Field(min_length=1)
    due_soon_working_days: int = Field(default=2, ge=1)
    silent_hours: int = Field(
        default=48,
        ge=1,
        description="a source without news for so long is shown as silent, while its own habit is not known",
    )


class GrowthSettings(_Section):
    """When an issue is developing: the test is described in pipeline/growth.py."""

    recent_days: int = Field(default=3, ge=1, description="the last days, today among them")
    before_days: int = Field(default=14, ge=1, description="the days before, which these are held against")
    significance: float = Field(
        default=0.05, gt=0, lt=1, description="so unlikely must it be by chance that there are so many"
    )
    curve_days: int = Field(default=28, ge=2, le=90, description="days that the curve shows at most")


class Reminders(_Section):
    """When agencies are reminded by themselves, in working days around the programme's deadline."""

    at: time = time(8, 0)
    days_before: tuple[Annotated[int, Field(ge=1)], ...] = (1,)
    days_after: tuple[Annotated[int, Field(ge=1)], ...] = (1,)
    leader_after: int = Field(
        default=5, ge=1, description="from this day after the deadline the leader is asked, named by post"
    )


def _a_day_of_every_year(written: str) -> str:
    """29 February is none."""
    date.fromisoformat(f"2026-{written}")
    return written


MonthDay = Annotated[str, Field(pattern=r"^\d{2}-\d{2}$"), AfterValidator(_a_day_of_every_year)]


class Window(_Section):
    """A stretch of every year, both days included; where it starts later than it ends, in the year before."""

    key: str = Field(pattern=r"^[a-z]{2}[a-z0-9-]*$", description="asked for as 2026-KEY")
    name: str = Field(description="as the title tells it before the year: sáu tháng đầu")
    starts: MonthDay
    ends: MonthDay


class Reports(_Section):
    """Which periods are told of, and how their tables are written for other programs."""

    written: tuple[Literal["week", "month", "quarter", "year"], ...] = Field(
        default=("week",), description="written by themselves when they have ended, and every window too"
    )
    year_starts: MonthDay = Field(
        default="01-01", description="12-15: the year 2026 is told of from 15/12/2025 to 14/12/2026"
    )
    windows: tuple[Window, ...] = ()
    csv_separator: Literal[";", ","] = Field(default=";", description="what Excel set to Vietnamese expects")
    csv_decimal: Literal[",", "."] = ","

    @model_validator(mode="after")
    def _told_apart(self) -> "Reports":
        if self.csv_separator == self.csv_decimal:
            raise ValueError("csv_separator and csv_decimal must differ")
        keys = [window.key for window in self.windows]
        if len(set(keys)) < len(keys):
            raise ValueError("two windows have the same key")
        return self


class AgencyPage(_Section):
    """Where an agency answers without an account, by the signed link in its letter."""

    base_url: str = Field(
        pattern=r"^https?://[^/\s]+/?$",
        description="address of the desk as agencies reach it; the link in a letter begins with it",
    )
    secret_env: str = Field(
        default="DANSINH_LINK_SECRET",
        description="environment variable with the key that signs links; never the secret itself",
    )
    secret_file: Path | None = Field(
        default=None, description="file with the key, in place of the variable; from config.yaml's folder"
    )
    days: int = Field(default=90, ge=1, le=730, description="a link is good for so long")


FileType = Literal["pdf", "docx", "xlsx", "pptx", "odt", "ods", "jpg", "png", "tif"]


class Attachments(_Section):
    """Files that come with replies. What one is, its content says, not its name."""

    max_bytes: int = Field(default=20_000_000, ge=1, le=100_000_000, description="of one file")
    max_files: int = Field(default=5, ge=0, le=20, description="with one reply")
    types: tuple[FileType, ...] = ("pdf", "docx", "xlsx", "odt", "jpg", "png")


class Documents(_Section):
    templates: Path | None = Field(
        default=None,
        description="folder of the office's own letter.docx, covering.docx, reminder.docx, digest.docx and "
        "report.docx; what is not there is taken from those that ship",
    )


class Settings(_Section):
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
