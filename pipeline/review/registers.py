"""Decisions on entries of the registers: enter, correct, settle, drop, take up again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from nlp.privacy import mask_text
from pipeline.clock import local
from pipeline.formats import vn_date
from pipeline.names import topics, unit_codes
from pipeline.reasons import reason_given
from pipeline.registers import REGISTERS, Register
from pipeline.review.decision import NOT_FOUND, Conflict, Decisions, get
from pipeline.review.faster import who_changed
from pipeline.routing import recipient
from pipeline.states import ENTRY, NotAllowed
from store.history import record
from store.models import Issue, RegisterEntry
from store.queries.registers import ENTITY

LONGEST = {"title": 300, "text": 4000, "outcome": 4000, "agency_name": 200, "link": 1000}


@dataclass(frozen=True)
class EntryContent:
    """What a form tells; fields that its register does not have are left as they are here."""

    title: str
    text: str | None = None
    topic: str | None = None
    unit_codes: tuple[str, ...] = ()
    agency_name: str | None = None
    issue_id: int | None = None
    from_day: date | None = None
    until_day: date | None = None
    link: str | None = None


class RegisterDecisions(Decisions):
    def enter(self, register_key: str, content: EntryContent, actor: str) -> int:
        """Returns the entry's id."""
        with self._transaction() as session:
            return self._enter(session, _register(register_key), content, actor)

    def enter_project_of(self, agency_key: str, content: EntryContent, actor: str) -> int:
        """An agency tells of its own project, in its own name whatever the form says; the entry's id."""
        content = replace(content, agency_name=self._name_of(agency_key))
        with self._transaction() as session:
            return self._enter(session, REGISTERS["project"], content, actor, agency_key)

    def correct_project_of(
        self,
        agency_key: str,
        entry_id: int,
        content: EntryContent,
        actor: str,
        *,
        seen_version: int | None = None,
    ) -> None:
        """While it is under watch. What it was entered as by others is not the agency's to change."""
        content = replace(content, agency_name=self._name_of(agency_key))
        with self._entry(entry_id, seen_version) as (session, entry):
            if entry.agency_key != agency_key:
                raise NotAllowed(NOT_FOUND)
            if entry.state != "open":
                raise NotAllowed("Dự án này không còn được theo dõi nên không sửa được nữa.")
            self._correct(session, entry, content, actor)

    def correct_entry(
        self, entry_id: int, content: EntryContent, actor: str, *, seen_version: int | None = None
    ) -> None:
        with self._entry(entry_id, seen_version, "correct_entry") as (session, entry):
            self._correct(session, entry, content, actor)

    def settle_entry(
        self,
        entry_id: int,
        actor: str,
        *,
        outcome: str,
        day: date | None,
        link: str | None = None,
        sooner: bool = False,
        seen_version: int | None = None,
    ) -> None:
        """It is done: commended, completed, answered, made public, held. `sooner`: before the day that was
        planned, as the official confirms."""
        if day is None:
            raise NotAllowed("Hãy ghi ngày.")
        self._not_ahead(day)
        if not outcome.strip():
            raise NotAllowed("Hãy ghi kết quả.")
        with self._entry(entry_id, seen_version, "settle_entry") as (session, entry):
            if not sooner:
                _check_planned(entry, day)
            where = _address(link) or entry.link
            if _register(entry.register).link_when_done and where is None:
                raise NotAllowed("Hãy ghi địa chỉ đăng trả lời để mọi người đọc được.")
            self._turn(
                session,
                entry,
                "done",
                actor,
                None,
                outcome=_text(outcome, "outcome"),
                done_on=day,
                link=where,
            )

    def drop_entry(self, entry_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        reason = reason_given(why, "Hãy ghi lý do.")
        with self._entry(entry_id, seen_version, "drop_entry") as (session, entry):
            self._turn(session, entry, "dropped", actor, reason)

    def resume_entry(self, entry_id: int, actor: str, why: str, *, seen_version: int | None = None) -> None:
        reason = reason_given(why, "Hãy ghi lý do.")
        with self._entry(entry_id, seen_version, "resume_entry") as (session, entry):
            self._turn(session, entry, "open", actor, reason, outcome=None, done_on=None)

    def _enter(
        self,
        session: Session,
        register: Register,
        content: EntryContent,
        actor: str,
        agency_key: str | None = None,
    ) -> int:
        content = _checked(register, content)
        self._check_known(session, content)
        entry = RegisterEntry(
            register=register.key,
            state=register.born,
            created_at=self._clock(),
            agency_key=agency_key,
            **_columns(content),
        )
        self._done_on_its_day(entry)
        session.add(entry)
        session.flush()
        self._record(session, entry, "entered", {}, actor, None)
        return entry.id

    def _correct(self, session: Session, entry: RegisterEntry, content: EntryContent, actor: str) -> None:
        content = _checked(_register(entry.register), content)
        self._check_known(session, content)
        before, day = snapshot(entry), entry.from_day
        for name, value in _columns(content).items():
            setattr(entry, name, value)
        if entry.from_day != day:
            self._done_on_its_day(entry)
        if snapshot(entry) != before:
            self._record(session, entry, "corrected", before, actor, None)

    def _name_of(self, agency_key: str) -> str:
        agency = recipient(self._settings, agency_key, local(self._clock()).date())
        if agency is None:
            raise NotAllowed("Cơ quan của tài khoản này không còn trong danh sách cơ quan phối hợp.")
        return agency.name

    def _done_on_its_day(self, entry: RegisterEntry) -> None:
        """What a register takes in as done was done on the day that its form names."""
        if entry.state == "done" and _register(entry.register).born == "done" and entry.from_day:
            self._not_ahead(entry.from_day)
            entry.done_on = entry.from_day

    def _not_ahead(self, day: date) -> None:
        if day > local(self._clock()).date():
            raise NotAllowed("Ngày ghi ở tương lai.")

    @contextmanager
    def _entry(
        self, entry_id: int, seen_version: int | None, undoable: str | None = None
    ) -> Iterator[tuple[Session, RegisterEntry]]:
        with self._transaction(undoable) as session:
            get(session, RegisterEntry, entry_id)
            entry = session.get_one(RegisterEntry, entry_id, with_for_update=True, populate_existing=True)
            if seen_version is not None and entry.version != seen_version:
                raise Conflict(who_changed(session, entry))
            yield session, entry

    def _turn(
        self, session: Session, entry: RegisterEntry, state: str, actor: str, why: str | None, **also: Any
    ) -> None:
        if state not in ENTRY[entry.state]:
            register = _register(entry.register)
            raise NotAllowed(
                f"Không thể chuyển từ “{register.in_words(entry.state)}” sang “{register.in_words(state)}”."
            )
        before = snapshot(entry)
        entry.state = state
        for name, value in also.items():
            setattr(entry, name, value)
        self._record(session, entry, state, before, actor, why)

    def _record(
        self,
        session: Session,
        entry: RegisterEntry,
        action: str,
        before: Mapping[str, Any],
        actor: str,
        why: str | None,
    ) -> None:
        record(
            session, at=self._clock(), actor=actor, entity=ENTITY, entity_id=entry.id, action=action,
            before=dict(before), after=snapshot(entry), why=why,
        )  # fmt: skip

    def _check_known(self, session: Session, content: EntryContent) -> None:
        if content.topic is not None and content.topic not in topics(self._settings):
            raise NotAllowed(f"Không có lĩnh vực “{content.topic}”.")
        if content.issue_id is not None and not session.scalar(
            select(Issue.id).where(Issue.id == content.issue_id)
        ):
            raise NotAllowed(f"Không có vấn đề số {content.issue_id}.")


def _register(key: str) -> Register:
    if key not in REGISTERS:
        raise NotAllowed("Không có sổ này.")
    return REGISTERS[key]


def _check_planned(entry: RegisterEntry, day: date) -> None:
    """What is done before its day is more often a slip than a surprise."""
    register = _register(entry.register)
    labels = {field.name: field.label for field in register.fields}
    for name in register.planned:
        planned: date | None = getattr(entry, name)
        if planned is not None and day < planned:
            raise NotAllowed(
                f"{labels[name]} trong sổ là {vn_date(planned)}, sau ngày {vn_date(day)}. "
                "Nếu đúng là đã xong sớm hơn, hãy đánh dấu “Xong trước ngày đã ghi” rồi gửi lại."
            )
        if planned is not None:
            return


def _checked(register: Register, content: EntryContent) -> EntryContent:
    """With what people wrote masked. Raises NotAllowed where something is missing or cannot be."""
    told = {field.name: getattr(content, field.name) for field in register.fields}
    content = EntryContent(**told)
    missing = [field.label for field in register.fields if field.required and not told[field.name]]
    if missing:
        raise NotAllowed(f"Hãy ghi: {', '.join(missing)}.")
    for code in content.unit_codes:
        if unit_codes(code) is None:
            raise NotAllowed(f"Không có đơn vị hành chính mang mã “{code}”.")
    if content.from_day and content.until_day and content.until_day < content.from_day:
        raise NotAllowed("Ngày sau sớm hơn ngày trước; hãy xem lại.")
    return replace(
        content,
        title=" ".join(_text(content.title, "title").split()),
        text=_text(content.text, "text") or None,
        agency_name=_text(content.agency_name, "agency_name") or None,
        link=_address(content.link),
    )


def _text(written: str | None, name: str) -> str:
    text = mask_text((written or "").strip())
    if len(text) > LONGEST[name]:
        raise NotAllowed(f"Nội dung dài quá {LONGEST[name]} ký tự.")
    return text


def _address(written: str | None) -> str | None:
    """Where everybody can read it. It is not masked: an address with a number in it must stay whole."""
    link = (written or "").strip()
    if not link:
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or len(link) > LONGEST["link"]:
        raise NotAllowed("Địa chỉ phải bắt đầu bằng http:// hoặc https://.")
    return link


def _columns(content: EntryContent) -> dict[str, Any]:
    return asdict(content) | {"unit_codes": list(content.unit_codes)}


def snapshot(entry: RegisterEntry) -> dict[str, Any]:
    """All of it, as every event holds it."""
    names = (
        "register", "title", "text", "topic", "unit_codes", "agency_name", "agency_key", "issue_id",
        "from_day", "until_day", "link", "state", "outcome", "done_on",
    )  # fmt: skip
    return {name: _plain(getattr(entry, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
