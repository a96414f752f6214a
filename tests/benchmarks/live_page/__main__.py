"""``make live-page``: how late a step is on an open coach page, and what it costs the hub.

python -m tests.benchmarks.live_page [--minutes 15 | --quick] [--athletes 50] [--listeners 19] [--pages 1] [--out FILE]

A real hub with its embedded broker, a process that sends for every athlete three steps a second as an edge does, one
Chromium with the coach page, and further clients of the live channel, all on this machine. A step's way is timed from
before it is encoded at the edge to the frame that the browser paints after the tile has changed. Then the page is
opened anew a few times: how long until a tile shows a number.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from sensor_hub.app.people import open_archive
from sensor_hub.config import load_settings
from sensor_hub.model.message import Envelope
from tests import need
from tests.benchmarks.bench_headsup import past_of
from tests.processes import Process
from tests.servers_mqtt import free_port

CHROMIUM_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
SAMPLE_S: Final = 1.0
SETTLED_S: Final = 10.0  # of a run nothing is counted: fifty sessions begin at once
LATENCY_LIMIT_MS: Final = 500.0
CPU_LIMIT: Final = 1.0  # cores
COLD_LIMIT_MS: Final = 2000.0
N_COLD: Final = 10
AGAIN_MS: Final = 25_000.0  # a contact time is told again after half a minute
# Each contact time as it is painted: after the tile has changed, in the frame that shows it.
WATCH: Final = """() => {
  const seen = window.__seen = [];
  const shown = new Map();
  const told = () => {
    const at = performance.timeOrigin + performance.now();
    for (const element of document.querySelectorAll('[data-testid=contact]')) {
      const tile = element.closest('[data-testid^="tile-"]');
      const text = element.textContent.trim();
      if (tile && shown.get(tile) !== text) {
        shown.set(tile, text);
        seen.push([tile.dataset.testid.slice(5), text, at]);
      }
    }
  };
  let due = false;
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => { due = false; told(); });
  }).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
}"""
FIRST: Final = """() => {
  const numbers = document.querySelectorAll('[data-testid^="tile-"] [data-testid=contact]');
  if ([...numbers].some(e => /[0-9]/.test(e.textContent))) return performance.now();
  return 0;
}"""


def main() -> int:
    """Run it; return 1 if a limit was missed."""
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks.live_page")
    asked.add_argument("--minutes", type=float, default=15.0)
    asked.add_argument("--quick", action="store_true", help="one minute")
    asked.add_argument("--athletes", type=int, default=50)
    asked.add_argument("--listeners", type=int, default=19, help="clients of the live channel besides the browser")
    asked.add_argument("--pages", type=int, default=1, help="coach pages in the browser; the first is timed")
    asked.add_argument("--out", type=Path, help="write the figures as JSON too")
    how = asked.parse_args()
    with tempfile.TemporaryDirectory() as temp:
        report = measured(Path(temp), how)
    print(json.dumps(report, indent=2))
    if how.out is not None:
        how.out.write_text(json.dumps(report, indent=2), encoding="utf-8")
    for line in report["missed"]:
        print(f"MISSED: {line}")
    return 1 if report["missed"] else 0


def measured(root: Path, how: argparse.Namespace) -> dict[str, Any]:
    """Return the figures."""
    seconds = 60.0 if how.quick else how.minutes * 60.0
    people = _people(root / "hub", how.athletes)
    with ExitStack() as stack:
        port = free_port()
        hub = Process(["hub", "--port", "0", "--data-dir", str(root / "hub"), "--mqtt-port", str(port)])
        stack.callback(hub.close)
        page_url = hub.wait_for("^Open (http\\S+)", 180).removesuffix("/start")
        password = json.loads((root / "hub" / "broker-users.json").read_text(encoding="utf-8"))["edge"]
        runners = _begin(
            ["tests.benchmarks.live_page.runners", str(root)],
            {"url": f"mqtt://edge:{password}@127.0.0.1:{port}", "athletes": people},
        )
        stack.callback(runners.kill)
        listeners = None
        if how.listeners:
            what = ["tests.benchmarks.live_page.listeners", page_url, str(how.listeners), str(seconds + SETTLED_S)]
            listeners = _begin(what, None)
            stack.callback(listeners.kill)
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=need.command("chromium"), args=list(CHROMIUM_ARGUMENTS)
        )
        stack.callback(browser.close)
        pages = [_opened(browser, page_url) for _ in range(how.pages)]
        time.sleep(SETTLED_S)
        costs = _watched(hub.pid, seconds, pages)
        seen = pages[0].evaluate("window.__seen") if pages else []
        cold_ms = _cold(browser, page_url) if pages else []
        (root / "stop").touch()
        heard = json.loads(listeners.communicate(timeout=60)[0]) if listeners else {"told": [], "seen": []}
        sent = json.loads(runners.communicate(timeout=120)[0])
        hub.interrupt(60)
    latency = {"step_to_pixel": _latencies(sent, seen), "step_to_frame": _latencies(sent, heard["seen"])}
    return _report(how, seconds, costs, latency, cold_ms, heard["told"])


def _people(folder: Path, n: int) -> list[str]:
    with open_archive(load_settings(data_dir=folder)) as archive:
        people = [archive.registry.add_athlete(f"Runner {n}", "UTC", simulated=True) for n in range(n)]
        for athlete in people:
            archive.store.commit([Envelope(f"past-{athlete.id}", n, s) for n, s in enumerate(past_of(athlete), 1)])
    return [athlete.id for athlete in people]


def _begin(what: Sequence[str], told: object) -> "subprocess.Popen[str]":
    process = subprocess.Popen([sys.executable, "-m", *what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    if told is not None:
        process.stdin.write(json.dumps(told))
        process.stdin.flush()
    process.stdin.close()
    process.stdin = None
    return process


def _opened(browser: Browser, url: str) -> Page:
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.goto(url, wait_until="commit")
    page.wait_for_selector("[data-testid=contact]", state="attached")
    page.evaluate(WATCH)
    return page


def _watched(pid: int, seconds: float, pages: Sequence[Page]) -> dict[str, Any]:
    """Sample processor time and memory of the hub."""
    hub = psutil.Process(pid)
    at_s, cpu_s, rss_mb = [], [], []
    end_s = time.monotonic() + seconds
    while True:
        spent = hub.cpu_times()
        at_s.append(time.monotonic())
        cpu_s.append(spent.user + spent.system)
        rss_mb.append(hub.memory_info().rss / 1e6)
        if at_s[-1] >= end_s:
            break
        if pages:
            pages[0].wait_for_timeout(1000 * SAMPLE_S)
        else:
            time.sleep(SAMPLE_S)
    step = round(10 / SAMPLE_S)
    ten = [(cpu_s[i] - cpu_s[i - step]) / (at_s[i] - at_s[i - step]) for i in range(step, len(at_s))]
    slope = float(np.polyfit(at_s, rss_mb, 1)[0]) * 60
    return {
        "cores": (cpu_s[-1] - cpu_s[0]) / (at_s[-1] - at_s[0]), "cores_busiest_10_s": max(ten, default=float("nan")),
        "memory_mb": [float(np.median(part)) for part in np.array_split(np.array(rss_mb), 3)],
        "memory_slope_mb_per_min": slope,
    }  # fmt: skip


def _latencies(sent: Sequence[Sequence[Any]], seen: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Join what was painted with the newest step before it that has those milliseconds."""
    steps: dict[tuple[str, str], list[float]] = defaultdict(list)
    for athlete, contact_ms, at_ms in sent:
        steps[athlete, str(contact_ms)].append(at_ms)
    took = []
    for athlete, text, at_ms in seen:
        moments = steps.get((athlete, text), [])
        before = bisect_right(moments, at_ms)
        if before and at_ms - moments[before - 1] < AGAIN_MS:
            took.append(at_ms - moments[before - 1])
    if not took:
        return {"n": 0}
    first_ms, last_ms = min(s[2] for s in seen), max(s[2] for s in seen)
    n_sent = sum(first_ms <= at_ms <= last_ms for *_, at_ms in sent)
    shown = {f"p{q:g}": round(float(np.percentile(took, q)), 1) for q in (50, 90, 99, 100)}
    return {"n": len(took), "of_steps_sent": n_sent, "ms": shown}


