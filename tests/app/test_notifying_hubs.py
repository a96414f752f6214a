"""Whole hubs that tell a phone: of two on one registry it is told once, and nothing of it reaches a log."""

from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.config import Settings
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import SaySymptoms
from tests.adapters.notify.receiving import Received, receiving
from tests.app.test_hub_sharing import AFTERNOON, NOW_UTC, batch, ran, running, settings_of, soon
from tests.servers_mqtt import Mosquitto, start_mosquitto


@pytest.fixture(autouse=True)
def soon_again(monkeypatch: pytest.MonkeyPatch, quick_rounds: None) -> None:
    """What a service refuses is handed over again after two seconds instead of thirty."""
    monkeypatch.setattr("sensor_hub.guidelines.quiet.FIRST_PAUSE", timedelta(seconds=2))


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    server = start_mosquitto(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def received() -> Iterator[Received]:
    with receiving() as one:
        yield one


def hub_settings(tmp_path: Path, broker: Mosquitto, name: str) -> Settings:
    more = {"notify_private": True, "page_url": "https://hub.example"}
    return settings_of(tmp_path, broker, name).model_copy(update=more)


def told_there(registry: Registry, received: Received) -> Athlete:
    """Ana, who is told at any time of the day."""
    ana = registry.add_athlete("Ana", AFTERNOON)
    registry.addressees.add(
        received.url, "phone", "UTC", now_utc=NOW_UTC, athlete=ana.id, quiet_from=time(0), quiet_until=time(0)
    )
    return ana


def test_of_two_hubs_one_tells_a_phone_of_a_run_and_of_a_sign(
    tmp_path: Path, broker: Mosquitto, received: Received, caplog: pytest.LogCaptureFixture
) -> None:
    received.refusals = [500]
    with (
        running(hub_settings(tmp_path, broker, "a")) as a,
        running(hub_settings(tmp_path, broker, "b")) as b,
    ):
        ana = told_there(a.registry, received)
        for hub in (a, b):  # the same again, of a broker that was not sure
            hub._on_batch(batch(hub, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))
        assert soon(lambda: received.n_refused == 1)
        b.guide.say(ana.id, [SaySymptoms(NOW_UTC, ("pop",), side="L")], by="page")
        assert soon(lambda: len(received.messages) == 2 and a.registry.notifications.n_open() == 0)
        bodies = sorted(message["message"] for message in received.messages)
        assert bodies[0].startswith("After today's run your page has something to look at.")
        assert bodies[1].startswith("Open your page now: it has a message that should not wait.")
        assert all(body.endswith(f"https://hub.example/athlete/{ana.id}") for body in bodies)
    assert len(received.messages) == 2
    assert "s3cret" not in caplog.text
    assert str(received.port) not in caplog.text


def test_a_hub_that_ends_before_it_was_taken_leaves_it_to_the_next(
    tmp_path: Path, broker: Mosquitto, received: Received
) -> None:
    received.refusals = [503] * 50
    with running(hub_settings(tmp_path, broker, "a")) as a:
        ana = told_there(a.registry, received)
        a._on_batch(batch(a, [ran(ana, 20, 8.0), ran(ana, 0, 20.0)]))
        assert soon(lambda: received.n_refused == 1)
    received.refusals = []
    with running(hub_settings(tmp_path, broker, "b")) as b:
        assert soon(lambda: len(received.messages) == 1)
        assert soon(lambda: b.registry.notifications.n_open() == 0)
