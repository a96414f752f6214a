"""The edge of ``make live-page``: runners whose steps are made up, sent as a real edge sends them.

Each step goes out at once as a live reading (QoS 0); twice a second a batch of steps goes through the outbox. A step is
known again on a page by its contact time, whole milliseconds that come round once in half a minute.

python -m tests.benchmarks.live_page.runners FOLDER < who.json; it ends when there is a file FOLDER/stop
"""

import heapq
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.sids import new_sid
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Event, LiveReading, SessionHeader, SessionStarted, StepBatch
from sensor_hub.units import utc_us
from sensor_hub.wire import Topics, encode

STEP_S: Final = 1.0 / 3.0
BATCH_S: Final = 0.5
SPEED_MPS: Final = 2.9
FIRST_MS, N_MS = 200, 97  # contact times told one after the other


@dataclass
class Runner:
    """One run: the events of its session, and its steps since the last batch."""

    header: SessionHeader
    start_utc: datetime
    n_given: int = 0
    n_steps: int = 0
    waiting_us: list[int] = field(default_factory=list)

    def totals(self) -> Totals:
        """What it comes to so far."""
        seconds = self.n_steps * STEP_S
        km = SPEED_MPS * seconds / 1000
        return Totals(
            n_steps=float(self.n_steps), n_strides=self.n_steps / 2, duration_s=seconds, distance_m=km * 1000,
            cadence_spm=180.0, contact_time_s=0.24, load_eq_km=km, load_eq_km_sd=0.03 * km, coverage=1.0,
            load_bw_s=300 * km, push_off_bw_s=147 * km, hard_load_bw_s=3 * km, hard_load_sd=0.3,
            contact_balance_left=0.493,
        )  # fmt: skip

    def step(self, now_utc: datetime) -> tuple[LiveReading, int]:
        """Return the next step, and the milliseconds by which it is known."""
        self.n_steps += 1
        self.waiting_us.append(utc_us(now_utc))
        contact_ms = FIRST_MS + self.n_steps % N_MS
        side = "LR"[self.n_steps % 2]
        reading = LiveReading(self.header, now_utc, side, 175.0 + self.n_steps % 9, contact_ms / 1000, self.totals())  # type: ignore[arg-type]
        return reading, contact_ms

    def batch(self) -> list[Event]:
        """Return the steps since the last one."""
        times, self.waiting_us = self.waiting_us, []
        if not times:
            return []
        n = len(times)
        columns = {name: np.full(n, 0.3) for name in FLOAT_COLUMNS}
        steps = StepTable(
            time_utc_us=np.array(times), side=np.full(n, "L"), step_time_origin=np.full(n, "measured"),
            gait=np.full(n, "run"), **columns,
        )  # fmt: skip
        return [StepBatch(self.header, self.start_utc, steps, self.totals())]


def run(folder: Path, url: str, athletes: Sequence[str]) -> list[tuple[str, int, float]]:
    """Let everybody run; return of each step whose it was, its milliseconds and when it was sent, ms since 1970."""
    topics = Topics()
    outbox = Outbox(folder / "outbox.db", topics)
    publisher = OutboxPublisher(outbox, url, topics)
    publisher.start()
    publisher.wait_connected(15.0)
    now_utc = datetime.now(UTC)
    runners = []
    for athlete in athletes:
        sid = new_sid(now_utc)
        header = SessionHeader(
            sid, athlete, "UTC", "simulated", "imu", "achilles-1.0.0", "ref-pop-1", "pod@1",
            instrument="imu/foot/foot-1.0",
        )  # fmt: skip
        runners.append(Runner(header, now_utc))
        _keep(outbox, runners[-1], [SessionStarted(header, now_utc, ("pod",))])
    begin_s = time.monotonic()
    apart_s = STEP_S / len(runners)
    due: list[tuple[float, int, str]] = []
    for number in range(len(runners)):
        heapq.heappush(due, (begin_s + number * apart_s, number, "step"))
        heapq.heappush(due, (begin_s + BATCH_S + number * BATCH_S / len(runners), number, "batch"))
    sent: list[tuple[str, int, float]] = []
    while not (folder / "stop").exists():
        at_s, number, what = heapq.heappop(due)
        time.sleep(max(0.0, at_s - time.monotonic()))
        runner = runners[number]
        if what == "step":
            sent_ms = time.time() * 1000
            reading, contact_ms = runner.step(datetime.now(UTC))
            publisher.publish_live(encode(reading, topics=topics, gw=outbox.gw, seq=0))
            sent.append((runner.header.athlete, contact_ms, sent_ms))
            heapq.heappush(due, (at_s + STEP_S, number, what))
        else:
            _keep(outbox, runner, runner.batch())
            heapq.heappush(due, (at_s + BATCH_S, number, what))
    publisher.wait_drained(20.0)
    publisher.stop()
    outbox.close()
    return sent


def _keep(outbox: Outbox, runner: Runner, events: list[Event]) -> None:
    outbox.append(events, first_index=runner.n_given, sid=runner.header.sid)
    runner.n_given += len(events)


def main() -> None:
    """Read who runs from stdin; print every step that was sent."""
    who: dict[str, Any] = json.load(sys.stdin)
    sent = run(Path(sys.argv[1]), who["url"], who["athletes"])
    print(json.dumps(sent), flush=True)


if __name__ == "__main__":
    main()
