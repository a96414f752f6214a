"""Points a second into a real InfluxDB: a backlog, and the live batches of a hundred athletes; through the store, and
as the same lines bare in the same run: the server's own limit on this machine.

A point is one line: a step of up to eighteen numbers, running totals of thirty-five, or the mark that one message was
received. ``python -m tests.benchmarks.bench_influx`` prints points, steps and single values a second, and
what a point costs of a core's time, here and at the server: that says the same on a machine that has other work.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import numpy as np
import psutil

from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.model.message import Envelope
from sensor_hub.model.session import StepBatch
from sensor_hub.units import utc_us
from tests.adapters.storage.runs import START_UTC, header, table, totals
from tests.servers_influx import influxd

STEPS_A_MINUTE = 170
MESSAGES_A_MINUTE = 120  # that a backlog's joined message stands for
N_MINUTES = 240
PER_COMMIT = 30
N_ATHLETES = 100
LIVE_S = 20
ROUNDS = 3


def as_sent(steps: StepTable) -> StepTable:
    """Rows as they come over the wire of two pods: to a millionth, without speed and slope."""
    known = {name: np.round(getattr(steps, name), 6) for name in FLOAT_COLUMNS}
    n = len(steps)
    known |= {"n_steps": np.ones(n), "grade": np.full(n, np.nan)}
    return replace(steps, **known, gait=np.full(n, "run"), step_time_origin=np.full(n, "measured"))


def backlog() -> list[list[Envelope]]:
    """Four hours of one run, in joined messages of a minute."""
    first_us, of = utc_us(START_UTC), header()
    found = []
    for i in range(N_MINUTES):
        steps = as_sent(table(first_us + i * STEPS_A_MINUTE * 341_003, STEPS_A_MINUTE, seed=i))
        seqs = tuple(range(i * MESSAGES_A_MINUTE, (i + 1) * MESSAGES_A_MINUTE))
        batch = StepBatch(of, START_UTC, steps, totals((i + 1) * STEPS_A_MINUTE))
        found.append(Envelope("edge-1", seqs[-1], batch, seqs))
    return [found[i : i + PER_COMMIT] for i in range(0, len(found), PER_COMMIT)]


def live() -> list[list[Envelope]]:
    """A hundred athletes, half a second a commit, one or two steps a message."""
    first_us = utc_us(START_UTC)
    who = [header(sid=f"s{i:03}", athlete=f"a{i:03}") for i in range(N_ATHLETES)]
    commits, at = [], [0] * N_ATHLETES
    for k in range(LIVE_S * 2):
        envelopes = []
        for i, of in enumerate(who):
            n = 1 + (k + i) % 2
            steps = as_sent(table(first_us + at[i] * 341_003, n, seed=k))
            at[i] += n
            envelopes.append(Envelope(f"edge-{i}", k, StepBatch(of, START_UTC, steps, totals(at[i]))))
        commits.append(envelopes)
    return commits


@dataclass(frozen=True)
class Taken:
    """Seconds by the clock, and of a core's time here and at the server."""

    wall_s: float
    here_s: float
    server_s: float


class Watch:
    """Begins when it is made."""

    def __init__(self) -> None:
        self._server = next(p for p in psutil.Process().children(recursive=True) if "influxd" in p.name())
        self._begin = self._now()

    def read(self) -> Taken:
        """What was taken since."""
        return Taken(*(now - before for now, before in zip(self._now(), self._begin, strict=True)))

    def _now(self) -> tuple[float, float, float]:
        server = self._server.cpu_times()
        return time.perf_counter(), time.process_time(), server.user + server.system


def through_the_store(url: str, database: str, commits: list[list[Envelope]]) -> Taken:
    with closing(InfluxStore(url, database=database)) as store:
        watch = Watch()
        for envelopes in commits:
            store.commit(envelopes)
        return watch.read()


def texts_of(url: str, commits: list[list[Envelope]]) -> list[bytes]:
    """What the store sends, read off its own requests."""
    sent: list[bytes] = []
    with closing(InfluxStore(url, database="read_off")) as store:
        write = store._writer.write

        def noted(document: str) -> None:
            sent.append(document.encode())
            write(document)

        store._writer.write = noted  # type: ignore[method-assign]
        for envelopes in commits:
            store.commit(envelopes)
    return sent


def bare(url: str, database: str, texts: list[bytes]) -> Taken:
    httpx.post(f"{url}/query", data={"q": f"CREATE DATABASE {database}"}, trust_env=False).raise_for_status()
    with httpx.Client(base_url=url, trust_env=False, timeout=30.0) as client:
        watch = Watch()
        for text in texts:
            client.post("/write", params={"db": database, "precision": "ns"}, content=text).raise_for_status()
        return watch.read()


def measured(url: str, name: str, made: Callable[[], list[list[Envelope]]]) -> None:
    commits = made()
    n_steps = sum(len(e.event.steps) for part in commits for e in part if isinstance(e.event, StepBatch))
    texts = texts_of(url, commits)
    n_points = sum(text.count(b"\n") + 1 for text in texts)
    # of a line: its fields, without the three tags of a step at most and the text that lists what is unknown
    n_values = sum(line.split(b" ")[-2].count(b"=") for text in texts for line in text.split(b"\n"))
    stored, posted = [], []
    for i in range(ROUNDS):
        posted.append(bare(url, f"bare_{name}_{i}", texts))
        stored.append(through_the_store(url, f"store_{name}_{i}", commits))
    for what, taken in (("bare lines (the limit here)", posted), ("InfluxStore.commit", stored)):
        best = min(taken, key=lambda one: one.wall_s)
        rates = f"{n_points / best.wall_s:>9,.0f} points/s {n_steps / best.wall_s:>8,.0f} steps/s"
        rates += f" {n_values / best.wall_s:>10,.0f} values/s"
        here_us, server_us = (1e6 * min(seconds) / n_points for seconds in
                              ([t.here_s for t in taken], [t.server_s for t in taken]))  # fmt: skip
        print(f"{name:8} {what:28} {rates}; a point costs {here_us:.1f} us here, {server_us:.1f} us there", flush=True)
    one, other = (min(t.wall_s for t in taken) for taken in (posted, stored))
    print(f"{name:8} store / limit = {one / other:.2f}; {n_points:,} points in {len(commits)} commits of "
          f"{1000 * other / len(commits):.0f} ms; best of {ROUNDS}", flush=True)  # fmt: skip


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, influxd(Path(folder)) as url:
        measured(url, "backlog", backlog)
        measured(url, "live", live)
    return 0


if __name__ == "__main__":
    sys.exit(main())
