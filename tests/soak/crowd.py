"""The edge of a soak: many simulated runs in real time, and how long each of their events took to be in the store.

Timed is from the moment an event leaves its session (the step event) until the hub's word that it is committed is here,
so the way back of that word counts too. One simulated person runs for everybody, each beginning a little later.

python -m tests.soak.crowd FOLDER SECONDS < who.json
"""

import json
import os
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from sensor_hub.adapters.mqtt.publisher import OutboxPublisher
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.storage.outbox import Outbox
from sensor_hub.app.edge import Runner
from sensor_hub.app.sids import new_sid
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import Event, SessionSetup, SessionSummary, StepBatch
from sensor_hub.units import from_utc_us, utc_us
from sensor_hub.wire import Topics
from tests.benchmarks.an_hour import PART_S, TWO_FEET, two_feet_packets
from tests.session.runs import START

TICK_S: Final = 0.1  # how often everybody's notifications are looked for; one round takes about as long
APART_S: Final = 0.037  # between one runner's beginning and the next one's
DRAIN_S: Final = 60.0


class TimedOutbox(Outbox):
    """An outbox that knows how long each message was in it."""

    def __init__(self, path: Path, topics: Topics) -> None:
        super().__init__(path, topics)
        self._since_s: dict[int, float] = {}
        self._next = 1
        self.took_s: list[float] = []
        self.n_made = self.n_step_batches = 0

    def append(self, events: Sequence[Event], *, first_index: int, sid: str) -> int:
        now_s = time.monotonic()
        n_new = super().append(events, first_index=first_index, sid=sid)
        for seq in range(self._next, self._next + n_new):
            self._since_s[seq] = now_s
        self._next += n_new
        self.n_made += n_new
        self.n_step_batches += sum(isinstance(event, StepBatch) for event in events)
        return n_new

    def delete(self, seqs: Iterable[int]) -> None:
        gone = list(seqs)
        now_s = time.monotonic()
        self.took_s += [now_s - since for seq in gone if (since := self._since_s.pop(seq, None)) is not None]
        super().delete(gone)

    @property
    def oldest_s(self) -> float:
        """How long the message that waits longest has waited."""
        return time.monotonic() - min(list(self._since_s.values()), default=time.monotonic())


class Pods:
    """The notifications of one runner's two sensors, as time goes."""

    def __init__(self, number: int, begin_utc: datetime, n_parts: int) -> None:
        shift_us = utc_us(begin_utc) + round(number * APART_S * 1e6) - utc_us(START)
        self._streams = [
            (f"{device}-{number}", sent.characteristic, sent.arrival_us + shift_us, sent.payload)
            for device, sent in two_feet_packets(n_parts).items()
        ]
        self._at = [0, 0]

    def until(self, now_us: int) -> list[RawNotification]:
        """What has arrived since, in order of arrival."""
        found = []
        for which, (device, characteristic, arrival_us, payload) in enumerate(self._streams):
            end = int(np.searchsorted(arrival_us, now_us))
            found += [
                RawNotification(device, characteristic, from_utc_us(int(arrival_us[row])), payload[row].tobytes())
                for row in range(self._at[which], end)
            ]
            self._at[which] = end
        found.sort(key=lambda raw: raw.arrival_utc)
        return found


def setup_of(number: int, athlete: str, now_utc: datetime) -> SessionSetup:
    """A session of the two sensors that are this runner's."""
    devices = tuple(replace(bound, device=f"{bound.device}-{number}") for bound in TWO_FEET.devices)
    return SessionSetup(
        new_sid(now_utc + timedelta(milliseconds=number)), athlete, "UTC", "simulated", devices, TWO_FEET.tier, None
    )


def run(folder: Path, url: str, athletes: Sequence[str], seconds: float, recorded: bool) -> dict[str, object]:
    """Let everybody run; return what was made and how long it took."""
    outbox = TimedOutbox(folder / "outbox.db", Topics())
    publisher = OutboxPublisher(outbox, url, Topics())
    publisher.start()
    publisher.wait_connected(15.0)
    n_parts = int((seconds + 30.0) // PART_S) + 1
    two_feet_packets(n_parts)  # made before the clock begins
    begin_utc = datetime.now(UTC)
    runners: list[tuple[Pods, Runner]] = []
    for number, athlete in enumerate(athletes):
        setup = setup_of(number, athlete, begin_utc)
        recorder = McapRecorder.for_session(folder / f"{setup.sid}.mcap", setup) if recorded else None
        runners.append(
            (Pods(number, begin_utc, n_parts), Runner(setup, outbox, publisher.publish_live, Topics(), recorder))
        )
    end_s, told_s, longest_s = time.monotonic() + seconds, time.monotonic(), 0.0
    n_notifications = 0
    while (round_s := time.monotonic()) < end_s:
        now_us = utc_us(datetime.now(UTC))
        for pods, runner in runners:
            raws = pods.until(now_us)
            n_notifications += len(raws)
            if raws:
                runner.take(raws)
        took_s = time.monotonic() - round_s
        longest_s = max(longest_s, took_s)
        time.sleep(max(0.0, TICK_S - took_s))
        if time.monotonic() - told_s > 10.0:
            told_s = time.monotonic()
            print(
                json.dumps({"made": outbox.n_made, "acked": len(outbox.took_s), "oldest_s": outbox.oldest_s}),
                flush=True,
            )
    for _, runner in runners:
        runner.finish()
    drained = publisher.wait_drained(DRAIN_S)
    took = np.array(outbox.took_s)
    summaries = [runner.summary for _, runner in runners]
    left = outbox.depth()
    gw = outbox.gw
    publisher.stop()
    outbox.close()
    for _, runner in runners:
        runner.close_recording()
    return {
        "gw": gw, "n_messages": outbox.n_made, "n_acked": len(took), "left": left, "drained": drained,
        "n_notifications": n_notifications, "n_step_batches": outbox.n_step_batches, "longest_round_s": longest_s,
        "latency_s": {f"p{q:g}": float(np.percentile(took, q)) for q in (50, 95, 99, 99.9, 100)} if len(took) else {},
        "n_over_1_s": int((took > 1.0).sum()),
        "sessions": {s.header.sid: s.totals.n_steps for s in summaries if isinstance(s, SessionSummary)},
        "cpu_s": time.process_time(),
    }  # fmt: skip


def main() -> None:
    """Read who runs from stdin, and print a line of JSON now and then and a last one with everything."""
    folder, seconds = Path(sys.argv[1]), float(sys.argv[2])
    who = json.load(sys.stdin)
    done = run(folder, who["url"], who["athletes"], seconds, bool(who["recorded"]))
    print(json.dumps({"done": done}), flush=True)
    threading.Timer(30.0, os._exit, (0,)).start()  # nothing of paho's may keep a measured process alive


if __name__ == "__main__":
    main()
