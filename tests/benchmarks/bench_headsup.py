"""How long after a step event its heads-up is told: edge's outbox, mosquitto, a hub process, the retained message.

A runner's batches reach 90 % of their longest run of 30 days, then the limit; timed is from giving the batch to the
edge's outbox until whoever listens has the finding. Twice: alone, and while twenty others send two batches a second.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from sensor_hub.load.achilles import VERSION
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import SessionHeader, SessionSummary, StepBatch
from sensor_hub.units import utc_us
from sensor_hub.wire import Topics
from tests import need
from tests.benchmarks.an_hour import tell
from tests.processes import Process
from tests.servers_mqtt import Mosquitto, free_port, start_mosquitto

N_RUNNERS, N_OTHERS = 20, 20
PAST_DAYS, PAST_KM = 100, 10.0  # every second day
LEVELS = ((9.95, "near"), (11.05, "limit"))  # km of the run so far, and what of it is to be told
LONGEST_WAIT_S = 20.0
NOW_UTC = datetime.now(UTC)
AFTERNOON = f"Etc/GMT{NOW_UTC.hour - 14:+d}"  # a run of the last hours is of today


def totals(km: float) -> Totals:
    return Totals(
        n_steps=1000 * km, n_strides=500 * km, duration_s=340 * km, distance_m=1000 * km, load_eq_km=km,
        load_eq_km_sd=0.03 * km, load_bw_s=300 * km, hard_load_bw_s=0.0, hard_load_sd=0.0, coverage=1.0,
        median_speed_mps=2.94, speed_5min_mps=3.0, uphill_s=0.0, ascent_m=0.0,
    )  # fmt: skip


def header(athlete: Athlete, sid: str) -> SessionHeader:
    return SessionHeader(
        sid, athlete.id, athlete.zone, "live", "imu", VERSION, REFERENCE_ID, "p@1", instrument="imu/foot/foot-1.0"
    )


def past_of(athlete: Athlete) -> list[SessionSummary]:
    starts = [NOW_UTC - timedelta(days=n, hours=1) for n in range(2, PAST_DAYS, 2)]
    return [
        SessionSummary(
            header(athlete, f"{athlete.id}-{n}"), at, at + timedelta(seconds=3400), totals(PAST_KM)
        )
        for n, at in enumerate(starts)
    ]  # fmt: skip


def batch(athlete: Athlete, km: float) -> StepBatch:
    """Two steps of a run that began two hours ago."""
    columns = {name: np.full(2, 0.3) for name in FLOAT_COLUMNS}
    start_utc = NOW_UTC - timedelta(hours=2)
    first_us = utc_us(start_utc) + round(340 * km * 1e6)
    steps = StepTable(
        time_utc_us=np.array([first_us, first_us + 350_000]), side=np.array(["L", "R"]),
        step_time_origin=np.full(2, "measured"), gait=np.full(2, "run"), **columns,
    )  # fmt: skip
    return StepBatch(header(athlete, f"{athlete.id}-today"), start_utc, steps, totals(km))


class Edge:
    """An outbox and its publisher; every athlete's events are numbered for themselves."""

    def __init__(self, folder: Path, name: str, url: str) -> None:
        self._outbox = Outbox(folder / f"{name}.db", Topics())
        self._publisher = OutboxPublisher(self._outbox, url, Topics())
        self._n: dict[str, int] = {}
        self._publisher.start()
        self._publisher.wait_connected(10.0)

    def send(self, event: StepBatch) -> None:
        sid = event.header.sid
        self._outbox.append([event], first_index=self._n.get(sid, 0), sid=sid)
        self._n[sid] = self._n.get(sid, 0) + 1

    def close(self) -> None:
        self._publisher.stop(drain_s=5.0)
        self._outbox.close()


