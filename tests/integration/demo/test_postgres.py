"""The daily job over the invented town with nothing changed but the database's address."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from pipeline.cli import main
from pipeline.demo.serve import serving
from store import Store
from store.models import Article, Delivery, Digest, Issue
from tests.office import at

NOW = "2026-11-13 07:30"


def test_a_run_on_postgresql(postgres_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANSINH_DATABASE_URL", postgres_store.url)
    with serving(tmp_path / "town", lambda: at(NOW), auto=True) as (config, _, mailbox):
        arguments = ["run", "--config", str(config), "--now", NOW, "--json"]
        first = CliRunner().invoke(main, arguments)
        again = CliRunner().invoke(main, arguments)
        mails = len(mailbox.messages())
    assert (first.exit_code, again.exit_code) == (0, 0), first.output
    assert not list(tmp_path.rglob("dansinh.db"))
    with postgres_store.read() as session:
        rows = {
            model.__name__: session.scalar(select(func.count()).select_from(model))
            for model in (Article, Issue, Digest)
        }
        states = set(session.scalars(select(Delivery.state)))
        sent = session.scalar(select(func.count()).select_from(Delivery))
    assert rows["Article"]
    assert rows["Issue"]
    assert rows["Digest"] == 1
    assert states == {"sent"}
    assert mails == sent
    done_again = {stage["stage"]: stage["counts"] for stage in json.loads(again.stdout)["stages"]}
    assert done_again["tag"] == done_again["group"] == done_again["refer"] == done_again["deliver"] == {}
