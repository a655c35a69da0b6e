"""What is remembered. Words are design.md's; no account, byline or person is a column here."""

from store.models.account import Digest, Event, StageRun
from store.models.answers import Attachment, ProposedReply, Submission, TimeRequest
from store.models.articles import Article, ArticleVersion, Finding
from store.models.base import Base
from store.models.decisions import Look, Undoable, UndoneEvent
from store.models.inbox import Mailbox, ReceivedMail
from store.models.issues import Issue, IssueArticle, Parting
from store.models.numbers import IssuedNumber
from store.models.referrals import Delivery, Referral, Reply
from store.models.registers import RegisterEntry
from store.models.search import ChangedWords, IssueWords
from store.models.sources import Host, Link, Source
from store.models.users import Attempt, KnownBrowser, RecoveryCode, Session, User
from store.models.vectors import ArticleVector

__all__ = [
    "Article",
    "ArticleVector",
    "ArticleVersion",
    "Attachment",
    "Attempt",
    "Base",
    "ChangedWords",
    "Delivery",
    "Digest",
    "Event",
    "Finding",
    "Host",
    "Issue",
    "IssueArticle",
    "IssueWords",
    "IssuedNumber",
    "KnownBrowser",
    "Link",
    "Look",
    "Mailbox",
    "Parting",
    "ProposedReply",
    "ReceivedMail",
    "RecoveryCode",
    "Referral",
    "RegisterEntry",
    "Reply",
    "Session",
    "Source",
    "StageRun",
    "Submission",
    "TimeRequest",
    "Undoable",
    "UndoneEvent",
    "User",
]
