"""Mails as agencies and mail systems write them; all invented."""

from email.message import EmailMessage
from email.policy import SMTP
from textwrap import dedent

AGENCY = "so-nnmt@example.vn"


def reply(
    answers: str | None = None,
    *,
    subject: str = "Re: Phiếu chuyển",
    text: str = "Sở đã kiểm tra và sẽ dọn xong bãi rác trước ngày 30/11/2026.",
    sender: str = AGENCY,
    message_id: str = "<tra-loi-1@so.example.vn>",
    attachment: bytes | None = None,
    **headers: str,
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = f"Văn thư Sở <{sender}>"
    message["To"] = "ban@example.vn"
    message["Subject"] = subject
    message["Message-ID"] = message_id
    if answers:
        message["In-Reply-To"] = answers
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if attachment is not None:
        message.add_attachment(attachment, maintype="application", subtype="pdf", filename="Công văn.pdf")
    return message.as_bytes()


def bounce(
    of: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    original: str = "headers",
    message_id: str = "<dsn-1@mx.example.vn>",
) -> bytes:
    """A report as RFC 3464 has it. `original`: headers | message | none (then its ENVID names it)."""
    parts = {
        "headers": f"Content-Type: text/rfc822-headers\n\nSubject: Phieu chuyen\nMessage-ID:\n {of}\n",
        "message": f"Content-Type: message/rfc822\n\nSubject: Phieu chuyen\nMessage-ID: {of}\n\nNoi dung.\n",
        "none": "Content-Type: text/plain\n\n(khong kem thu goc)\n",
    }
    envelope = of.strip("<>").replace("+", "+2B") if original == "none" else "khac"
    head = dedent(
        f"""\
        From: MAILER-DAEMON@mx.example.vn
        To: ban@example.vn
        Subject: Undelivered Mail Returned to Sender
        Message-ID: {message_id}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        This is the mail system at host mx.example.vn.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.vn
        Original-Envelope-Id: {envelope}

        Final-Recipient: rfc822; so-nnmt@example.vn
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 {status} user unknown: truong.phong.a@gmail.example
        --b
        """
    )
    return f"{head}{parts[original]}--b--\n".encode()


def old_bounce(of: str) -> bytes:
    """As qmail writes: no report, our header quoted in the text."""
    return dedent(
        f"""\
        From: MAILER-DAEMON@mx.example.vn
        To: ban@example.vn
        Subject: failure notice
        Message-ID: <qmail-1@mx.example.vn>

        Hi. This is the qmail-send program at mx.example.vn.

        <so-nnmt@example.vn>:
        Sorry, no mailbox here by that name. (#5.1.1)

        --- Below this line is a copy of the message.

        From: ban@example.vn
        Message-ID: {of}
        Subject: Phieu chuyen
        """
    ).encode()