class Listener:
    """When each finding was first heard, by athlete, measure and level."""

    def __init__(self, broker: Mosquitto) -> None:
        self.heard: dict[tuple[str, str, str], float] = {}
        self._news = threading.Condition()
        self._client = paho.Client(CallbackAPIVersion.VERSION2)
        self._client.username_pw_set("hub", "s3cr-et pass")
        self._client.on_message = self._on_message
        self._client.connect("127.0.0.1", broker.port)
        self._client.subscribe(f"{Topics().base}/ath/+/alert/+", qos=1)
        self._client.loop_start()

    def _on_message(self, _client: object, _userdata: object, message: paho.MQTTMessage) -> None:
        now_s = time.perf_counter()
        if not message.payload:
            return
        body = json.loads(message.payload)
        if body["rule"] != "session-limit" or not body["scope"].endswith("-today"):
            return
        with self._news:
            self.heard.setdefault((body["ath"], body["measure"], body["level"]), now_s)
            self._news.notify_all()

    def wait(self, athlete: str, level: str) -> float:
        """Return when both the distance and the load were told, s."""
        keys = [(athlete, measure, level) for measure in ("distance_m", "load_eq_km")]
        with self._news:
            assert self._news.wait_for(lambda: all(key in self.heard for key in keys), LONGEST_WAIT_S), keys
            return max(self.heard[key] for key in keys)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def others_running(edge: Edge, athletes: list[Athlete]) -> Iterator[None]:
    """Let them send a batch each every half a second."""
    stop = threading.Event()

    def go_on() -> None:
        km = 1.0
        while not stop.is_set():
            begin_s = time.perf_counter()
            for athlete in athletes:
                edge.send(batch(athlete, km))
            km += 0.0015
            stop.wait(max(0.0, 0.5 - (time.perf_counter() - begin_s)))

    thread = threading.Thread(target=go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def running(tmp_path: Path) -> Iterator[tuple[Mosquitto, list[Athlete]]]:
    """A broker, a hub process, and people with a past."""
    need.command("mosquitto")
    broker = start_mosquitto(tmp_path, free_port())
    hub: Process | None = None
    try:
        with open_archive(load_settings(data_dir=tmp_path / "hub")) as archive:
            athletes = [archive.registry.add_athlete(f"Runner {n}", AFTERNOON) for n in range(N_RUNNERS + N_OTHERS)]
            for athlete in athletes:
                archive.store.commit([Envelope(f"past-{athlete.id}", n, s) for n, s in enumerate(past_of(athlete), 1)])
        arguments = ["hub", "--port", "0", "--data-dir", str(tmp_path / "hub")]
        hub = Process(arguments, {"SENSOR_HUB_MQTT": broker.url})
        hub.wait_for("^Open http", 120)
        yield broker, athletes
    finally:
        if hub is not None:
            hub.close()
        broker.stop()


def late_s(edge: Edge, listener: Listener, athletes: list[Athlete]) -> list[float]:
    """Let each athlete cross both lines, one after the other; return how late each crossing was told, s."""
    found = []
    for athlete in athletes:
        edge.send(batch(athlete, 9.0))
        time.sleep(0.3)
        for km, level in LEVELS:
            begin_s = time.perf_counter()
            edge.send(batch(athlete, km))
            found.append(listener.wait(athlete.id, level) - begin_s)
    return found


@pytest.mark.parametrize("others", [0, N_OTHERS])
def test_a_heads_up_is_told_soon_after_the_step(benchmark: BenchmarkFixture, tmp_path: Path, others: int) -> None:
    with (
        running(tmp_path) as (broker, athletes),
        closing(Listener(broker)) as listener,
        closing(Edge(tmp_path, "edge", broker.url)) as edge,
        closing(Edge(tmp_path, "others", broker.url)) as crowd,
        others_running(crowd, athletes[N_RUNNERS : N_RUNNERS + others]),
    ):
        late = benchmark.pedantic(lambda: late_s(edge, listener, athletes[:N_RUNNERS]), rounds=1)  # type: ignore[no-untyped-call]
    p50, p95, most = (float(x) for x in np.percentile(late, [50, 95, 100]))
    sys.stderr.write(
        f"\nheads-up after its step event, {others} others running: p50 {1000 * p50:.0f}, p95 {1000 * p95:.0f}, "
        f"most {1000 * most:.0f} ms (n = {len(late)} crossings of {N_RUNNERS} runners)\n"
    )
    tell(f"heads-up after its step event with {others} others, most", most, "s", must=1.0, aim=0.5)
