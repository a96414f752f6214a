"""``data reanalyse``: what is shown, what is asked, and what it leaves with."""

import io
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sensor_hub.app.loads.recomputing import Recomputing
from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from sensor_hub.load.achilles import VERSION
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import SessionSummary, StepBatch
from tests.app.recorded import FOOTPOD, OLD_MODEL, as_older_program, footpod, run_live, setup_of
from tests.cli.conftest import Cli
from tests.processes import Process

SIDS = [f"01jd00000000000000000000{i:02}" for i in range(2)]
FOOTPOD_SENT = footpod()


@pytest.fixture(scope="module")
def old_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("old") / "data"
    with open_archive(load_settings(data_dir=folder)) as archive:
        for sid, name in zip(SIDS, ("Ana", "Ben"), strict=True):
            who = archive.registry.add_athlete(name, "UTC")
            setup = setup_of(sid, who.id, FOOTPOD)
            archive.store.commit(run_live(folder, setup, FOOTPOD_SENT, recorded=name == "Ben"))
            as_older_program(archive.recorded, sid)
    return folder


@pytest.fixture
def old(cli: Cli, old_dir: Path) -> Cli:
    """Two athletes, a run each, stored by an older program; the second has its recording."""
    return cli.begin_with(old_dir)


def stored(cli: Cli, sid: str) -> SessionSummary:
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        found = archive.store.session(sid)
    assert found is not None
    return found


def models(cli: Cli) -> list[str]:
    return [stored(cli, sid).header.model for sid in SIDS]


def test_a_dry_run_shows_before_and_after_of_each_session_and_the_sums(old: Cli) -> None:
    answer = old.ok("data", "reanalyse", "--dry-run")
    lines = answer.out.splitlines()
    assert "hard push-offs (BW·s a leg, modelled, ±40 %)" in lines[0]
    ana, ben = sorted(lines[1:3], key=lambda line: line.rpartition(" ")[2])
    assert f"{OLD_MODEL} → {VERSION}" in ana
    assert "7.00 → 0.33" in ana
    assert ("Ana" in ana, "its steps" in ana) == (True, True)
    assert ("Ben" in ben, "its recording" in ben) == (True, True)
    assert "2 sessions: 2 would change, 0 unchanged, 0 left as they are" in lines
    assert "together 14.00 → 0.67 eq-km (-95.2 %) (modelled)" in answer.out
    assert models(old) == 2 * [OLD_MODEL]
    assert not (old.data_dir / "reanalysed.jsonl").exists()


