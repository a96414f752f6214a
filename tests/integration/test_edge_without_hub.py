"""An edge that nobody listens to says so, keeps everything, and hands it over later."""

import time
from pathlib import Path

from tests import need
from tests.cli.files import rsc_mcap
from tests.processes import Process
from tests.servers_mqtt import start_mosquitto


def test_a_replay_without_a_hub_does_not_claim_to_have_arrived(tmp_path: Path) -> None:
    need.command("mosquitto")
    broker = start_mosquitto(tmp_path)
    env = {"SENSOR_HUB_MQTT": broker.url}
    recording = rsc_mcap(tmp_path / "run.mcap")
    edge_dir, hub_dir = str(tmp_path / "edge"), str(tmp_path / "hub")
    edge = Process(["edge", "--replay", str(recording), "--speed", "0", "--data-dir", edge_dir], env)
    try:
        edge.wait_for("^edge ")
        code = edge.interrupt()
        assert code == 1, edge.lines
        assert edge.lines[-1] == "the hub does not have everything yet; it stays in the outbox"
        hub = Process(["hub", "--port", "0", "--data-dir", hub_dir], env)
        try:
            hub.wait_for("^Open http")
            again = Process(["edge", "--replay", str(recording), "--speed", "0", "--data-dir", edge_dir], env)
            assert again.wait(60) == 0, again.lines
            assert again.lines[-1] == "the hub has everything"
        finally:
            hub.close()
    finally:
        edge.close()
        broker.stop()


def test_an_edge_says_that_its_broker_cannot_be_reached_and_never_the_password(tmp_path: Path) -> None:
    env = {"SENSOR_HUB_MQTT": "mqtt://edge:very-secret@127.0.0.1:9"}
    edge = Process(["edge", "--simulate", "--speed", "1", "--data-dir", str(tmp_path)], env)
    try:
        edge.wait_for(r"127\.0\.0\.1:9")
        time.sleep(3)  # long enough for a first step to wait in the outbox
        assert edge.interrupt() == 1
        assert "very-secret" not in "\n".join(edge.lines)
    finally:
        edge.close()


def test_a_run_on_a_recording_that_is_not_there_ends_at_once(tmp_path: Path) -> None:
    run = Process(["run", "--replay", str(tmp_path / "missing.mcap"), "--port", "0", "--data-dir", str(tmp_path)])
    assert run.wait(120) == 2
    assert len(run.lines) == 1
    assert "missing.mcap" in run.lines[0]
