"""``session record``, ``edge`` and ``run`` with paired pods, through the command line, on a virtual radio."""

import socket
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.adapters.virtual.pods import rsc_pod, stream_pod
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app.hub import Hub
from sensor_hub.app.place import Place
from sensor_hub.cli.recording import cut_to, live_line, show_notes
from sensor_hub.cli.serve import tell_ended
from sensor_hub.config import load_settings
from sensor_hub.model.link import PodState
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary
from tests.app.on_air import LEFT, put_on_air
from tests.cli.conftest import Cli
from tests.cli.pods import leaves_soon, pair_unheard, told_to_end_when

RUNNING = [(i * 0.25, "2a53", b"\x04\x00\x03\xaa") for i in range(400)]


@pytest.fixture
def paired(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> VirtualRadio:
    radio = VirtualRadio([rsc_pod(LEFT, "Foot SIM", RUNNING)])
    put_on_air(radio, monkeypatch)
    monkeypatch.setenv("SENSOR_HUB_MQTT_PORT", str(free_port()))
    pair_unheard(cli, "Foot SIM", "standard-rsc")
    return radio


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def is_recording(cli: Cli) -> bool:
    return any((cli.data_dir / "recordings").glob("*.mcap"))


def n_stored(cli: Cli) -> float:
    """How many steps of the session the hub has stored; none before there is a store."""
    try:
        with closing(sqlite3.connect(f"file:{cli.data_dir / 'store.db'}?mode=ro", uri=True)) as db:
            return float(db.execute("SELECT coalesce(sum(n_steps), 0) FROM steps").fetchone()[0])
    except sqlite3.OperationalError:
        return 0.0


def test_a_run_is_recorded_and_waits_in_the_outbox_where_no_hub_is(
    cli: Cli, paired: VirtualRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves_soon(monkeypatch)
    (session,) = cli.ok("session", "record", "--minutes", 0.12, "--surface", "treadmill", "--json").json
    assert session["origin"] == "live"
    assert session["surface"] == "treadmill"
    assert session["source"] == "bluetooth"
    assert session["n_steps"] > 5
    assert (session["gaps"], session["hub_has_it"], session["recording_problem"]) == ([], False, None)
    recording = cli.data_dir / "recordings" / f"{session['sid']}.mcap"
    assert recording.stat().st_mode & 0o777 == 0o600
    assert open_mcap(recording).info.conditions.surface == "treadmill"


def test_ctrl_c_ends_a_recording_with_its_summary_and_a_hub_takes_it(
    cli: Cli, paired: VirtualRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.collecting.live.DRAIN_S", 30.0)
    settings = load_settings(data_dir=cli.data_dir)
    hub = Hub(settings, Place.at(cli.data_dir), web=False)
    hub.start()
    try:
        with told_to_end_when(lambda: n_stored(cli) > 5):
            answer = cli.ok("session", "record")
        (stored,) = hub.store.sessions(hub.registry.me("UTC").id)
    finally:
        hub.stop()
    assert stored.header.sid in answer.out
    assert "100 % of it recorded" in answer.out
    assert "the hub has it" in answer.out
    assert "Foot SIM: streaming" in answer.err


def test_who_has_no_pod_is_told_to_pair_one(cli: Cli, paired: VirtualRadio) -> None:
    cli.ok("athlete", "add", "Ana")
    assert "no sensor is paired for Ana" in cli.refused("session", "record", "--athlete", "Ana")


def test_a_pod_that_is_away_records_nothing_and_leaves_with_1(
    cli: Cli, paired: VirtualRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_air(VirtualRadio(), monkeypatch)
    leaves_soon(monkeypatch)
    answer = cli("session", "record", "--minutes", 0.05)
    assert answer.code == 1
    assert "nothing was recorded" in answer.err


def test_an_edge_starts_a_session_after_ten_steps_and_ends_it_when_told_to(
    cli: Cli, paired: VirtualRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaves_soon(monkeypatch)
    with told_to_end_when(lambda: is_recording(cli)):
        answer = cli.ok("edge")
    assert ": ended, " in answer.out
    assert "Foot SIM: streaming" in answer.out
    assert "it stays in the outbox" in answer.out
    assert len(list((cli.data_dir / "recordings").glob("*.mcap"))) == 1
    assert LEFT not in answer.out + answer.err


def test_two_collectors_do_not_take_each_others_sensors(cli: Cli, paired: VirtualRadio) -> None:
    with Place.at(cli.data_dir).lock_for_collecting():
        for words in (["session", "record"], ["devices", "check"], ["edge"]):
            answer = cli(*words)
            assert answer.code == 2
            assert "being collected by another" in answer.err


def test_an_edge_without_pods_that_takes_no_commands_says_what_to_do(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSOR_HUB_EDGE_COMMANDS", "false")
    answer = cli("edge")
    assert answer.code == 2
    assert "devices pair" in answer.err
    assert answer.out.startswith("edge edge-"), "and its id is known before"


def test_an_edge_without_pods_waits_for_the_first_pairing_and_collects_it(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_air(VirtualRadio([rsc_pod(LEFT, "Foot SIM", RUNNING)]), monkeypatch)
    monkeypatch.setenv("SENSOR_HUB_MQTT_PORT", str(free_port()))
    monkeypatch.setattr("sensor_hub.app.collecting.live.FOLLOW_S", 0.1)
    leaves_soon(monkeypatch)
    told, unpaired = list[str](), ["Foot SIM"]

    def is_collected() -> bool:
        if unpaired and any("waiting until one is" in line for line in told):
            pair_unheard(cli, unpaired.pop(), "standard-rsc")
        return is_recording(cli)

    def say(line: str) -> None:
        told.append(line)
        print(line)

    monkeypatch.setattr("sensor_hub.cli.serve.say", say)
    with told_to_end_when(is_collected):
        answer = cli.ok("edge")
    first, waits, *_ = answer.out.splitlines()
    assert first.startswith("edge edge-")
    assert waits.startswith("no sensor is paired: waiting until one is, on the hub's page (Sensors)")
    assert "sensor-hub devices pair" in waits
    assert "Foot SIM: streaming" in answer.out
    assert ": ended, " in answer.out


def test_run_shows_its_page_and_collects_the_pods(
    cli: Cli, paired: VirtualRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.app.serving.LEAVING_S", 20.0)
    with told_to_end_when(lambda: n_stored(cli) > 10):
        answer = cli.ok("run", "--port", 0)
    assert answer.out.startswith("Open http://127.0.0.1")
    assert "Foot SIM: streaming" in answer.out
    (session,) = cli.ok("session", "list", "--json").json
    assert session["n_steps"] > 10
    assert session["ended"]


def test_what_a_run_noticed_is_told_at_its_end_with_the_name_of_the_sensor(capsys: pytest.CaptureFixture[str]) -> None:
    header = SessionHeader("s1", "ana", "UTC", "live", "imu", "achilles-0.1", "ref-pop-1", "pod@1")
    warnings = ("silence", "slipped:pod-1", "not-this-mount:pod-2", "provisional-model")
    summary = SessionSummary(header, NOW_UTC, NOW_UTC, Totals(), warnings=warnings)
    show_notes(summary, {"pod-1": "left, red"})
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("note: left, red: it seems to have slipped")
    assert second.startswith("note: pod-2: it does not move like a sensor worn there")
    tell_ended(summary, {"pod-1": "left, red"})
    ended, *notes = capsys.readouterr().out.splitlines()
    assert ended.startswith("s1: ended")
    assert [note.strip() for note in notes] == [first, second]


# --- the line on the terminal ----------------------------------------------------------------------------------------

NOW_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)


def collecting(age_s: float) -> SimpleNamespace:
    newest = SimpleNamespace(
        time_utc=NOW_UTC - timedelta(seconds=age_s),
        cadence_spm=172.4,
        contact_time_s=0.241,
        totals=Totals(load_eq_km=1.234),
    )
    gap = SimpleNamespace(cause="disconnected", start_utc=NOW_UTC - timedelta(seconds=9), end_utc=NOW_UTC)
    runner = SimpleNamespace(newest=newest, gaps=[gap])
    return SimpleNamespace(
        runs={"ana": SimpleNamespace(runner=runner)},
        states=lambda: {"pod-1": PodState("pod-1", "streaming", battery_percent=80)},
        pods={"pod-1": SimpleNamespace(device=SimpleNamespace(name="MyFoot"))},
    )


def test_the_line_shows_the_run_each_pod_and_what_is_unknown() -> None:
    line = live_line(collecting(1.0), 75.0, NOW_UTC)
    assert line == ("0:01:15 · 172 steps/min · contact 241 ms · 1.23 eq-km · MyFoot ok 80 % · 1 gaps, 9 s unknown")


def test_what_is_old_is_not_shown_as_if_it_were_now() -> None:
    assert "– steps/min · contact – ms" in live_line(collecting(30.0), 75.0, NOW_UTC)


def test_with_a_belt_alone_it_is_said_that_steps_are_what_is_missing(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    beats = [(i * 0.5, "2a37", b"\x00\x50") for i in range(100)]
    belt = stream_pod(LEFT, "Belt SIM", "180d", ["2a37"], beats)
    put_on_air(VirtualRadio([belt]), monkeypatch)
    monkeypatch.setenv("SENSOR_HUB_MQTT_PORT", str(free_port()))
    pair_unheard(cli, "Belt SIM", "standard-heart-rate")
    leaves_soon(monkeypatch)
    with told_to_end_when(lambda: belt.n_sent["2a37"] >= 3):
        answer = cli("session", "record")
    assert answer.code == 1
    assert "Belt SIM cannot tell steps" in answer.err
    assert "no sensor sent a reading" not in answer.err


def test_a_line_is_cut_to_the_terminal_and_one_that_fits_is_left() -> None:
    assert cut_to("0:01 · 180 steps/min", 80) == "0:01 · 180 steps/min"
    assert cut_to("0:01 · 180 steps/min", 21) == "0:01 · 180 steps/min"
    assert cut_to("0:01 · 180 steps/min", 20) == "0:01 · 180 steps/m…"
    assert cut_to("走" * 30, 20) == "走" * 9 + "…"
    assert cut_to("abc", 0)


def test_a_live_line_says_that_a_sensor_refuses() -> None:
    pods = {"p": SimpleNamespace(device=SimpleNamespace(name="Verity"))}
    states = {"p": PodState("p", "starting", problem="the sensor answered 0d")}
    collecting = SimpleNamespace(runs={}, pods=pods, states=lambda: states)
    assert "Verity refuses to start" in live_line(collecting, 1.0, datetime.now(UTC))
