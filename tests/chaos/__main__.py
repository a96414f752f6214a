"""``make chaos``: seeded runs in which edge, broker, hub and InfluxDB are killed at random; 0 lost and 0 doubled.

python -m tests.chaos [--runs 100] [--seed 1] [--at-once 4] [--seconds 30] [--rate 300] [--only embedded|defaults|tuned]
                      [--store sqlite|influx] [--out chaos-report.json] [--keep FOLDER]
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Final

from tests.chaos.run import BrokerKind, Outcome, Plan, StoreKind, run

_OF_TEN: Final[tuple[BrokerKind, ...]] = (
    "embedded", "defaults", "tuned", "embedded", "defaults", "embedded", "tuned", "embedded", "defaults", "tuned",
)  # fmt: skip
_INFLUX_OF_TWENTY: Final = frozenset({3, 8, 12, 15})  # two embedded, one of each mosquitto


def plans(asked: argparse.Namespace) -> list[Plan]:
    """Of ten runs four on the embedded broker, three on mosquitto's defaults, three tuned; two of them with influxd."""
    made = []
    for i in range(asked.runs):
        broker: BrokerKind = asked.only or _OF_TEN[i % 10]
        store: StoreKind = asked.store or ("influx" if i % 20 in _INFLUX_OF_TWENTY else "sqlite")
        made.append(Plan(asked.seed + i, broker, store, asked.seconds, asked.rate, asked.kills))
    return made


def main() -> int:
    """Run them all; return 1 if anything was lost, doubled or changed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=300.0, help="messages a second, of each run")
    parser.add_argument("--kills", type=int, default=10, help="at least so many a run")
    parser.add_argument("--only", choices=["embedded", "defaults", "tuned"])
    parser.add_argument("--store", choices=["sqlite", "influx"])
    parser.add_argument("--out", type=Path, help="write every run's numbers into this file")
    parser.add_argument("--keep", type=Path, help="keep the folders of runs that went wrong here")
    asked = parser.parse_args()
    begun_s = time.monotonic()
    with tempfile.TemporaryDirectory() as temp, ThreadPoolExecutor(asked.at_once) as pool:
        outcomes: list[Outcome] = []
        try:
            for outcome in pool.map(lambda plan: _one(plan, Path(temp), asked.keep), plans(asked)):
                outcomes.append(outcome)  # noqa: PERF402 -- those that are done count, if it is told to end
        except KeyboardInterrupt:
            print("told to end: what runs is brought to its end, nothing new is begun", flush=True)
    if not outcomes:
        return 1
    summary = summarise(outcomes, time.monotonic() - begun_s)
    print(summary, flush=True)
    if asked.out is not None:
        report = {"runs": [asdict(o) | {"good": o.good} for o in outcomes], "summary": summary}
        asked.out.write_text(json.dumps(report, indent=1), encoding="utf-8")
    return 0 if len(outcomes) == asked.runs and all(outcome.good for outcome in outcomes) else 1


def _one(plan: Plan, temp: Path, keep: Path | None) -> Outcome:
    folder = temp / f"run-{plan.seed}"
    try:
        outcome = run(plan, folder)
    except Exception as error:  # the others go on, and this one counts as failed
        outcome = Outcome(plan, {}, {}, wrong=[f"the run itself failed: {error!r}"[:2000]])
    print(outcome.line(), flush=True)
    if not outcome.good and keep is not None:
        shutil.copytree(folder, keep / folder.name, dirs_exist_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    return outcome


def summarise(outcomes: list[Outcome], took_s: float) -> str:
    """All runs in some lines."""
    kills: dict[str, int] = {}
    for outcome in outcomes:
        for name, n in outcome.kills.items():
            kills[name] = kills.get(name, 0) + n
    drains = sorted(outcome.drain_s for outcome in outcomes if outcome.drain_s is not None)
    plan = outcomes[0].plan
    kinds = [f"{o.plan.broker}/{o.plan.store}" for o in outcomes]
    by_kind = ", ".join(f"{kind} {kinds.count(kind)}" for kind in sorted(set(kinds)))
    return "\n".join([
        f"{len(outcomes)} runs of {plan.seconds:g} s at {plan.messages_per_s:g} messages/s in {took_s / 60:.1f} min on"
        f" {os.cpu_count()} cores: {by_kind}",
        f"killed {sum(kills.values())}: " + ", ".join(f"{name} {n}" for name, n in sorted(kills.items())),
        f"made {sum(o.n_made for o in outcomes)}, stored {sum(o.n_stored for o in outcomes)},"
        f" lost {sum(o.n_lost for o in outcomes)}, doubled {sum(o.n_doubled for o in outcomes)};"
        f" duplicates delivered and dropped {sum(o.n_duplicates for o in outcomes)}",
        f"drained after the last event: middle {drains[len(drains) // 2]:.1f} s, longest {drains[-1]:.1f} s"
        f" (n = {len(drains)})" if drains else "none drained",
        f"good {sum(o.good for o in outcomes)} of {len(outcomes)}",
    ])  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
