"""What config.yaml says about the office: its programme, agencies, routes, clocks, mail and digest."""

from pipeline.settings.answering import AgencyPage, Attachments, FileType
from pipeline.settings.issues import Grouping, GrowthSettings
from pipeline.settings.mail import InboxAccount, Mail, MailAccount
from pipeline.settings.office import Calendar, Office
from pipeline.settings.programme import (
    Agency,
    CommuneAgencies,
    Content,
    Programme,
    Route,
    StatutoryClock,
    Urgency,
)
from pipeline.settings.review import AutoReview, Review
from pipeline.settings.section import Term
from pipeline.settings.telling import DigestSettings, Documents, MonthDay, Reminders, Reports, Window
from pipeline.settings.whole import Settings

__all__ = [
    "Agency",
    "AgencyPage",
    "Attachments",
    "AutoReview",
    "Calendar",
    "CommuneAgencies",
    "Content",
    "DigestSettings",
    "Documents",
    "FileType",
    "Grouping",
    "GrowthSettings",
    "InboxAccount",
    "Mail",
    "MailAccount",
    "MonthDay",
    "Office",
    "Programme",
    "Reminders",
    "Reports",
    "Review",
    "Route",
    "Settings",
    "StatutoryClock",
    "Term",
    "Urgency",
    "Window",
]
