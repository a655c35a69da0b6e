"""Texts as numbers, kept so that grouping need not read them all again whenever it starts."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class ArticleVector(Base):
    """What nlp.similarity makes of an article's text: numbers of its weightiest words and of runs of words.

    It goes when the text expires.
    """

    __tablename__ = "article_vector"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    text_hash: Mapped[str]
    """of the text it was made of"""
    made_by: Mapped[str]
    """nlp.similarity.vector_version at that time"""
    data: Mapped[bytes]
