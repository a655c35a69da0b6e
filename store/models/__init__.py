"""What is remembered. Words are design.md's; no account, byline or person is a column here."""

from store.models.account import Digest, Event, StageRun
from store.models.answers import Attachment, ProposedReply, Submission, TimeRequest
from store.models.articles import Article, ArticleVersion, Finding
from store.models.base import Base
from store.models.inbox import Mailbox, ReceivedMail
from store.models.issues import Issue, IssueArticle, Parting
from store.models.numbers import IssuedNumber
from store.models.referrals import Delivery, Referral, Reply
from store.models.registers import RegisterEntry
from store.models.sources import Host, Link, Source
from store.models.users import Session, User
from store.models.vectors import ArticleVector

__all__ = [
    "Article",
    "ArticleVector",
    "ArticleVersion",
    "Attachment",
    "Base",
    "Delivery",
    "Digest",
    "Event",
    "Finding",
    "Host",
    "Issue",
    "IssueArticle",
    "IssuedNumber",
    "Link",
    "Mailbox",
    "Parting",
    "ProposedReply",
    "ReceivedMail",
    "Referral",
    "RegisterEntry",
    "Reply",
    "Session",
    "Source",
    "StageRun",
    "Submission",
    "TimeRequest",
    "User",
]
