"""What an account is, as whoever makes it says."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.settings import Settings
from store.models import User
from store.texts import keepable
from web.accounts.codes import sso_hash
from web.accounts.refusals import LONGEST_POST, AccountError
from web.permissions import AGENCY, ROLES


@dataclass(frozen=True)
class Description:
    """What an account is, as whoever makes it says. Raises AccountError for what none can be."""

    post: str
    role: str
    agency_key: str | None = None
    sso_name: str | None = None
    """what single sign-on calls it, where that is not the account's name; only its SHA-256 is kept"""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise AccountError("role")
        if (self.role == AGENCY) != (self.agency_key is not None):
            raise AccountError("agency")
        if not 0 < len(self.post.strip()) <= LONGEST_POST:
            raise AccountError("post")

    @property
    def told(self) -> dict[str, Any]:
        """As the history tells it."""
        agency = {"agency": self.agency_key} if self.agency_key else {}
        return {"post": keepable(self.post).strip(), "role": self.role} | agency


def describe(session: Session, user: User, described: Description) -> None:
    user.post, user.role, user.agency_key = (
        keepable(described.post).strip(),
        described.role,
        described.agency_key,
    )
    if described.sso_name is not None:
        wanted = sso_hash(described.sso_name) if described.sso_name else None
        other = select(User.id).where(User.sso_name_hash == wanted, User.id != user.id)
        if wanted is not None and session.scalar(other) is not None:
            raise AccountError("sso")
        if wanted != user.sso_name_hash:
            user.sso_name_hash, user.sso_subject = wanted, None


def unlike_other_agencies(settings: Settings, name: str, described: Description) -> None:
    """In the history "agency:so-y-te" is that agency: an account of another must not be taken for it."""
    if name != described.agency_key and any(name == agency.key for agency in settings.agencies):
        raise AccountError("another")
