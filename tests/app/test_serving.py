"""A hub that collects beside itself: what becomes of it when it cannot."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import pytest

from sensor_hub.adapters.ble.collector import Collector
from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.virtual.radio import VirtualRadio
from sensor_hub.app import serving
from sensor_hub.app.collecting.live import Live
from sensor_hub.app.collecting.on_air import OnAir
from sensor_hub.app.edge import Edge
from sensor_hub.app.people import open_archive
from sensor_hub.app.place import Place
from sensor_hub.config import Settings, load_settings
from sensor_hub.errors import ConfigError, SensorHubError
from sensor_hub.model.load import Totals
from sensor_hub.model.session import SessionHeader, SessionSummary
from sensor_hub.simulation.squad import RSC_PROFILE
from sensor_hub.wire import Topics
from tests.app.on_air import LEFT, put_on_air

START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)


def soon(holds: Callable[[], bool], within_s: float = 30.0) -> bool:
    end_s = time.monotonic() + within_s
    while time.monotonic() < end_s and not holds():
        time.sleep(0.05)
    return holds()


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A hub of somebody with one pod, which is not heard."""
    put_on_air(VirtualRadio(), monkeypatch)
    monkeypatch.setattr(serving, "RETRY_S", 0.1)
    chosen = load_settings(data_dir=tmp_path)
    with open_archive(chosen) as archive:
        archive.registry.add_device(LEFT, "Left", RSC_PROFILE, athlete=archive.athlete(None).id, side="L")
    return chosen


class Collects:
    """A hub's collecting, in a thread; use it as a context."""

    def __init__(self, settings: Settings) -> None:
        place = Place.at(settings.data_dir)
        self.lines: list[str] = []
        self.stop = Event()
        self.edge = Edge(place.outbox, "mqtt://127.0.0.1:1", Topics())
        on_pod = lambda _pod, _state: None  # noqa: E731
        on_ended = lambda _summary, _names: None  # noqa: E731
        on_air = OnAir(settings, place)
        what = (settings, place, self.edge, on_air, self.stop, self.lines.append, on_pod, on_ended)
        self.thread = Thread(target=serving._collect, args=what)

    def __enter__(self) -> "Collects":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(30.0)
        self.edge.stop(0.0)
        assert not self.thread.is_alive()


def is_taken(settings: Settings) -> bool:
    try:
        Place.at(settings.data_dir).lock_for_collecting().close()
    except ConfigError:
        return True
    return False


def test_a_hub_whose_sensors_another_program_collects_says_so_once_and_has_them_afterwards(settings: Settings) -> None:
    other = Place.at(settings.data_dir).lock_for_collecting()
    with Collects(settings) as hub:
        assert soon(lambda: len(hub.lines) == 1)
        time.sleep(0.5)
        assert hub.thread.is_alive(), "it stays a hub"
        (line,) = hub.lines
        assert "collected by another sensor-hub" in line
        assert "this hub runs on" in line
        other.close()
        time.sleep(0.2)
        assert soon(lambda: is_taken(settings))


def test_a_collecting_that_breaks_is_begun_anew_beside_the_hub(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs, began = Collector.run, []

    async def breaks_once(self: Collector, stop: object) -> None:
        began.append(self)
        if len(began) == 1:
            raise KeyError("a defect")
        await runs(self, stop)  # type: ignore[arg-type]

    monkeypatch.setattr(Collector, "run", breaks_once)
    with Collects(settings) as hub:
        assert soon(lambda: len(began) == 2)
        assert hub.thread.is_alive()
    assert [line for line in hub.lines if "KeyError" in line], hub.lines
    assert len(began) == 2


def test_a_live_run_that_ended_is_told_once_with_the_names_of_its_sensors(tmp_path: Path) -> None:
    header = SessionHeader("s1", "ana", "UTC", "live", "imu", "achilles-0.1", "ref-pop-1", "pod@1")
    summary = SessionSummary(header, START_UTC, START_UTC, Totals(), warnings=("slipped:pod-1",))
    run = SimpleNamespace(ended=[SimpleNamespace(summary=None)])
    live = object.__new__(Live)
    live._told = set()
    live._registry = registry = Registry(f"sqlite:///{tmp_path / 'registry.db'}")
    pod = SimpleNamespace(device=SimpleNamespace(name="left, red"))
    live.collecting = SimpleNamespace(runs={"ana": run}, pods={"pod-1": pod})  # type: ignore[assignment]
    told: list[object] = []
    serving._tell_ended(live, lambda *what: told.append(what))
    assert told == [], "it is still being ended"
    run.ended = [SimpleNamespace(summary=summary)]
    for _ in range(2):
        serving._tell_ended(live, lambda *what: told.append(what))
    registry.close()
    assert told == [(summary, {"pod-1": "left, red"})]


def test_a_hub_whose_edge_cannot_begin_ends_whole(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, mqtt_port=0, web_port=0)
    place = Place.at(tmp_path)
    place.outbox.write_bytes(b"no outbox at all" * 1000)
    with pytest.raises(SensorHubError, match="outbox"):
        serving.serve_both(
            settings, serving.Source(), on_finding=lambda *_: None, on_ready=lambda *_: None, on_problem=lambda _: None
        )
    place.lock_for_hub().close()
