"""``sensor-hub calibrate``: an athlete's contact times beside a force plate's, or beside another pod's."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from sensor_hub.cli.calibration_texts import refusal_text
from sensor_hub.cli.options import (
    MOUNTS,
    START_FORMATS,
    Columns,
    ContactStream,
    MountOption,
    ProfileOption,
    not_in_the_future,
)
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn
from sensor_hub.cli.texts import fault_text

EXAMPLES = (
    "Examples: sensor-hub calibrate run.mcap --reference treadmill.csv --mass-kg 62"
    "   ·   sensor-hub calibrate last --reference belt_left.tsv --reference belt_right.tsv --athlete Ana"
    "   ·   sensor-hub calibrate last --reference watch.fit --kind pod --dry-run"
    "   ·   sensor-hub calibrate shank.csv --mount shank --reference force.csv --json"
)
KINDS = ("force", "pod")
UNITS = ("N", "BW")


class _MakeUnlessNamed(TyperGroup):
    """``calibrate FILE`` is ``calibrate make FILE``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the word in where it was left out."""
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = ["make", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    help="Compare contact times with a reference, and keep the athlete's own line: FILE (make), list, remove.",
    epilog=EXAMPLES,
    no_args_is_help=True,
    rich_markup_mode=None,
    cls=_MakeUnlessNamed,
)
Who = Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; else whom the recording names, or me.")]


@app.command(
    epilog=f"{EXAMPLES}   ·   the word may stand too: sensor-hub calibrate make run.mcap --reference force.csv"
)
def make(
    recording: Annotated[
        str,
        typer.Argument(help="Recording of an IMU, or a session collected here: its id, or: last."),
    ],
    reference: Annotated[
        list[Path],
        typer.Option(
            "--reference", help="CSV of vertical force, CSV or FIT of another pod; once a belt of a treadmill."
        ),
    ],
    kind: Annotated[
        str | None, typer.Option("--kind", help="force or pod; without it the file's content tells.")
    ] = None,
    athlete: Who = None,
    device: Annotated[str | None, typer.Option("--device", help="Only this sensor of the recording.")] = None,
    mass_kg: Annotated[
        float | None, typer.Option("--mass-kg", min=20, max=250, help="For forces in body weights; else the athlete's.")
    ] = None,
    offset_n: Annotated[
        float | None, typer.Option("--offset-n", help="What the belt reads with nobody on it; else from the flights.")
    ] = None,
    force_unit: Annotated[
        str | None, typer.Option("--force-unit", help="N or BW, where the file does not tell.")
    ] = None,
    time_column: Annotated[
        str | None, typer.Option("--time-column", help="Name of the reference's time column.")
    ] = None,
    force_column: Annotated[
        list[str] | None, typer.Option("--force-column", help="Name of its vertical force; several are summed.")
    ] = None,
    contact_column: Annotated[
        str | None, typer.Option("--contact-column", help="Name of a pod's contact time.")
    ] = None,
    contact_stream: ContactStream = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--start",
            formats=START_FORMATS,
            callback=not_in_the_future,
            help="When a recording without a date began, to compare its minutes with a watch's.",
        ),
    ] = None,
    columns: Columns = None,
    mount: MountOption = None,
    profile: ProfileOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it and keep nothing.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Compare a run with a reference and keep the line for its athlete, mount and method. Stored sessions stay."""
    for value, option, allowed in (
        (kind, "--kind", KINDS), (force_unit, "--force-unit", UNITS), (mount, "--mount", MOUNTS)
    ):  # fmt: skip
        _refuse_unknown(value, option, allowed)
    from sensor_hub.app.loads.calibrating import ReferenceFile, calibrate
    from sensor_hub.app.people import open_archive
    from sensor_hub.app.place import Place

    given: dict[str, Any] = {"kind": kind, "mass_kg": mass_kg, "offset_n": offset_n, "unit": force_unit}
    given |= {"time_column": time_column, "force_columns": tuple(force_column or ())}
    given |= {"contact_column": contact_column, "contact_stream": contact_stream}
    how: dict[str, Any] = {"columns": columns, "mount": mount, "profile": profile}
    chosen = settings(data_dir)
    with open_archive(chosen) as archive:
        found = calibrate(
            archive,
            recording,
            ReferenceFile(tuple(reference), **given),
            athlete=athlete,
            device=device,
            recordings=Place.at(chosen.data_dir).recordings,
            dry_run=dry_run,
            start_utc=start,
            **how,
        )
    for path, fault in found.faults:
        warn(f"sensor-hub: {fault_text(path, fault)}")
    if contact_stream is not None and not found.fit.of_minutes:
        warn("sensor-hub: note: --contact-stream chooses in a reference that is a FIT file only, and was not used")
    if json:
        answer = found.answer()
        answer["refusals"] = [
            refusal | {"text": refusal_text(refusal["reason"], refusal["found"], refusal["limit"])}
            for refusal in answer["refusals"]
        ]
        as_json(answer)
    else:
        _show(found)
    if found.calibration is None:
        raise typer.Exit(1)
    if found.lost:
        raise typer.Exit(2)


