"""Which articles are one issue, as people see it: merge, part again, split off, move.

Each step is undone by its opposite, and no stage undoes it. See docs/decisions/0018.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from pipeline.asked import lead_of, settled_before_a_merge
from pipeline.drafting import (
    WITHDRAWN,
    draft_again,
    draft_referrals,
    set_routing_problem,
    withdraw_drafts,
    withdraw_settled,
)
from pipeline.gathering import gather, new_issue
from pipeline.reasons import reason_given
from pipeline.review.decision import Conflict, Decisions, locked_or_refused
from pipeline.review.faster import who_was_faster
from pipeline.states import UNMERGED, NotAllowed, change
from store.history import record
from store.models import Event, Issue, IssueArticle, Referral
from store.queries.placing import MERGEABLE, forget_parting, merged_into, part, standing, with_reprints

LETTER_OUT = ("approved", "sent", "acknowledged", "answered", "returned")
"""A letter that names the issue and is not done with."""


class PlacingDecisions(Decisions):
    def merge(
        self, issue_id: int, into_id: int, actor: str, why: str, *, seen_version: int | None = None
    ) -> int:
        """The issue ends in the other, which carries its articles from now on; returns that one's number."""
        reason = reason_given(why, "Hãy ghi lý do gộp.")
        with self._two(issue_id, into_id, seen_version, "merge") as (session, issue, into):
            _check_merge(issue, into)
            now = self._clock()
            withdraw_drafts(session, issue, at=now, actor=actor, why=f"gộp vào vấn đề số {into.id}")
            members = list(issue.articles)
            for member in members:
                member.merged_from_id = member.merged_from_id or issue.id
                member.merged_at = now
            change(
                session, issue, "merged", at=now, actor=actor, why=reason, merged_into_id=into.id,
                routing_problem=None,
            )  # fmt: skip
            forget_parting(session, issue.id, into.id)
            self._carry(session, members, issue, into, "absorbed", actor, reason)
            withdraw_settled(session, into, at=now, actor=actor)
            return into.id

    def unmerge(self, issue_id: int, actor: str, why: str, *, seen_version: int | None = None) -> int:
        """The issue stands on its own again, with what it carried and what is a reprint of that; returns the
        number of the one that it leaves."""
        reason = reason_given(why, "Hãy ghi lý do tách lại.")
        with self._transaction("unmerge", issue_id=issue_id) as session:
            issue = locked_or_refused(session, issue_id)
            if issue.merged_into_id is None:
                raise NotAllowed("Vấn đề này không được gộp vào vấn đề nào.")
            _check_version(session, issue, seen_version)
            host = standing(session, issue.id)
            members = _brought(session, issue, host)
            if not members or len(members) == len(host.articles):
                raise NotAllowed("Không tách lại được: một trong hai vấn đề sẽ không còn bài nào.")
            now = self._clock()
            then, settled = _before_the_merge(session, issue), settled_before_a_merge(session, host)
            change(
                session, issue, then["state"], at=now, actor=actor, why=reason,
                action=UNMERGED, merged_into_id=None,
            )  # fmt: skip
            for member in members:
                member.merged_at = now
                if member.merged_from_id == issue.id:
                    member.merged_from_id = member.merged_at = None
            part(session, issue.id, host.id, now)
            self._carry(session, members, host, issue, "moved", actor, reason)
            if issue.kind == "concern" and issue.state in ("confirmed", "reopened"):
                draft_referrals(session, self._settings, issue, at=now, actor=actor)
            elif issue.state == "referred":
                # Nothing is drafted anew: what hindered before the merge hinders again.
                problem = then.get("routing_problem") or (None if lead_of(issue) else WITHDRAWN)
                set_routing_problem(session, issue, problem, at=now, actor=actor)
            draft_again(session, self._settings, host, settled, at=now, actor=actor)
            return host.id

    def split(
        self,
        issue_id: int,
        article_ids: Collection[int],
        actor: str,
        why: str,
        *,
        seen_version: int | None = None,
    ) -> int:
        """Returns the new issue's id; it waits for confirmation like any other."""
        reason = reason_given(why, "Hãy ghi lý do tách.")
        with self._transaction("split", issue_id=issue_id) as session:
            issue = locked_or_refused(session, issue_id)
            _check_version(session, issue, seen_version)
            members = _leaving(issue, article_ids)
            now = self._clock()
            new = _new_issue(issue, members, now)
            session.add(new)
            session.flush()
            part(session, issue.id, new.id, now)
            self._join(members, now)
            self._carry(session, members, issue, new, "split", actor, reason)
            return new.id

    def move(
        self,
        issue_id: int,
        article_ids: Collection[int],
        to_id: int,
        actor: str,
        why: str,
        *,
        seen_version: int | None = None,
    ) -> int:
        """Articles of one issue, with the reprints of them, are another's; returns that one's number."""
        reason = reason_given(why, "Hãy ghi lý do chuyển bài.")
        with self._two(issue_id, to_id, seen_version, "move") as (session, issue, to):
            _check_kinds(issue, to)
            _check_open(to)
            members = _leaving(issue, article_ids)
            now = self._clock()
            part(session, issue.id, to.id, now)
            self._join(members, now)
            self._carry(session, members, issue, to, "moved", actor, reason)
            return to.id

    @contextmanager
    def _two(
        self, issue_id: int, other_id: int, seen_version: int | None, undoable: str
    ) -> Iterator[tuple[Session, Issue, Issue]]:
        if issue_id == other_id:
            raise NotAllowed("Hãy chọn một vấn đề khác.")
        with self._transaction(undoable, issue_id=issue_id) as session:
            # In one order, so that two people who merge the two either way do not wait for each other.
            found = {key: locked_or_refused(session, key) for key in sorted((issue_id, other_id))}
            _check_version(session, found[issue_id], seen_version)
            yield session, found[issue_id], found[other_id]

    @staticmethod
    def _join(members: Sequence[IssueArticle], now: datetime) -> None:
        """From now on it is another issue's: what was decided on that before did not mean it."""
        for member in members:
            member.joined_at = now
            member.merged_from_id = member.merged_at = None

    def _carry(
        self,
        session: Session,
        members: Sequence[IssueArticle],
        source: Issue,
        target: Issue,
        action: str,
        actor: str,
        why: str,
    ) -> None:
        """Moves the memberships, brings both issues to what they carry now, and writes it into both
        histories."""
        for member in members:
            # By its column, which tells what it was before it is written.
            member.issue_id = target.id
            member.placed = True
        session.flush()
        for member in members:
            session.expire(member, ["issue"])
        articles = sorted(member.article_id for member in members)
        for issue, other, step, told in (
            (source, target, "gave", {"articles_gone": articles, "issue": target.id}),
            (target, source, action, {"articles": articles}),
        ):
            session.expire(issue, ["articles"])
            before, after = gather(session, issue)
            before |= {"issue": other.id} if issue is target else {}
            # Whatever changed: the other page that shows it must not decide on what it was.
            flag_modified(issue, "title")
            record(
                session, at=self._clock(), actor=actor, entity="issue", entity_id=issue.id, action=step,
                before=before, after=after | told, why=why,
            )  # fmt: skip


