"""How long a day's backlog of one athlete takes from the outbox into the store of a real hub, over both brokers.

A day of running at 170 steps a minute, told in batches of half a second: 172,800 messages. The edge was away all that
time; the clock runs from its first connection until the hub has said of every number that it is in the store.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.place import Place, broker_url
from sensor_hub.config import Settings
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Event, SessionHeader, SessionStarted, SessionSummary, StepBatch
from sensor_hub.units import utc_us
from sensor_hub.wire import Topics
from tests.chaos.victims import Victim, wait_until
from tests.servers_mqtt import free_port, start_mosquitto

LIMIT_S = 60.0
HOURS = float(os.environ.get("BACKLOG_HOURS", "24"))
STEPS_A_MINUTE = 170
N_BATCHES = round(HOURS * 7200)
HEADER = SessionHeader(
    "01jd0000000000000000000024", "runner-1", "Europe/Lisbon", "live", "imu", "achilles-1.0.0", "ref-pop-1",
    "imu-generic@1", "run", "imu/foot/foot-1.0", "track",
)  # fmt: skip


def events() -> Iterator[Event]:
    """A run that ended just now."""
    n = round(HOURS * 60 * STEPS_A_MINUTE)
    start_utc = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=HOURS)
    times_us = utc_us(start_utc) + (np.arange(n) * (60e6 / STEPS_A_MINUTE)).astype(np.int64)
    random = np.random.default_rng(1)
    values = {name: np.round(random.uniform(0.1, 5.0, n), 6) for name in FLOAT_COLUMNS}
    sides, words = np.array(["L", "R"], "<U1")[np.arange(n) % 2], np.array(["measured", "run"])
    ends = np.searchsorted(times_us, utc_us(start_utc) + np.arange(1, N_BATCHES + 1) * 500_000)
    yield SessionStarted(HEADER, start_utc, ("pod-l", "pod-r"))
    begin = 0
    for end in ends.tolist():
        part = slice(begin, end)
        table = StepTable(
            time_utc_us=times_us[part], side=sides[part], step_time_origin=words[np.zeros(end - begin, int)],
            gait=words[np.ones(end - begin, int)], **{name: column[part] for name, column in values.items()},
        )  # fmt: skip
        if end > begin:
            yield StepBatch(HEADER, start_utc, table, totals(end))
        begin = end
    yield SessionSummary(HEADER, start_utc, start_utc + timedelta(hours=HOURS), totals(n), "", ())


def totals(n_steps: int) -> Totals:
    """After so many steps."""
    return Totals(
        n_steps=float(n_steps), n_strides=n_steps / 2, duration_s=round(n_steps * 60 / STEPS_A_MINUTE, 6),
        distance_m=n_steps * 1.1, cadence_spm=170.0, contact_time_s=0.231, load_eq_km=n_steps / 900, load_eq_km_sd=0.3,
        coverage=0.99, load_bw_s=n_steps * 0.3, push_off_bw_s=n_steps * 0.14, achilles_peak_bw=5.1, vgrf_peak_bw=2.3,
        median_speed_mps=2.9, hard_load_bw_s=1.5, hard_load_sd=0.5,
    )  # fmt: skip


@pytest.fixture(scope="module")
def full_outbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("edge") / "outbox.db"
    with closing(Outbox(path, Topics())) as outbox:
        made = list(events())
        for i in range(0, len(made), 5000):
            outbox.append(made[i : i + 5000], first_index=i, sid=HEADER.sid)
    return path


@pytest.mark.parametrize("broker", ["embedded", "mosquitto"])
def test_a_day_of_one_athlete(benchmark: BenchmarkFixture, full_outbox: Path, tmp_path: Path, broker: str) -> None:
    shutil.copy(full_outbox, tmp_path / "outbox.db")
    hub_folder, port = tmp_path / "hub", free_port()
    env = {"SENSOR_HUB_DATA_DIR": str(hub_folder), "SENSOR_HUB_MQTT_PORT": str(port), "SENSOR_HUB_ZONE": "UTC"}
    external = start_mosquitto(tmp_path, port) if broker == "mosquitto" else None
    if external is not None:
        env["SENSOR_HUB_MQTT"] = external.url
    url = external.url if external else broker_url(Settings(data_dir=hub_folder), Place.at(hub_folder), "edge", port)
    hub = Victim("hub", [sys.executable, "-m", "tests.chaos.hub", str(tmp_path)], tmp_path / "hub.log", env)
    outbox = Outbox(tmp_path / "outbox.db", Topics())
    n_waiting = outbox.depth()
    edge = OutboxPublisher(outbox, url, Topics())
    try:
        assert wait_until(lambda: b"ready" in (tmp_path / "hub.log").read_bytes(), 60)

        def drain() -> None:
            edge.start()
            assert edge.wait_drained(600)

        benchmark.pedantic(drain, rounds=1)  # type: ignore[no-untyped-call]
        gw = outbox.gw
    finally:
        edge.stop()
        outbox.close()
        hub.end()
        if external is not None:
            external.stop()
    with closing(SqliteStore(hub_folder / "store.db")) as store:
        assert store.received(gw) == [(1, n_waiting)]
        assert len(store.steps(HEADER.sid)) == round(HOURS * 60 * STEPS_A_MINUTE)
    if benchmark.stats is not None:
        took_s = benchmark.stats.stats.min
        print(
            f"\n{n_waiting} messages of {HOURS:g} h over {broker}: {took_s:.1f} s, "
            f"limit {LIMIT_S * HOURS / 24:g} s: {LIMIT_S * HOURS / 24 / took_s:.2f} x"
        )
