"""``make soak``: a hundred athletes with two pods each for half an hour; what the hub needs and how late it is.

python -m tests.soak [--minutes 30] [--athletes 100] [--broker mosquitto|embedded] [--out FILE]

One hub process with its page, one process with every athlete's sessions, one broker, all on this machine. Each athlete
has a past of a hundred days, so that each batch is judged as it would be. Once a second somebody asks for the coach's
grid. Exit code 1 if a message was lost or doubled, or a limit was missed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import numpy as np
import psutil

from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from sensor_hub.model.message import Envelope
from tests.benchmarks.bench_headsup import past_of
from tests.processes import Process
from tests.servers_mqtt import free_port, start_mosquitto

LATENCY_LIMIT_S: Final = 1.0
CPU_LIMIT: Final = 1.0  # cores
GROWTH_LIMIT: Final = 0.05  # of the hub's memory from the second third of the time to the last
SAMPLE_S: Final = 5.0


@dataclass
class Watch:
    """Processor time and memory of a process, sampled."""

    pid: int
    at_s: list[float] = field(default_factory=list)
    rss_mb: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)

    def sample(self) -> None:
        """Note both now."""
        process = psutil.Process(self.pid)
        spent = process.cpu_times()
        self.at_s.append(time.monotonic())
        self.rss_mb.append(process.memory_info().rss / 1e6)
        self.cpu_s.append(spent.user + spent.system)

    def cores(self) -> float:
        """Mean share of a core over the time watched."""
        return (self.cpu_s[-1] - self.cpu_s[0]) / (self.at_s[-1] - self.at_s[0])

    def busiest(self) -> float:
        """The largest share of a core over about half a minute."""
        step = max(1, round(30.0 / SAMPLE_S))
        pairs = zip(range(len(self.at_s)), range(step, len(self.at_s)), strict=False)
        return max(((self.cpu_s[b] - self.cpu_s[a]) / (self.at_s[b] - self.at_s[a]) for a, b in pairs), default=0.0)

    def thirds_mb(self) -> list[float]:
        """Median memory of each third of the time."""
        return [float(np.median(part)) for part in np.array_split(np.array(self.rss_mb), 3)]


def main() -> int:
    """Run it; return 1 if something was lost, doubled or missed."""
    asked = argparse.ArgumentParser(prog="python -m tests.soak")
    asked.add_argument("--minutes", type=float, default=30.0)
    asked.add_argument("--athletes", type=int, default=100)
    asked.add_argument("--broker", choices=("mosquitto", "embedded"), default="mosquitto")
    asked.add_argument("--no-recording", action="store_true", help="the edge keeps no raw recordings")
    asked.add_argument("--out", type=Path, help="write the figures as JSON too")
    how = asked.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        report = soaked(Path(temp), how)
    print(json.dumps(report, indent=2))
    if how.out is not None:
        how.out.write_text(json.dumps(report, indent=2), encoding="utf-8")
    for line in report["missed"]:
        print(f"MISSED: {line}")
    return 1 if report["missed"] else 0


def soaked(root: Path, how: argparse.Namespace) -> dict[str, Any]:
    """Return the figures of one soak, and what of it was missed."""
    (root / "edge").mkdir()
    settings = load_settings(data_dir=root / "hub")
    with open_archive(settings) as archive:
        people = [archive.registry.add_athlete(f"Runner {n}", "UTC", simulated=True) for n in range(how.athletes)]
        for athlete in people:
            archive.store.commit([Envelope(f"past-{athlete.id}", n, s) for n, s in enumerate(past_of(athlete), 1)])
    with ExitStack() as stack:
        hub, url = stack.enter_context(_hub(root, how.broker))
        page = hub.wait_for("^Open (http\\S+)", 180)
        watch = Watch(hub.pid)
        crowd = subprocess.Popen(
            [sys.executable, "-m", "tests.soak.crowd", str(root / "edge"), str(how.minutes * 60.0)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        stack.callback(crowd.kill)
        assert crowd.stdin is not None
        crowd.stdin.write(
            json.dumps({"url": url, "athletes": [a.id for a in people], "recorded": not how.no_recording})
        )
        crowd.stdin.close()
        with _looking(page) as looks:
            done = _followed(crowd, watch)
        crowd.wait(90)
        n_over = hub.interrupt(120)
    return _report(root, how, done, watch, looks, n_over)


@contextmanager
def _hub(root: Path, broker: str) -> Iterator[tuple[Process, str]]:
    with ExitStack() as stack:
        env: dict[str, str] = {}
        port = free_port()
        arguments = ["hub", "--port", "0", "--data-dir", str(root / "hub")]
        if broker == "mosquitto":
            real = start_mosquitto(root, free_port())
            stack.callback(real.stop)
            env["SENSOR_HUB_MQTT"] = real.url
        else:
            arguments += ["--mqtt-port", str(port)]
        hub = Process(arguments, env)
        stack.callback(hub.close)
        hub.wait_for("^Open http", 180)
        if broker == "embedded":
            password = json.loads((root / "hub" / "broker-users.json").read_text(encoding="utf-8"))["edge"]
            yield hub, f"mqtt://edge:{password}@127.0.0.1:{port}"
        else:
            yield hub, env["SENSOR_HUB_MQTT"]


@contextmanager
def _looking(page: str) -> Iterator[list[float]]:
    """Ask for the coach's grid once a second; yields how long each answer took, s."""
    took_s: list[float] = []
    over = threading.Event()

    def look() -> None:
        with httpx.Client(base_url=page, trust_env=False, timeout=30.0) as client:
            while not over.wait(1.0):
                begin_s = time.monotonic()
                client.get("/api/athletes").raise_for_status()
                took_s.append(time.monotonic() - begin_s)

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield took_s
    finally:
        over.set()
        thread.join(40)


