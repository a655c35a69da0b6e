"""The archive read anew, and what another taxonomy would change; every text is invented."""

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from nlp.settings import NlpSettings
from nlp.tagger import Item, Tagger
from nlp.taxonomy import load_taxonomy
from pipeline.cli import main
from pipeline.explaining import explain
from pipeline.rereading import read_again
from pipeline.stages import tag
from store import Store
from store.models import Finding
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import at, settings

NOW = at("2026-11-20 08:00")
RUBBISH = ("Bãi rác tự phát bốc mùi hôi thối", "Người dân nhiều lần phản ánh chưa được giải quyết.")
MATCH = ("Đội tuyển thắng 3-0 ở bán kết", "Tiền đạo lập cú đúp.")


def versions(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {f.article.title: f.tagger for f in session.query(Finding)}


def test_only_what_another_version_found_is_read_again(sqlite_store: Store, town: Town, clock: Watch) -> None:
    now = Tagger(NlpSettings()).version
    old = town.article(RUBBISH[0], lead=RUBBISH[1])
    town.finding(old, kind="none", topic=None, urgency=0, tagger="before", grouped_at=NOW)
    same = town.article("Chuyện cũ", lead="Đã đọc rồi.")
    town.finding(same, kind="answer", tagger=now, grouped_at=NOW)
    gone = town.article("Đã hết hạn giữ", text_expired_at=NOW)
    town.finding(gone, tagger="before", grouped_at=NOW)
    said: list[str] = []
    summary = read_again(sqlite_store, NlpSettings(), clock, said.append)
    assert summary.counts == {"read": 1, "changed": 1}
    assert said == ["read 1 of 1 articles anew"]
    with sqlite_store.read() as session:
        found = {f.article_id: f for f in session.query(Finding)}
        assert (found[old].kind, found[old].tagger, found[old].grouped_at) == ("concern", now, None)
        assert (found[same].kind, found[gone].tagger) == ("answer", "before")
    assert read_again(sqlite_store, NlpSettings(), clock, quiet).counts == {}


def test_a_finding_that_stays_the_same_is_not_grouped_again(
    sqlite_store: Store, town: Town, clock: Watch
) -> None:
    town.article(MATCH[0], lead=MATCH[1])
    tag.run(sqlite_store, settings(), clock, quiet)
    with sqlite_store.begin() as session:
        finding = session.query(Finding).one()
        finding.tagger, finding.grouped_at = "before", NOW
    assert read_again(sqlite_store, NlpSettings(), clock, quiet).counts == {"read": 1}
    with sqlite_store.read() as session:
        assert session.query(Finding).one().grouped_at is not None


def test_killed_it_goes_on_where_it_stopped(
    sqlite_store: Store, town: Town, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.rereading.BATCH", 2)
    for number in range(5):
        town.finding(town.article(f"Tin {number}", lead=MATCH[1]), tagger="before")

    def killed(_text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_again(sqlite_store, NlpSettings(), clock, killed, cores=1)
    assert sorted(versions(sqlite_store).values()).count("before") == 3
    assert read_again(sqlite_store, NlpSettings(), clock, quiet, cores=1).counts["read"] == 3


READ_AGAIN = """
import sys
from pathlib import Path
from nlp.settings import NlpSettings
from pipeline.clock import Clock
from pipeline.rereading import read_again
from store import Store

def progress(text):
    print(text, flush=True)
    sys.stdin.read()

if __name__ == "__main__":
    read_again(Store(sys.argv[1], Path.cwd()), NlpSettings(), Clock(), progress, cores=2)
"""
"""Reads one batch, says so and waits."""


def test_killed_it_leaves_no_process_behind(sqlite_store: Store, town: Town, tmp_path: Path) -> None:
    town.finding(town.article(MATCH[0], lead=MATCH[1]), tagger="before")
    script = tmp_path / "read_again.py"
    script.write_text(READ_AGAIN, encoding="utf-8")
    command = [sys.executable, str(script), sqlite_store.engine.url.render_as_string()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"read 1 of 1 articles anew\n"
        workers = psutil.Process(process.pid).children()
        process.kill()
    assert len(workers) >= 2
    _, left = psutil.wait_procs(workers, timeout=20)
    for one in left:
        one.kill()
    assert left == []


def test_another_taxonomy_is_explained_before_it_is_taken(
    sqlite_store: Store, town: Town, tmp_path: Path
) -> None:
    title, lead = "Blorp ở phường nọ", "Bà con blorp blorp hết sức, blorp."
    town.article(title, lead=lead)
    town.article(MATCH[0], lead=MATCH[1])
    town.article("Blorp năm ngoái", "2025-11-20 06:00", lead=lead)
    shipped = load_taxonomy().model_dump()
    shipped["concern_frames"] += ["blorp", "bà con blorp", "blorp hết sức"]
    path = tmp_path / "terms.json"
    path.write_text(json.dumps(shipped), encoding="utf-8")
    item = Item("1", title, lead, published=at("2026-11-20 06:00"))
    scores = [Tagger(NlpSettings(taxonomy=one)).tag(item).score for one in (None, path)]
    assert scores[0] < scores[1]
    # Between the two, whatever the weights of the day are.
    today = NlpSettings(threshold=sum(scores) / 2)
    proposed = today.model_copy(update={"taxonomy": path})

    said = explain(sqlite_store, today, proposed, NOW, quiet).to_dict()
    assert (said["articles"], said["flagged_before"], said["flagged_after"]) == (2, 0, 1)
    assert (said["gained"]["count"], said["lost"]["count"]) == (1, 0)
    example = said["gained"]["examples"][0]
    assert (example["title"], example["before"], example["after"]) == (title, *scores)
    assert any("blorp" in why for why in example["why"])
    back = explain(sqlite_store, proposed, today, NOW, quiet).to_dict()
    assert (back["gained"]["count"], back["lost"]["count"]) == (0, 1)
    with sqlite_store.read() as session:
        assert session.query(Finding).count() == 0, "nothing is kept"


def test_the_three_ways_of_tagging_are_not_mixed() -> None:
    result = CliRunner().invoke(main, ["tag", "--again", "-"], input="")
    assert result.exit_code == 2
    assert "give one" in result.output
