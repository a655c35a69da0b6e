"""What people decide at the desk. Each call is one transaction that writes its events.

What they write by hand (reasons, an agency's answer) is masked before it is stored, like any text.

Every method raises NotAllowed, with a sentence for the official who clicked, when the state does not
permit the step, and Conflict when somebody else was faster.
"""

from pipeline.review.agencies import AgencyDecisions
from pipeline.review.approval import ApprovalDecisions
from pipeline.review.decision import Conflict
from pipeline.review.issues import IssueDecisions
from pipeline.review.mails import MailDecisions
from pipeline.review.placing import PlacingDecisions
from pipeline.review.referrals import ReferralDecisions
from pipeline.review.registers import RegisterDecisions
from pipeline.review.undo import UndoDecisions

__all__ = ["Conflict", "Review"]


class Review(
    IssueDecisions,
    PlacingDecisions,
    ApprovalDecisions,
    ReferralDecisions,
    AgencyDecisions,
    RegisterDecisions,
    MailDecisions,
    UndoDecisions,
):
    """All decisions, for the desk and whoever plays one."""