def _followed(crowd: "subprocess.Popen[str]", watch: Watch) -> dict[str, Any]:
    """Watch the hub until the crowd has run; return what the crowd says at the end."""
    over = threading.Event()

    def sample() -> None:
        while not over.wait(SAMPLE_S):
            watch.sample()

    sampler: threading.Thread | None = None
    assert crowd.stdout is not None
    begin_s = time.monotonic()
    try:
        for line in crowd.stdout:
            said = json.loads(line)
            if "done" in said:
                done: dict[str, Any] = said["done"]
                return done
            if sampler is None:  # the first ten seconds are spent on beginning
                watch.sample()
                sampler = threading.Thread(target=sample, daemon=True)
                sampler.start()
            if watch.rss_mb:
                spent = f"{watch.cores():.2f} cores, {watch.rss_mb[-1]:.0f} MB" if len(watch.at_s) > 1 else ""
                sys.stderr.write(
                    f"{time.monotonic() - begin_s:6.0f} s  {said['acked']}/{said['made']} messages in the store, "
                    f"oldest waits {said['oldest_s']:.2f} s  hub {spent}\n"
                )
        raise AssertionError("the crowd ended without a word")
    finally:
        over.set()
        if sampler is not None:
            sampler.join(2 * SAMPLE_S)


def _report(
    root: Path, how: argparse.Namespace, done: Mapping[str, Any], watch: Watch, looks: list[float], code: int
) -> dict[str, Any]:
    store = SqliteStore(root / "hub" / "store.db")
    ranges = store.received(done["gw"])
    kept = {sid: store.session(sid) for sid in done["sessions"]}
    n_steps = sum(len(store.steps(sid)) for sid in done["sessions"])
    store.close()
    wrong = [
        sid for sid, n in done["sessions"].items()
        if (s := kept[sid]) is None or not s.ended or s.totals.n_steps != n
    ]  # fmt: skip
    thirds = watch.thirds_mb()
    growth = (thirds[2] - thirds[1]) / thirds[1]
    latency = done["latency_s"]
    missed = []
    if ranges != [(1, done["n_messages"])] or wrong or not done["drained"]:
        missed.append(
            f"messages: received {ranges} of 1..{done['n_messages']}, {len(wrong)} sessions with other totals"
        )
    if latency.get("p99", np.inf) > LATENCY_LIMIT_S:
        missed.append(f"step event to store p99 {latency.get('p99')} s > {LATENCY_LIMIT_S} s")
    if watch.cores() > CPU_LIMIT:
        missed.append(f"hub {watch.cores():.2f} cores > {CPU_LIMIT:g}")
    if growth > GROWTH_LIMIT:
        missed.append(f"memory grew by {100 * growth:.1f} % from the second third to the last")
    if code != 0:
        missed.append(f"the hub ended with {code}")
    return {
        "broker": how.broker, "athletes": how.athletes, "minutes": how.minutes, "messages": done["n_messages"],
        "rows": n_steps, "notifications": done["n_notifications"], "latency_s": latency,
        "messages_over_1_s": done["n_over_1_s"], "hub_cores": watch.cores(), "hub_busiest_30_s": watch.busiest(),
        "hub_memory_mb_by_third": thirds, "memory_growth": growth,
        "crowd_cpu_s": done["cpu_s"], "crowd_longest_round_s": done["longest_round_s"],
        "grid_s": {f"p{q}": float(np.percentile(looks, q)) for q in (50, 99, 100)} if looks else {},
        "missed": missed,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
