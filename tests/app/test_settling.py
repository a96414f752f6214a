"""An edge that was killed in mid-run: the next one ends the session where the recording ends."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.app.collecting.collecting_run import SOURCE
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.app.collecting.settling import cut_off, settle
from sensor_hub.app.edge import Edge
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Origin, SessionSetup
from sensor_hub.wire import Topics

START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
BOUND = (BoundDevice("pod-1", all_profiles()["standard-rsc"], "U", None),)
ITEMS = [RawNotification("pod-1", "2a53", START_UTC + timedelta(seconds=i), b"\x04\x00\x03\xaa") for i in range(120)]


def edge_at(folder: Path) -> Edge:
    return Edge(folder / "outbox.db", "mqtt://127.0.0.1:1", Topics())


def run_and_die(folder: Path, *, origin: Origin = "live", n: int = 120) -> Path:
    """Collect without ever ending; the file is as a killed process leaves it."""
    edge = edge_at(folder)
    path = folder / "01jd.mcap"
    recorder = McapRecorder(path, sid="01jd", athlete="ana23456", zone="UTC", origin=origin, devices=BOUND)
    runner = edge.runner(SessionSetup("01jd", "ana23456", "UTC", origin, BOUND, "speed", source=SOURCE), recorder)
    runner.take(ITEMS[:n])
    edge.stop(0.0)
    recorder._abandon()
    return path


def said(folder: Path) -> list[dict[str, object]]:
    edge = edge_at(folder)
    bodies = [json.loads(message.payload) for message in edge.outbox.pending(10_000)]
    edge.stop(0.0)
    return bodies


def settled(folder: Path) -> list[str]:
    edge = edge_at(folder)
    try:
        return settle(cut_off(folder), edge, None)
    finally:
        edge.stop(0.0)


def test_the_session_is_ended_and_nothing_is_said_twice(tmp_path: Path) -> None:
    run_and_die(tmp_path)
    before = said(tmp_path)
    assert "summary" not in [body["type"] for body in before]
    assert settled(tmp_path) == ["01jd"]
    after = said(tmp_path)
    assert after[: len(before)] == before
    assert [body["type"] for body in after].count("summary") == 1
    assert [body["type"] for body in after].count("start") == 1
    summary = after[-1]
    assert summary["source"] == SOURCE
    whole = tmp_path / "whole"
    whole.mkdir()
    edge = edge_at(whole)
    runner = edge.runner(SessionSetup("01jd", "ana23456", "UTC", "live", BOUND, "speed", source=SOURCE))
    runner.take(ITEMS)
    runner.finish()
    edge.stop(0.0)
    mine = [{k: v for k, v in body.items() if k != "gw"} for body in after]
    assert mine == [{k: v for k, v in body.items() if k != "gw"} for body in said(whole)]


def test_what_is_over_is_not_shown_as_live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_and_die(tmp_path)
    shown: list[object] = []
    monkeypatch.setattr("sensor_hub.adapters.mqtt.publisher.OutboxPublisher.publish_live", lambda _, m: shown.append(m))
    assert settled(tmp_path) == ["01jd"]
    assert shown == []


def test_what_is_settled_is_settled_once(tmp_path: Path) -> None:
    run_and_die(tmp_path)
    assert len(cut_off(tmp_path)) == 1
    settled(tmp_path)
    assert cut_off(tmp_path) == []
    assert settled(tmp_path) == []


def test_a_recording_cut_within_a_notification_is_ended_at_the_last_whole_one(tmp_path: Path) -> None:
    path = run_and_die(tmp_path, n=100)
    path.write_bytes(path.read_bytes()[:-7])
    assert settled(tmp_path) == ["01jd"]
    assert said(tmp_path)[-1]["type"] == "summary"


def test_a_simulated_run_and_a_file_that_is_none_are_left_alone(tmp_path: Path) -> None:
    run_and_die(tmp_path, origin="simulated")
    (tmp_path / "empty.mcap").write_bytes(b"")
    (tmp_path / "odd.mcap").write_bytes(b"this is no recording at all")
    assert settled(tmp_path) == []


def test_told_to_stop_it_leaves_the_rest_for_the_next_time(tmp_path: Path) -> None:
    run_and_die(tmp_path)
    edge = edge_at(tmp_path)
    assert settle(cut_off(tmp_path), edge, None, stop=lambda: True) == []
    edge.stop(0.0)
    assert settled(tmp_path) == ["01jd"]