def test_with_yes_it_is_done_and_written_down_and_then_there_is_nothing_to_do(old: Cli) -> None:
    answer = old.ok("data", "reanalyse", "--yes")
    assert "2 changed" in answer.out
    assert str(old.data_dir / "reanalysed.jsonl") in answer.out
    assert models(old) == 2 * [VERSION]
    log = (old.data_dir / "reanalysed.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["way"] for line in log] == ["steps", "recording"]
    assert "nothing to do" in old.ok("data", "reanalyse").out  # and nobody is asked
    assert "2 sessions: 0 changed, 2 unchanged" in old.ok("data", "reanalyse", "--all", "--yes").out


@pytest.mark.parametrize("text", ["n\n", "\n", ""])
def test_history_does_not_change_without_a_yes(old: Cli, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    answer = old("data", "reanalyse", "--json")
    assert (answer.code, answer.out.strip()) == (1, "")
    assert "first 'sensor-hub data backup --out FILE'" in answer.err
    assert models(old) == 2 * [OLD_MODEL]


def test_a_yes_at_the_question_does_it(old: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    answer = old.ok("data", "reanalyse", "--json")
    assert answer.json["counts"]["changed"] == 2  # the question does not stand in the JSON
    assert "Compute 2 stored sessions again" in answer.err
    assert models(old) == 2 * [VERSION]


def test_json_says_the_same_to_a_program(old: Cli) -> None:
    answer = old.ok("data", "reanalyse", "--yes", "--json").json
    assert (answer["model"], answer["dry_run"]) == (VERSION, False)
    assert answer["counts"] == {"changed": 2, "unchanged": 0, "left": 0, "failed": 0}
    assert answer["sums"]["load_eq_km"]["before"] == 14.0
    after = [session["after"]["load_eq_km"] for session in answer["sessions"]]
    assert answer["sums"]["load_eq_km"]["after"] == pytest.approx(sum(after))
    first = answer["sessions"][0]
    assert (first["sid"], first["result"], first["way"], first["notes"]) == (SIDS[0], "changed", "steps", [])
    assert (first["before"]["model"], first["after"]["model"]) == (OLD_MODEL, VERSION)
    assert after[0] == stored(old, SIDS[0]).totals.load_eq_km


@pytest.mark.parametrize(
    ("words", "sids"),
    [
        (["--athlete", "Ben"], SIDS[1:]),
        (["--session", SIDS[0]], SIDS[:1]),
        (["--since", "2026-11-20"], SIDS),
        (["--since", "2026-11-21"], []),
    ],
)
def test_some_sessions_can_be_chosen(old: Cli, words: list[str], sids: list[str]) -> None:
    old.ok("data", "reanalyse", *words, "--yes")
    assert models(old) == [VERSION if sid in sids else OLD_MODEL for sid in SIDS]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--athlete", "Nobody"], "Nobody"),
        (["--session", "none"], "no session 'none'"),
        (["--session", SIDS[0], "--athlete", "Ben"], "not of Ben"),
    ],
)
def test_bad_input_is_one_line_and_2(old: Cli, words: list[str], why: str) -> None:
    assert why in old.refused("data", "reanalyse", *words, "--yes")
    assert models(old) == 2 * [OLD_MODEL]


@pytest.mark.parametrize("words", [["--since", "yesterday"], ["--reference", "mine"]])
def test_a_word_that_means_nothing_is_2(old: Cli, words: list[str]) -> None:
    answer = old("data", "reanalyse", *words, "--yes")
    assert (answer.code, answer.out) == (2, "")
    assert words[1] in answer.err


def test_what_is_left_is_said_with_its_reason_once(cli: Cli, tmp_path: Path) -> None:
    log = tmp_path / "runs.csv"
    log.write_text("start_utc,distance_m,duration_s\n2026-11-01T08:00:00Z,5000,1800\n2026-11-03T08:00:00Z,6000,2000\n")
    cli.ok("session", "import", log)
    answer = cli.ok("data", "reanalyse", "--all", "--yes")
    assert "2 sessions: 0 changed, 0 unchanged, 2 left as they are" in answer.out
    assert answer.out.count("left as it is: 2 sessions: no steps of it are stored") == 1
    assert "together" not in answer.out


def test_what_could_not_be_computed_is_2_and_the_rest_is_done(old: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Recomputing.recompute

    def broken(self: Recomputing, before: SessionSummary) -> object:
        if before.header.sid == SIDS[0]:
            raise ValueError("a number that cannot be")
        return whole(self, before)

    monkeypatch.setattr(Recomputing, "recompute", broken)
    answer = old("data", "reanalyse", "--yes")
    assert answer.code == 2
    assert "1 failed" in answer.out
    assert "a number that cannot be" in answer.out
    assert models(old) == [OLD_MODEL, VERSION]


def test_killed_in_the_middle_it_goes_on_and_ends_as_if_nothing_had_happened(cli: Cli) -> None:
    sids = [f"01jd00000000000000000001{i:02}" for i in range(20)]
    with open_archive(load_settings(data_dir=cli.data_dir)) as archive:
        who = archive.registry.add_athlete("Ana", "UTC")
        (first, *others) = sids
        archive.store.commit(run_live(cli.data_dir, setup_of(first, who.id, FOOTPOD), FOOTPOD_SENT, recorded=False))
        summary, steps = archive.store.session(first), archive.store.steps(first)
        assert summary is not None
        for sid in others:
            of = replace(summary.header, sid=sid)
            batch = StepBatch(of, summary.start_utc, steps, summary.totals)
            archive.store.commit([Envelope(sid, 1, batch), Envelope(sid, 2, replace(summary, header=of))])
        for sid in sids:
            as_older_program(archive.recorded, sid)
    log = cli.data_dir / "reanalysed.jsonl"
    process = Process(["data", "reanalyse", "--yes"])
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s and not (log.exists() and log.read_bytes().count(b"\n") >= 3):
        time.sleep(0.001)
    process.kill()
    before = [stored(cli, sid).header.model for sid in sids]
    n_done = before.count(VERSION)
    assert before == n_done * [VERSION] + (len(sids) - n_done) * [OLD_MODEL]
    assert n_done >= 2
    answer = cli.ok("data", "reanalyse", "--yes", "--json").json
    assert answer["counts"]["changed"] == len(sids) - n_done
    ended = [stored(cli, sid) for sid in sids]
    assert {summary.header.model for summary in ended} == {VERSION}
    assert len({summary.totals for summary in ended}) == 1
    assert cli.ok("data", "reanalyse", "--all", "--yes", "--json").json["counts"]["unchanged"] == len(sids)


def test_an_empty_folder_has_nothing_to_do(cli: Cli) -> None:
    told = cli.ok("data", "reanalyse").out
    assert f"no session of an athlete in the registry is stored in {cli.data_dir}; nothing to do" in told
    assert "today's model" not in told
    answer = cli.ok("data", "reanalyse", "--json").json
    assert (answer["sessions"], answer["n_asked_about"]) == ([], 0)


def test_a_store_whose_athletes_are_not_in_the_registry_is_not_called_up_to_date(old: Cli) -> None:
    (old.data_dir / "registry.db").unlink()
    told = old.ok("data", "reanalyse").out
    assert "no session of an athlete in the registry is stored" in told
    assert "today's model" not in told


def test_days_without_a_run_are_not_called_up_to_date(old: Cli) -> None:
    assert old.ok("data", "reanalyse", "--since", "2026-11-21").out.startswith("no such session is stored in")


def test_the_help_has_examples(cli: Cli) -> None:
    text = " ".join(cli.ok("data", "reanalyse", "--help").out.split())
    assert "sensor-hub data reanalyse --dry-run" in text
