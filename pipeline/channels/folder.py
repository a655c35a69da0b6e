"""A folder for each agency without mail; in it each message is a folder, there whole or not at all."""

import email
import email.policy
import hashlib
import os
import re
import shutil
import tempfile
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from pipeline.channels.parcel import NotTaken, OutOfReach, Parcel

WORDS = "noi-dung.txt"
_PLACE = re.compile(r"[a-z0-9][a-z0-9-]*")


class FolderCarrier:
    def __init__(self, root: Path) -> None:
        self._root = root

    def carry(self, parcel: Parcel) -> None:
        """Nothing is done where an earlier try has come to its end: the place is named by the identity."""
        if not _PLACE.fullmatch(parcel.recipient):
            raise NotTaken(f"{parcel.recipient!r} is no name of a folder", final=True)
        message = email.message_from_bytes(parcel.message, policy=email.policy.default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's kind
        files = _files(message)
        folder = self._root / parcel.recipient
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _put(folder, _name(message, parcel.message_id, files), files)
        except OSError as error:
            raise OutOfReach(f"{folder} cannot be written: {error.strerror or error}") from error


def _files(message: EmailMessage) -> dict[str, bytes]:
    body = message.get_body(("plain",))
    words = body.get_content() if body is not None else ""
    files = {WORDS: f"{message['Subject']}\n\n{words}".encode()}
    for part in message.iter_attachments():
        content = part.get_payload(decode=True)
        name = Path(part.get_filename() or "tep").name
        files[name] = content if isinstance(content, bytes) else b""
    return files


def _name(message: EmailMessage, message_id: str, files: dict[str, bytes]) -> str:
    """20261120-phieu-chuyen-2026-0001-1a2b3c4d"""
    stem = next((Path(name).stem for name in files if name != WORDS), "thong-bao")
    day = parsedate_to_datetime(message["Date"])
    return f"{day:%Y%m%d}-{stem}-{hashlib.sha256(message_id.encode()).hexdigest()[:8]}"


def _put(folder: Path, name: str, files: dict[str, bytes]) -> None:
    place = folder / name
    if place.is_dir():
        return
    for left in folder.glob(f".{name}.*"):
        shutil.rmtree(left)  # by a try that was cut short
    hidden = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}."))
    try:
        for file_name, content in files.items():
            _write(hidden / file_name, content)
        hidden.chmod(0o750)
        hidden.rename(place)
    except BaseException:
        shutil.rmtree(hidden, ignore_errors=True)
        raise
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o640)
