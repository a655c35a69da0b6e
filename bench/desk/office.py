"""The office of an invented town: its configuration, its accounts, and the desk as a real process."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

from sqlalchemy import select

from bench.desk.invented import OUTLETS, SOURCES, Agency, outlet_name, source_url
from pipeline.clock import Clock
from store import Store
from store.models import User
from web.accounts import BY_COMMAND, Accounts, Description
from web.permissions import AGENCY, ANALYST, LEAD, OPERATOR, READER
from web.sessions import Limits, Sessions

PROVINCE = "31"
ROLES = (ANALYST,) * 5 + (LEAD,) * 2 + (OPERATOR, READER, AGENCY)
"""ten users"""
PASSWORD = "mat-khau-bia-de-do"  # noqa: S105 - of a store that lives as long as the measuring
WORKERS = 2
_HOURS = Limits(longest=timedelta(hours=10), idle=timedelta(hours=10))
_ADDRESS = re.compile(r"the desk is at (http://\S+?)/ ")


@dataclass(frozen=True)
class Caller:
    """A signed-in browser."""

    role: str
    cookie: str


def configuration(data_dir: Path, agencies: tuple[Agency, ...], database: str) -> dict[str, Any]:
    contact = {"leader_post": "Giám đốc", "contact_unit": "Văn phòng", "valid_from": "2020-01-01"}
    return {
        "data_dir": str(data_dir),
        "store": {"url": database},
        "office": {
            "name": "Ban bịa", "parent": "Thành ủy bịa", "place": "Hải Phòng", "province": PROVINCE,
            "symbol": "PC-BIA", "signer_post": "TRƯỞNG BAN", "contact_unit": "Phòng bịa",
            "email": "ban@example.vn",
        },
        "programmes": [{
            "key": "ct-2026", "kind": "chương trình", "name": "Chương trình bịa", "number": "01/CTPH",
            "basis": ["Quyết định bịa"], "parties": ["Ban bịa", "UBND bịa"],
            "contents": [{"number": 3, "text": "Nội dung bịa", "covers_referrals": True}],
            "deadlines": {4: 1, 3: 3, 2: 7, 1: 15}, "valid_from": "2024-01-01", "valid_to": "2030-12-31",
        }],
        "agencies": [
            {"key": key, "name": name, "email": f"{key}@example.vn", **contact} for key, name in agencies
        ],
        "communes": {"email": "vp.{code}@example.vn"},
        "routes": [{"topic": "environment", "lead": agencies[0][0], "valid_from": "2024-01-01"}],
        "mail": {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "ban@example.vn",
                 "sender_name": "Ban bịa"},
        "digest": {"recipients": ["phong@example.vn"]},
        "crawler": {"contact": "ban@example.vn", "outlets": [_outlet(number) for number in range(OUTLETS)]},
        "desk": {"open311": {"jurisdiction_id": "example.vn"}, "workers": WORKERS},
    }  # fmt: skip


def _outlet(number: int) -> dict[str, Any]:
    feeds = [one for one in range(1, SOURCES + 1) if one % OUTLETS == number]
    return {
        "key": f"bao-{number}", "name": outlet_name(number), "kind": "newspaper",
        "home": f"http://bao-{number}.example.vn/",
        "sources": [{"kind": "feed", "url": source_url(one)} for one in feeds],
    }  # fmt: skip


def sign_in(store: Store, clock: Clock, agencies: tuple[Agency, ...]) -> list[Caller]:
    """An account for each of the ten, and a browser signed in to it."""
    accounts, sessions = Accounts(store, clock, BY_COMMAND), Sessions(store, clock, _HOURS)
    callers = []
    for number, role in enumerate(ROLES):
        name = f"tai-khoan-{number}"
        with store.read() as session:
            user_id = session.scalar(select(User.id).where(User.name == name))
        if user_id is None:
            described = Description(f"Chức danh {number}", role, agencies[0][0] if role == AGENCY else None)
            user_id = accounts.add(name, described, PASSWORD)
        callers.append(Caller(role, f"dansinh={sessions.open(user_id, 'bench')}"))
    return callers


@contextmanager
def serving(folder: Path, settings: dict[str, Any], database: str) -> Iterator[str]:
    """`dansinh desk` over the store; its address. It ends with the block."""
    config = folder / "config.yaml"
    config.write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()",
         "desk", "--config", str(config), "--port", "0"],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"DANSINH_DATABASE_URL": database},
    )  # fmt: skip
    with process:
        try:
            address = _address(process)
            # What nobody reads fills the pipe, and the desk waits until it may say more.
            listening = Thread(target=process.stderr.read, daemon=True)  # type: ignore[union-attr]
            listening.start()
            yield address
        finally:
            process.terminate()
            process.wait(60)
        listening.join(60)


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None  # noqa: S101 - asked for
    said = []
    for line in process.stderr:
        said.append(line)
        if found := _ADDRESS.search(line):
            return found[1]
    raise RuntimeError(f"the desk did not start: {''.join(said)}")
