"""The report's part on simulated people."""

from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any, Final

from sensor_hub.units import MS_PER_S
from tests.validation.tables import (
    CONTACT_HEADINGS,
    EVENT_HEADINGS,
    cell,
    contact_columns,
    event_columns,
    signed,
    table,
)

MOST_PCT: Final = 90.0  # of people: fewer within a bound, and it is none


def people(told: Mapping[str, Any]) -> str:
    """Return the section on all people at all speeds."""
    lines = [
        "### Simulated: 60 people, 2.5–5 m/s, 200 Hz",
        "20 people each who land on the rearfoot, the midfoot and the forefoot, 15 s at each of 2.5, 3, 3.5, 4, 4.5 "
        "and 5 m/s after standing, the changes of speed included. *No sensor* is a line in true speed and true "
        "cadence through all other simulated people.",
        table(
            ("mount", *CONTACT_HEADINGS), ([f"{mount}", *contact_columns(one["all"])] for mount, one in told.items())
        ),
        table(("mount", *EVENT_HEADINGS), ([mount, *event_columns(one["all"])] for mount, one in told.items())),
        table(
            ("no sensor, on the same contacts", "contacts", "bias ms", "SD ms", "between ms", "within ms"),
            ([mount, *spread_columns(one["baseline"])] for mount, one in told.items()),
        ),
        "![Mean error of every simulated person](simulated_people.png)",
        "![Bias by speed and foot strike](simulated_speed.png)",
        "By foot strike and by speed:",
        table(
            (
                "mount",
                "",
                "contacts",
                "bias ms",
                "SD ms",
                "between ms",
                "within ms",
                "no sensor: SD ms",
                "no sensor: between ms",
            ),
            group_rows(told),
        ),
    ]
    pitch = [
        [mount, signed(one["all"]["foot_pitch_bias_deg"]), cell(one["all"]["foot_pitch_sd_deg"], 1)]
        for mount, one in told.items()
        if one["all"]["foot_pitch_bias_deg"] is not None
    ]
    shares = [(mount, sorted(person["followed"] for person in one["people"])) for mount, one in told.items()]
    lines += [
        "How much of a person's change of contact time, from 2.5 to 5 m/s, is found (1 is all of it, 0 none):",
        table(
            ("mount", "people", "least", "median", "most"),
            ([mount, cell(len(s)), *(cell(v, 2) for v in (s[0], median(s), s[-1]))] for mount, s in shares),
        ),
    ]
    if pitch:
        lines += ["Pitch of the sole at initial contact:", table(("mount", "bias deg", "SD deg"), pitch)]
    return "\n\n".join(lines)


def spread_columns(row: Mapping[str, Any]) -> list[str]:
    """Return n, bias and spreads."""
    return [
        cell(row["n"]),
        signed(row["bias_ms"]),
        cell(row["sd_ms"], 1),
        cell(row["between_sd_ms"], 1),
        cell(row["within_sd_ms"], 1),
    ]


def group_rows(told: Mapping[str, Any]) -> Iterable[list[str]]:
    """Yield one row for each foot strike and each speed."""
    for mount, one in told.items():
        for row in one["groups"]:
            if "strike" in row and "speed_mps" in row:
                continue
            name = row["strike"] if "strike" in row else f"{row['speed_mps']} m/s"
            baseline = [cell(row["baseline_sd_ms"], 1), cell(row["baseline_between_sd_ms"], 1)]
            yield [mount, name, *spread_columns(row), *baseline]


def conditions(told: Mapping[str, Any]) -> str:
    """Return the section on everything that makes it harder."""
    lines = [
        "### Simulated: sensors, mountings, courses",
        "12 people (4 of each foot strike), 40 s at 2.8 and 3.8 m/s after standing, at 200 Hz, ±16 g and ±2,000 deg/s "
        "unless the line says otherwise. Without the samples a method needs its time is unknown: nothing is found, and "
        "nothing invented. *Other people* differ from what the simulator assumes of everyone: how far the bias follows "
        "is how far a correction fitted on it can be wrong on people.",
        "![Sampling rate](simulated_rate.png)",
    ]
    for mount, one in told.items():
        lines.append(f"**{mount}**")
        headings = ("condition", *CONTACT_HEADINGS, "claimed SD ms", "clipped %")
        rows = (
            [
                f"{row['table']}: {row['name']}",
                *contact_columns(row),
                cell(row["claimed_sd_ms"], 1),
                cell(row["clipped_pct"], 0),
            ]
            for row in one["conditions"]
        )
        lines.append(table(headings, rows))
    return "\n\n".join(lines)


