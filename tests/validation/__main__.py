"""``python -m tests.validation``: measure everything, then write results, pictures and report into ``validation/``."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from sensor_hub.signal.detectors import detector_for
from sensor_hub.units import MS_PER_S
from tests.validation import reference_force, reference_other, reference_sacral
from tests.validation.fingerprint import fingerprint
from tests.validation.goals import judged_all
from tests.validation.load_cost import cost
from tests.validation.load_fingerprint import load_fingerprint
from tests.validation.load_results import measured_load
from tests.validation.measures import rounded
from tests.validation.recordings import AbsentError
from tests.validation.report import report
from tests.validation.scenarios import MOUNTS
from tests.validation.study import study
from tests.validation.tables import cell

FOLDER: Final = Path(__file__).parents[2] / "validation"
REFERENCES: Final[dict[str, Callable[[], Any]]] = {
    "sacral_trials": reference_sacral.sacral_trials,
    "force_events": reference_force.compared,
    "shank_run": reference_other.shank_run,
    "fault_files": reference_other.fault_files,
    "pod_against_video": reference_other.pod_against_video,
    "sacral_table": reference_other.sacral_table,
}


def say(text: str) -> None:
    """Print one line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def methods() -> list[dict[str, Any]]:
    """Return what each method says of itself."""
    told = []
    for mount in MOUNTS:
        method = detector_for(mount).method
        told.append(
            {
                "name": method.name,
                "mount": method.mount,
                "source": method.source,
                "validity": method.validity,
                "contact_time_sd_ms": rounded(MS_PER_S * method.contact_time_sd_s),
                "bias_bound_ms": rounded(MS_PER_S * method.bias_bound_s),
                "evidence": method.evidence,
            }
        )
    return told


def measured(n_processes: int) -> dict[str, Any]:
    """Measure everything. What needs a recording that is not here is None, and named."""
    references: dict[str, Any] = {}
    absent = []
    for name, measure in REFERENCES.items():
        say(f"real recordings: {name}")
        try:
            references[name] = measure()
        except AbsentError as error:
            references[name] = None
            absent.append(str(error))
    load, absent_too = measured_load(say)
    say("simulated people")
    results = {
        "methods": methods(),
        "absent": list(dict.fromkeys([*absent, *absent_too])),
        "reference": references,
        "load": load,
        "simulated": study(n_processes),
    }
    return {"goals": judged_all(results), "fingerprint": fingerprint(), **results}


def measured_load_only(old: dict[str, Any]) -> dict[str, Any]:
    """Measure the load model again; everything else, its fingerprint too, stays what it was."""
    load, absent = measured_load(say)
    was = {mount: word for mount, word in old["fingerprint"].items() if mount != "load"}
    results = {
        **old,
        "fingerprint": {**was, "load": load_fingerprint()},
        "absent": list(dict.fromkeys([*old["absent"], *absent])),
        "load": load,
    }
    return {**results, "goals": judged_all(results)}


def write(results: dict[str, Any], folder: Path) -> None:
    """Write the report; draw its pictures."""
    from tests.validation.plots import draw_all  # matplotlib is an extra; everything else here does without

    draw_all(results, folder)
    (folder / "README.md").write_text(report(results), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write; 0 also where a goal is not met: the report says so."""
    parser = argparse.ArgumentParser(description="measure contact methods and load model, and write validation/")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--only", choices=["load", "cost"], help="measure this alone, and keep the rest of results.json"
    )
    parser.add_argument("--only-write", action="store_true", help="judge and write again what results.json holds")
    options = parser.parse_args(arguments)
    begin_s = time.monotonic()
    FOLDER.mkdir(exist_ok=True)
    file = FOLDER / "results.json"
    if options.only == "load":
        results = measured_load_only(json.loads(file.read_text(encoding="utf-8")))
        file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    elif options.only == "cost":
        results = json.loads(file.read_text(encoding="utf-8"))
        results["load"]["cost"] = cost()
        file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    elif not options.only_write:
        file.write_text(json.dumps(measured(options.processes), indent=1) + "\n", encoding="utf-8")
    results = json.loads(file.read_text(encoding="utf-8"))
    results["goals"] = judged_all(results)
    file.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write(results, FOLDER)
    for goal in results["goals"]:
        met = {True: "met", False: "NOT MET", None: "not measured"}[goal["met"]]
        say(f"{met:>12}  {goal['goal']}: {cell(goal['measured'])} {goal['unit']}")
    say(f"{time.monotonic() - begin_s:.0f} s; see {FOLDER / 'README.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