def _cold(browser: Browser, url: str) -> list[float]:
    """How long after a request without a cache a tile shows a number, ms."""
    found = []
    for _ in range(N_COLD):
        context = browser.new_context(viewport={"width": 1200, "height": 900})
        page = context.new_page()
        page.goto(url, wait_until="commit")
        found.append(float(page.wait_for_function(FIRST, polling="raf", timeout=120_000).json_value()))
        context.close()
    return found


def _report(
    how: argparse.Namespace,
    seconds: float,
    costs: dict[str, Any],
    latency: dict[str, Any],
    cold_ms: list[float],
    told: Sequence[Sequence[int]],
) -> dict[str, Any]:
    missed = []
    p99 = latency["step_to_pixel"].get("ms", {}).get("p99", float("inf"))
    if how.pages and p99 > LATENCY_LIMIT_MS:
        missed.append(f"step to pixel p99 {p99} ms > {LATENCY_LIMIT_MS:g} ms")
    if costs["cores"] > CPU_LIMIT:
        missed.append(f"hub {costs['cores']:.2f} cores > {CPU_LIMIT:g}")
    if cold_ms and max(cold_ms) > COLD_LIMIT_MS:
        missed.append(f"a page asked for anew shows a number after {max(cold_ms):.0f} ms > {COLD_LIMIT_MS:g} ms")
    return {
        "athletes": how.athletes, "listeners": how.listeners, "pages": how.pages, "seconds": seconds,
        **latency, "hub": costs,
        "cold_page_ms": {"n": len(cold_ms), "median": statistics.median(cold_ms or [0]), "max": max(cold_ms or [0])},
        "frames_per_listener": statistics.median(n for n, _ in told) if told else None,
        "kb_per_s_per_listener": statistics.median(b for _, b in told) / (seconds + SETTLED_S) / 1000 if told else None,
        "missed": missed,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