def _refuse_unknown(value: str | None, option: str, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise typer.BadParameter(f"{option} is {value!r}; allowed: {', '.join(allowed)}")


def _ms(value: float | None, *, sign: bool = False) -> str:
    if value is None or value != value:
        return "–"
    return f"{value * 1000:+.1f}" if sign else f"{value * 1000:.1f}"


def _slope(line: Any) -> tuple[str, str]:
    if line.offset_s != line.offset_s:
        return "–", "ms a ms"
    return f"{line.slope:+.3f}", "ms a ms" if line.slope else "none: the run does not support one"


def _show(found: Any) -> None:
    line, name = found.fit, found.athlete.display_name
    unit = "minutes" if line.of_minutes else "steps"
    rows = [
        ["compared", str(line.n), f"{unit}, {line.n_left_out} of them left out as too far off"],
        [
            "before",
            _ms(line.bias_before_s, sign=True),
            f"ms bias, SD {_ms(line.sd_before_s)} ms (measured - reference)",
        ],
        [
            "after",
            _ms(line.bias_after_s, sign=True),
            f"ms bias, SD {_ms(line.sd_after_s)} ms ({unit} left out of the fit)",
        ],
        ["offset", _ms(line.offset_s, sign=True), f"ms, standard error {_ms(line.offset_se_s)} ms"],
        ["slope", *_slope(line)],
    ]
    rows += [[f"offset {side}", _ms(offset_s, sign=True), "ms"] for side, offset_s in line.by_side_s]
    rows += _force_rows(found.force) if found.force is not None else []
    if found.lag_s == found.lag_s:
        rows.append(["clocks", f"{found.lag_s:.3f}", f"s apart, drift {found.drift * 1e6:.0f} ppm"])
    as_table(
        f"{name}, {found.mount}, {found.method.name} beside {found.reference}", ["quantity", "value", "unit"], rows
    )
    for refusal in line.refusals:
        say(f"refused: {refusal_text(refusal.reason, refusal.found, refusal.limit)}")
    if found.calibration is None:
        say("nothing is kept; what was there stays")
        return
    say(_bound_text(found.calibration.bias_bound_s))
    old = found.before
    if not found.kept:
        replaced = f"; it would replace {_ms(old.offset_s, sign=True)} ms of {old.made_on}" if old is not None else ""
        say(f"nothing is kept: this was --dry-run{replaced}")
        return
    replaced = f"; replaces {_ms(old.offset_s, sign=True)} ms of {old.made_on}" if old is not None else ""
    say(f"kept for {name}, {found.mount}, {found.method.name}{replaced}")
    say("imports use it from now on, live runs from the next one on; session analyze FILE does not")
    say("stored sessions stay as they are: their contact times and hard load cannot be compared directly with new ones")


def _bound_text(bound_s: float | None) -> str:
    if bound_s is None:
        return "how far a calibrated mean lies from a force plate's is unknown: the reference is no force"
    return (
        f"a calibrated mean may be off by {_ms(bound_s)} ms: twice the standard error, and what the belt's zero can do"
    )


def _force_rows(force: Any) -> list[list[str]]:
    told = {"asked": "as asked for", "name": "by its name", "size": "by the size of its numbers"}[force.unit_from]
    mass = (
        "mass unknown" if force.mass_kg is None else f"{force.usual_peak_bw:.2f} body weights of {force.mass_kg:g} kg"
    )
    seen = force.flights_zero_n == force.flights_zero_n
    flights = f"the flights show {force.flights_zero_n:.1f} N" if seen else "no flight shows it"
    return [
        ["force", str(force.n_contacts), f"contacts; {100 * force.unknown_share:.1f} % of its samples are unknown"],
        ["usual peak", f"{force.usual_peak_n:.0f}", f"N ({mass}); the file is in {force.unit}, {told}"],
        ["belt's zero", f"{force.zero_n:.1f}", f"N; {flights}"],
    ]


@app.command(name="list", epilog="Example: sensor-hub calibrate list --json")
def list_(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Only this athlete's.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the calibrations; one made with another method than today's is void, and no session uses it."""
    from sensor_hub.app.loads.calibrating import line_answer
    from sensor_hub.app.loads.learned import is_void
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        kept = archive.registry.learned.calibrations(athlete)
        names = {a.id: a.display_name for a in archive.registry.athletes()}
    if json:
        as_json([line_answer(who, calibration) for who, calibration in kept])
        return
    if not kept:
        who = f"{athlete} is not" if athlete else "nobody is"
        say(f"{who} calibrated; contact times are as their method measures them")
        return
    rows = [
        [names[who], c.mount, f"{c.method} (void)" if is_void(c) else c.method, _ms(c.offset_s, sign=True),
         f"{c.slope:+.3f}", _ms(c.residual_sd_s), str(c.n_steps), c.made_on.isoformat(), c.reference]
        for who, c in kept
    ]  # fmt: skip
    as_table("", ["athlete", "mount", "method", "offset ms", "slope", "SD ms", "steps", "made on", "reference"], rows)
    if any(is_void(c) for _, c in kept):
        say("void: made with another method, and used by no session: calibrate again")


@app.command(epilog="Example: sensor-hub calibrate remove Ana foot")
def remove(
    athlete: Annotated[str, typer.Argument(help="Name or pseudonym.")],
    mount: Annotated[str, typer.Argument(help="foot, shank or sacrum.")],
    method: Annotated[str | None, typer.Option("--method", help="Only this method's, such as foot-1.0.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Forget a calibration: new sessions are as measured again, stored ones stay as they are."""
    from sensor_hub.app.loads.calibrating import line_answer
    from sensor_hub.app.people import open_archive

    _refuse_unknown(mount, "MOUNT", MOUNTS)
    with open_archive(settings(data_dir)) as archive:
        who = archive.athlete(athlete)
        gone = archive.registry.learned.remove_calibrations(who.id, cast("Any", mount), method)
    if json:
        as_json([line_answer(who.id, calibration) for calibration in gone])
    else:
        for calibration in gone:
            say(f"forgotten: {who.display_name}, {calibration.mount}, {calibration.method}")
