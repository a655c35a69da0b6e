"""By which words issues are found."""

from sqlalchemy import BigInteger, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class IssueWords(Base):
    """What store.wording makes of an issue's title and place and of its articles' titles and leads.

    A lead that expires goes from here in the same transaction. The index over it, each database's own kind,
    stands in the migration.
    """

    __tablename__ = "issue_words"
    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True)
    words: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


class ChangedWords(Base):
    """An issue whose words are no more those of its texts: triggers write it, the store's transactions clear
    it before they end."""

    __tablename__ = "changed_words"
    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    issue_id: Mapped[int]
