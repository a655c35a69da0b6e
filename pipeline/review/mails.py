"""Mails of the office's mailbox that only a person can make something of."""

from pipeline.review.decision import Conflict, Decisions, get
from pipeline.review.faster import who_saw
from store.history import record
from store.models import ReceivedMail


class MailDecisions(Decisions):
    def mail_seen(self, mail_id: int, actor: str) -> None:
        """Somebody has looked at it in the mailbox and dealt with it; the desk asks about it no more."""
        now = self._clock()
        with self._transaction("mail_seen") as session:
            mail = get(session, ReceivedMail, mail_id)
            if mail.seen_at is not None:
                raise Conflict(who_saw(session, mail))
            mail.seen_at = now
            record(session, at=now, actor=actor, entity="mail", entity_id=mail.id, action="seen")