def _check_version(session: Session, issue: Issue, seen_version: int | None) -> None:
    if seen_version is not None and issue.version != seen_version:
        raise Conflict(who_was_faster(session, issue))


def _check_kinds(issue: Issue, other: Issue) -> None:
    if issue.kind != other.kind:
        raise NotAllowed("Không gộp gương tốt, việc tốt với vấn đề cần trả lời.")


def _check_open(issue: Issue) -> None:
    if issue.state not in MERGEABLE:
        raise NotAllowed(
            f"Vấn đề số {issue.id} đã kết thúc, bỏ qua hoặc đã gộp; hãy mở lại hoặc xác nhận lại trước."
        )


def _check_merge(issue: Issue, into: Issue) -> None:
    """A letter names the issue it was written for: one whose letter is out never is the one that ends."""
    _check_kinds(issue, into)
    _check_open(into)
    _check_open(issue)
    out, theirs = _letters_out(issue), _letters_out(into)
    if out and theirs:
        raise NotAllowed(
            f"Cả hai vấn đề đều có phiếu chuyển chưa xong: vấn đề này tới {_agencies(out)}, vấn đề số "
            f"{into.id} tới {_agencies(theirs)}. Chỉ gộp được khi phiếu của một trong hai đã có trả lời "
            "được chấp nhận, bị từ chối hoặc đã rút."
        )
    if out:
        raise NotAllowed(
            f"Vấn đề này đã có phiếu chuyển tới {_agencies(out)}, phiếu ghi theo vấn đề này nên nó phải được "
            f"giữ lại. Hãy mở vấn đề số {into.id} và gộp vấn đề đó vào đây."
        )


def _letters_out(issue: Issue) -> list[Referral]:
    return [referral for referral in issue.referrals if referral.state in LETTER_OUT]


def _agencies(referrals: Sequence[Referral]) -> str:
    return ", ".join(f"{one.agency_name} (số {one.number or '–'})" for one in referrals)


def _leaving(issue: Issue, article_ids: Collection[int]) -> list[IssueArticle]:
    """What a person takes from an issue, which keeps at least one article."""
    if issue.state not in MERGEABLE:
        raise NotAllowed("Vấn đề đã kết thúc hoặc bỏ qua; hãy mở lại trước khi tách hoặc chuyển bài.")
    members = with_reprints(issue.articles, article_ids)
    if not set(article_ids) <= {member.article_id for member in members}:
        raise NotAllowed("Bài được chọn không còn thuộc vấn đề này; hãy tải lại trang.")
    if not members:
        raise NotAllowed("Hãy chọn ít nhất một bài.")
    if len(members) == len(issue.articles):
        raise NotAllowed(
            "Vấn đề phải giữ lại ít nhất một bài (bản đăng lại đi cùng bản gốc). "
            "Nếu cả vấn đề trùng với vấn đề khác thì hãy gộp."
        )
    return members


def _new_issue(issue: Issue, members: Sequence[IssueArticle], now: datetime) -> Issue:
    articles = [member.article for member in members]
    if not any(article.finding for article in articles):
        raise NotAllowed("Bài được chọn chưa được nhận diện; hãy thử lại sau.")
    return new_issue(articles, kind=issue.kind, at=now, unlike=[issue.title])


def _brought(session: Session, issue: Issue, host: Issue) -> list[IssueArticle]:
    """What an issue brought into the one that stands now, with what was merged into it before."""
    from_here = {issue.id, *(one.id for one in merged_into(session, issue.id))}
    own = [member.article_id for member in host.articles if member.merged_from_id in from_here]
    return with_reprints(host.articles, own)


def _before_the_merge(session: Session, issue: Issue) -> dict[str, Any]:
    """The columns that the merge changed, as they were."""
    event = session.scalars(
        select(Event)
        .where(Event.entity == "issue", Event.entity_id == issue.id, Event.action == "merged")
        .order_by(Event.id.desc())
        .limit(1)
    ).one()
    before: dict[str, Any] = event.before
    return before
