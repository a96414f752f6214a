"""A hub as a whole on its embedded broker: what it makes good at the start, and what it notices later."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from pydantic import SecretStr

from sensor_hub.adapters.mqtt.subscriber import Incoming
from sensor_hub.app.hub import Hub
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import ConfigError, RegistryError
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import LiveReading, SessionHeader, SessionSummary, StepBatch
from sensor_hub.wire import encode

pytestmark = pytest.mark.usefixtures("quick_rounds")
NOW_UTC = datetime.now(UTC)
AFTERNOON = f"Etc/GMT{NOW_UTC.hour - 14:+d}"  # where it is past two now: a run of two hours ago is of today


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data", mqtt_port=0, web_port=0)


def ran(athlete: Athlete, days_ago: int, km: float) -> SessionSummary:
    start_utc = NOW_UTC - timedelta(days=days_ago, hours=2)
    of = SessionHeader(
        f"run-{days_ago}", athlete.id, athlete.zone, "live", "speed", "achilles-0.1", "ref-pop-1", "standard-rsc@1"
    )
    totals = Totals(duration_s=360 * km, distance_m=1000 * km, load_eq_km=km, load_eq_km_sd=0.03 * km, coverage=1.0)
    return SessionSummary(of, start_utc, start_utc + timedelta(seconds=360 * km), totals)


def keep(archive: Archive, runs: list[SessionSummary], gw: str, *, judge: bool) -> None:
    envelopes = [Envelope(gw, seq, run) for seq, run in enumerate(runs, start=1)]
    if judge:
        Ingest(archive.store, archive.registry).take(envelopes)
    else:
        archive.store.commit(envelopes)


@contextmanager
def running_hub(settings: Settings, told: list[tuple[Finding, bool]]) -> Iterator[Hub]:
    hub = Hub(settings, Place.at(settings.data_dir), on_finding=lambda f, notify: told.append((f, notify)), web=False)
    hub.start()
    try:
        yield hub
    finally:
        hub.stop()


def soon(holds: Callable[[], bool], within_s: float = 20.0) -> bool:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def test_what_was_committed_and_not_judged_before_a_kill_is_judged_at_the_next_start(settings: Settings) -> None:
    with open_archive(settings) as archive:
        ana = archive.registry.add_athlete("Ana", AFTERNOON)
        keep(archive, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)], "edge-1", judge=False)
    told: list[tuple[Finding, bool]] = []
    with running_hub(settings, told):
        pass
        assert [f.measure for f, notify in told if notify] == ["distance_m"]
    again: list[tuple[Finding, bool]] = []
    with running_hub(settings, again):
        pass
    assert again == [], "a finding is told once"


def test_a_running_hub_sees_what_another_process_imports_and_merges(settings: Settings) -> None:
    with open_archive(settings) as archive:
        ana = archive.registry.add_athlete("Ana", AFTERNOON)
        old = archive.registry.add_athlete("Ana (old)", AFTERNOON)
        keep(archive, [ran(ana, 20, 8.0)], "edge-1", judge=True)
        keep(archive, [ran(old, 10, 30.0)], "edge-2", judge=True)
        with running_hub(settings, []) as hub:
            before = hub.board.athlete(ana.id)
            assert before is not None
            assert before.load.today_distance_m == 0.0
            keep(archive, [ran(ana, 0, 20.0)], "import-1", judge=True)
            assert soon(lambda: any(f.severity == "alert" for f in hub.board.tiles()[0].findings))
            archive.merge("Ana (old)", "Ana")
            assert soon(lambda: [t.athlete.id for t in hub.board.tiles()] == [ana.id])
            assert soon(lambda: not any(f.severity == "alert" for f in hub.board.tiles()[0].findings))


def test_a_second_hub_on_the_same_folder_is_refused(settings: Settings) -> None:
    with running_hub(settings, []):
        second = Hub(settings, Place.at(settings.data_dir), web=False)
        with pytest.raises(ConfigError, match="another hub runs on this folder"):
            second.start()
    with running_hub(settings, []):
        pass


@pytest.mark.parametrize("known", [True, False])
def test_what_was_committed_before_a_kill_is_judged_also_by_a_hub_that_was_away_for_weeks(
    settings: Settings, known: bool
) -> None:
    with open_archive(settings) as archive:
        ana = Athlete("edge2345", "edge2345", AFTERNOON)  # whom only the edge knows
        if known:
            ana = archive.registry.add_athlete("Ana", AFTERNOON)
        keep(archive, [ran(ana, 40, 8.0), ran(ana, 20, 20.0)], "edge-1", judge=False)
    with running_hub(settings, []) as hub:
        assert "distance_m" in {f.measure for f in hub.store.findings() if f.severity == "alert"}


@pytest.fixture
def ana(settings: Settings) -> Athlete:
    """A runner with a run of three weeks ago."""
    with open_archive(settings) as archive:
        ana = archive.registry.add_athlete("Ana", AFTERNOON)
        keep(archive, [ran(ana, 20, 8.0)], "edge-0", judge=True)
    return ana


def batch_of(hub: Hub, *events: SessionSummary | LiveReading | StepBatch) -> list[Incoming]:
    messages = [encode(event, topics=hub.topics, gw="edge-1", seq=seq) for seq, event in enumerate(events, start=1)]
    return [Incoming(message.topic, message.payload) for message in messages]


def test_what_is_taken_in_while_a_hub_ends_is_judged_before_it_has_ended(
    settings: Settings, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Finding, bool]] = []
    with running_hub(settings, told) as hub:
        stop = hub.judging.stop

        def comes_meanwhile() -> None:
            stop()
            monkeypatch.setattr(hub.judging, "stop", stop)
            hub._on_batch(batch_of(hub, ran(ana, 0, 20.0)))

        monkeypatch.setattr(hub.judging, "stop", comes_meanwhile)
    assert [f.measure for f, notify in told if notify] == ["distance_m"]


def test_a_batch_is_judged_whatever_cannot_be_shown_of_it(
    settings: Settings, ana: Athlete, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[Finding, bool]] = []
    with running_hub(settings, told) as hub:

        def away(_reading: LiveReading) -> None:
            raise RegistryError("away")

        monkeypatch.setattr(hub.board, "hear", away)
        run = ran(ana, 0, 20.0)
        live = LiveReading(run.header, run.end_utc, "L", 170.0, 0.24, run.totals)
        hub._on_batch(batch_of(hub, run, live))
        assert soon(lambda: [f.measure for f, notify in told if notify] == ["distance_m"])
    assert "could not be judged or shown" in caplog.text


def test_two_threads_of_a_hub_that_judge_at_once_tell_a_person_once(
    settings: Settings, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Finding, bool]] = []
    with running_hub(settings, told) as hub:
        hub.store.commit([Envelope("edge-1", 1, ran(ana, 0, 20.0))])
        together, save = Barrier(4), hub.store.save_finding

        def saves_late(finding: Finding) -> None:
            time.sleep(0.2)  # all of them would have looked at what is stored by then
            save(finding)

        monkeypatch.setattr(hub.store, "save_finding", saves_late)

        def judge() -> None:
            together.wait()
            hub.ingest.judge(ana, NOW_UTC.date() - timedelta(days=1))

        threads = [Thread(target=judge) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [f.measure for f, notify in told if notify] == ["distance_m"]


def test_a_part_that_fails_to_end_keeps_no_other_from_ending(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = Hub(settings, Place.at(settings.data_dir), web=False)
    hub.start()
    broker = hub._broker
    assert broker is not None

    def fails() -> None:
        raise ValueError("a fault")

    monkeypatch.setattr(hub._access, "stop", fails)
    with pytest.raises(ValueError, match="a fault"):
        hub.stop()
    with socket.socket() as probing:
        assert probing.connect_ex(("127.0.0.1", broker.port)) != 0
    with running_hub(settings, []):
        pass


def test_a_second_hub_changes_nothing_in_a_folder_before_it_is_refused(settings: Settings) -> None:
    told = settings.model_copy(update={"admin_password": SecretStr("a long enough password")})
    with running_hub(settings, []) as hub:
        with pytest.raises(ConfigError, match="another hub runs"):
            Hub(told, Place.at(settings.data_dir), web=False).start()
        assert not hub.accounts.in_use()


def test_a_step_is_shown_while_a_commit_waits_for_the_disk(
    settings: Settings, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_hub(settings, []) as hub:
        commits, may_end = Event(), Event()
        commit = hub.ingest.commit

        def slowly(*batch: Any) -> None:
            commits.set()
            assert may_end.wait(20.0)
            commit(*batch)

        monkeypatch.setattr(hub.ingest, "commit", slowly)
        run = ran(ana, 0, 3.0)
        committing = Thread(target=hub._on_batch, args=(batch_of(hub, run),))
        committing.start()
        assert commits.wait(20.0)
        now_utc = datetime.now(UTC)
        hub._hear_beside(batch_of(hub, LiveReading(run.header, now_utc, "L", 170.0, 0.24, run.totals))[0])
        assert soon(lambda: hub.board._heard.of(ana.id).reading(run.header.sid) is not None)
        may_end.set()
        committing.join(20.0)


def test_a_step_waits_for_nothing_that_somebody_else_sent_amiss(
    settings: Settings, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_hub(settings, []) as hub:
        run = ran(ana, 0, 3.0)
        step = batch_of(hub, LiveReading(run.header, datetime.now(UTC), "L", 170.0, 0.24, run.totals))[0]
        shown_first = []
        commit = hub.ingest.commit

        def watched(*batch: Any) -> None:
            shown_first.append(hub.board._heard.of(ana.id).reading(run.header.sid) is not None)
            commit(*batch)

        monkeypatch.setattr(hub.ingest, "commit", watched)
        hub._on_live([Incoming(hub.topics.live(ana.id), b"not a message"), step])
        assert shown_first == [True]
        assert len(hub.store.dead_letters()) == 1


def test_what_ends_under_a_former_pseudonym_is_seen_beside_a_run_that_goes_on(settings: Settings, ana: Athlete) -> None:
    with running_hub(settings, []) as hub:
        former = hub.registry.add_athlete("Anna", ana.zone).id
        hub.registry.merge_athletes("Anna", "Ana")
        hub.store.reassign(former, ana.id)
        run, other = ran(ana, 0, 3.0), ran(ana, 1, 3.0)
        other = replace(other, header=replace(other.header, athlete=former))
        steps = StepBatch(run.header, run.start_utc, StepTable.empty(), run.totals)
        hub._on_batch(batch_of(hub, steps))
        hub.board.touch(ana.id)
        assert len(hub.board._histories.of(ana, NOW_UTC).sessions) == 2
        hub._on_batch(batch_of(hub, steps, other))
        assert len(hub.board._histories.of(ana, NOW_UTC).sessions) == 3


def test_what_is_no_step_on_the_way_of_steps_is_refused_as_everything_else(settings: Settings, ana: Athlete) -> None:
    with running_hub(settings, []) as hub:
        hub._hear_beside(Incoming(hub.topics.live(ana.id), b"not a message"))
        assert soon(lambda: len(hub.store.dead_letters()) == 1)
