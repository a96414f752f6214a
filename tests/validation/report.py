"""Results → the report. A pure function: what is not in the results is not in the report."""

from collections.abc import Mapping
from typing import Any, Final

from tests.validation import report_reference as reference
from tests.validation import report_simulated as simulated
from tests.validation.load_report import load_sections, simulated_load_sections
from tests.validation.tables import cell, table

LIMITS: Final = """## Limits

- **No force beside a foot or a shank.** What stands here of these two mounts rests on the simulator and on one
  real run that was counted by hand. Their true bias on people is unknown; the bound each method claims comes
  from published studies of other people's methods.
- **The simulator was written by those who wrote the methods.** Its truth comes from forces and its signals from
  segments that move, so it does not know how a method looks for events; yet both come from the same idea of how
  people run. Where a method's correction was fitted on the simulator, its bias there says only that the fit
  works. Simulated figures are the best to hope for, and show what breaks.
- **Force at the sacrum comes from one runner** (76.8 kg), one treadmill, one mounting, 16 trials of 5 s,
  published low-passed and clipped. Trial left out is not runner left out: another person's error will be
  larger, and how much nobody can say from these data.
- **Split parts of one recording share the mounting.** The error from one day to the next, after the sensor was
  taken off and put on again, is what a finding about a runner feels; there are no data on it here.
- **The threshold is 20 N everywhere**, unless a line says otherwise. At 50 N contact times are 7 to 26 ms
  shorter (17 recordings, mean 14), and the zero of a belt moves them too: compare with other devices only
  where both are told.
- **Speeds from 2.5 to 5 m/s, on roads and treadmills that are even.** Bends, trails, shoes, loose straps are
  not in it.
- **No Achilles force is validated here.** There is no sensor beside a measured Achilles force in any data we may use;
  agreement with tables that are second-hand, or known from abstracts, is agreement of models. A force is worth ±40 %
  and by tensiometry more; loads are for comparing a runner with themselves.
- **Load and injury:** no study we know shows that an estimated Achilles load foretells an injury."""

METHOD: Final = """## How it is measured

- A found contact is matched to a true one by initial contact, one to one, the nearest first, within 0.1 s.
- *Recall*: true contacts that were found and timed; *precision*: found contacts that were matched.
- *Bias* and *SD* are of found − true contact time over all contacts; *between* is the SD of the means of
  persons (of trials, of subjects), *within* the SD about those means.
- Contacts within 0.35 s of an end of a recording are not scored. A contact beside walking is neither right nor
  wrong for running.
- *Left out*: a trial or person is predicted by coefficients from all others.
- Everything is computed by `make validation`, from fixed seeds: the same code gives the same
  [results.json](results.json), but for the cost of a step, which is the machine's; this page is written from that
  file alone. `make validation VALIDATION="--only load"` measures the load model again and leaves the rest."""


def report(results: Mapping[str, Any]) -> str:
    """Return the whole page as Markdown."""
    told, seen = results["reference"], results["simulated"]
    parts = [
        "# How accurate: measured",
        "Written by `make validation`; not by hand. In words: [docs/accuracy.md](../docs/accuracy.md). Figures on "
        "**simulated** people are called so, and say nothing about people.",
        "## Goals",
        goals(results),
        "## Methods",
        methods(results),
        "## Real recordings",
        absent(results),
        reference.sacral_trials(told["sacral_trials"]),
        "![With and without a sensor](with_and_without.png)",
        reference.force_events(told["force_events"]),
        reference.shank_run(told["shank_run"]),
        reference.fault_files(told["fault_files"]),
        reference.pod_against_video(told["pod_against_video"]),
        reference.sacral_table(told["sacral_table"]),
        "## The load model",
        *load_sections(results),
        "## Simulated people",
        simulated.people(seen),
        simulated.conditions(seen),
        simulated.gait(seen),
        simulated.no_runs(seen),
        simulated.latency(seen),
        simulated.uncertainty(seen),
        simulated.offsets(seen),
        *simulated_load_sections(results),
        LIMITS,
        METHOD,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def goals(results: Mapping[str, Any]) -> str:
    """Return what was aimed for and what came of it."""
    rows = (
        [
            row["goal"],
            f"{row['asked']} {cell(row['limit'])} {row['unit']}".strip(),
            f"{cell(row['measured'])} {row['unit']}".strip(),
            {True: "yes", False: "**no**", None: "not measured"}[row["met"]],
        ]
        for row in results["goals"]
    )
    return table(("goal", "asked", "measured", "met"), rows)


def methods(results: Mapping[str, Any]) -> str:
    """Return what each method says of itself."""
    rows = (
        [
            row["name"],
            row["mount"],
            row["source"],
            row["validity"],
            row["evidence"],
            cell(row["contact_time_sd_ms"], 0),
            f"±{cell(row['bias_bound_ms'], 0)}",
        ]
        for row in results["methods"]
    )
    return "What each method says of itself; the tables below say whether it is right.\n\n" + table(
        ("method", "mount", "source", "validity", "evidence", "SD of a contact ms", "bound of a mean ms"),
        rows,
        n_words=5,
    )


def absent(results: Mapping[str, Any]) -> str:
    """Return which recordings were missing."""
    names = results["absent"]
    return f"Absent when this was measured, so their sections are empty: {', '.join(names)}." if names else ""