def gait(told: Mapping[str, Any]) -> str:
    """Return the section on walking."""
    rows = (
        [
            mount,
            cell(one["gait"]["n_walk"]),
            cell(one["gait"]["n_walk_as_run"]),
            cell(one["gait"]["n_run"]),
            cell(one["gait"]["running_as_running_pct"], 2),
            cell(one["gait"]["n_nothing_as_run"]),
        ]
        for mount, one in told.items()
    )
    return "\n\n".join(
        [
            "### Simulated: walking and running in turns",
            "24 people stand, walk (1.0, 1.4, 1.9 m/s) and run (2.2, 3.0, 3.5 m/s) in turns. The changes from one to "
            "the other are in it.",
            table(
                (
                    "mount", "walking contacts", "of these counted as running", "running contacts",
                    "counted as running %", "counted where there was none",
                ),
                rows,
            ),
        ]
    )  # fmt: skip


def no_runs(told: Mapping[str, Any]) -> str:
    """Return the section on what must not become a run."""
    names = list(next(iter(told.values()))["no_runs"])
    rows = ([name, *(cell(one["no_runs"][name]) for one in told.values())] for name in names)
    return "\n\n".join(
        [
            "### Simulated: what is no run",
            "One recording of each at 100 Hz, ten minutes (the walk five), with noise of 1 m/s²: how many running "
            "steps are counted in it. Pedalling is a model: a foot goes round with a pedal and turns up and down by "
            "22 degrees.",
            table(("recording", *told), rows),
        ]
    )


def latency(told: Mapping[str, Any]) -> str:
    """Return the section on how soon a record is there."""
    names = ("p5_ms", "p50_ms", "p95_ms", "p99_ms", "largest_ms")
    rows = (
        [
            mount,
            cell(one["latency"]["n"]),
            *(signed(one["latency"].get(name)) for name in names),
            cell(one["latency"]["start_s"], 1),
        ]
        for mount, one in told.items()
    )
    return "\n\n".join(
        [
            "### Simulated: how soon the record of a contact is there",
            "From true toe-off to the sample on which its record was told, 12 people, sample by sample at 200 Hz, in "
            "the device's time: the radio's delay comes on top. Contacts from before the first record are not in it; "
            "what a method holds back while it finds out how it is worn comes with that first record, so long after "
            "the run began.",
            table(
                ("mount", "contacts", "5 % ms", "50 % ms", "95 % ms", "99 % ms", "largest ms", "first record after s"),
                rows,
            ),
            "![Delay of the record](delay.png)",
        ]
    )


def uncertainty(told: Mapping[str, Any]) -> str:
    """Return the section on what is claimed against what is true."""
    rows = (
        [
            mount,
            cell(row["quality"], 2),
            cell(row["n"]),
            cell(row["rms_ms"], 1),
            cell(row["claimed_sd_ms"], 1),
        ]
        for mount, one in told.items()
        for row in one["quality"]
    )
    outside = [mount for mount, one in told.items() if one["within_bound_pct"] < MOST_PCT]
    return "\n\n".join(
        [
            "### Simulated: is the claimed uncertainty true?",
            "Errors of a Gaussian lie within one claimed SD in 68 % and within two in 95 % of cases; more means that "
            "the claim is cautious. The shares stand in the tables above. Here: contacts of the 60 people in five "
            "equal parts by quality.",
            "People whose mean error over a minute and a half is within the bound the method states: "
            + ", ".join(f"{mount} {cell(one['within_bound_pct'], 0)} %" for mount, one in told.items())
            + ".",
            table(("mount", "mean quality", "contacts", "RMS error ms", "claimed SD ms"), rows),
            "![Claimed spread against error](uncertainty.png)",
            *(
                f"**{mount}: the bound does not hold on simulated people.** Method and simulator cannot both be right "
                "about people. Until force has stood beside more runners, contact time from there is not to be relied "
                "on for anybody else."
                for mount in outside
            ),
        ]
    )


def offsets(told: Mapping[str, Any]) -> str:
    """Return the section on where the declared corrections of the legs come from."""
    legs = {mount: one["offsets"] for mount, one in told.items() if one["offsets"]}
    rows = (
        [
            mount,
            name.removesuffix("_s").replace("_", " "),
            "ms" if name.endswith("_s") else "ms a ms",
            *(_offset(one[which][name], name) for which in ("shipped", "fitted")),
        ]
        for mount, one in legs.items()
        for name in one["fitted"]
    )
    n_people, n_contacts = next((one["n_people"], one["n_contacts"]) for one in legs.values())
    return "\n\n".join(
        [
            "### Simulated: where the offsets of foot and shank come from",
            f"What foot and shank add to their raw events was fitted on {n_people} other simulated people "
            f"({n_contacts} contacts, 2.5 to 5 m/s, 200 Hz), none of whom is in another table. Fitted again with the "
            "methods as they are now; a slope is per ms of raw contact time beyond 240 ms. This says nothing about "
            "people.",
            table(("mount", "offset", "unit", "shipped", "fitted again"), rows, n_words=3),
        ]
    )


def _offset(value: float, name: str) -> str:
    return signed(MS_PER_S * value) if name.endswith("_s") else signed(value, 3)
