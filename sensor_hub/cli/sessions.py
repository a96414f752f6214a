"""``sensor-hub session``: files in, numbers out."""

from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli import keeping, timelines
from sensor_hub.cli.analysis_table import show_analysis
from sensor_hub.cli.desk import Sid, Who, open_desk
from sensor_hub.cli.options import (
    MOUNTS,
    Columns,
    ContactStream,
    Handles,
    MountOption,
    ProfileOption,
    SurfaceOption,
    checked_surface,
)
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn
from sensor_hub.cli.texts import fault_text, notes_of, steps_text

app = typer.Typer(
    help="Files in, numbers out; and keeping the history right.", no_args_is_help=True, rich_markup_mode=None
)


def checked_mount(value: str | None) -> Any:
    """Return where the IMU sat as it was asked for; BadParameter if it cannot have sat there."""
    if value is not None and value not in MOUNTS:
        raise typer.BadParameter(f"--mount is {value!r}; allowed: {', '.join(MOUNTS)}")
    return value


def show_maps(columns: str | None) -> None:
    """List the shipped column maps and leave, where that was asked for."""
    if columns != "list" or Path("list").is_file():
        return
    from sensor_hub.app.importing.column_maps import titles

    as_table("", ["map", "what it reads"], [[name, title] for name, title in titles().items()])
    raise typer.Exit(0)


@app.command(
    epilog="Examples: sensor-hub session analyze run.fit   ·   sensor-hub session analyze shank.csv --steps steps.csv"
    "   ·   sensor-hub session analyze raw.csv --columns map.toml --mount sacrum --json"
    "   ·   sensor-hub session analyze dot.csv --columns movella-dot --mount shank"
    "   ·   sensor-hub session analyze btsnoop_hci.log --profile standard-rsc"
)
def analyze(
    file: Annotated[
        Path,
        typer.Argument(
            help="FIT, TCX, GPX (also .gz), MCAP, shank-logger CSV, btsnoop capture, nRF Connect log, RSC vectors, or "
            "any CSV with --columns."
        ),
    ],
    json: Json = False,
    steps: Annotated[Path | None, typer.Option("--steps", help="Write one line a step to this CSV.")] = None,
    columns: Columns = None,
    mount: MountOption = None,
    contact_stream: ContactStream = None,
    handles: Handles = None,
    profile: ProfileOption = None,
    surface: SurfaceOption = None,
) -> None:
    """Find the steps of one file and estimate their push-off load; stores nothing."""
    show_maps(columns)
    from sensor_hub.app.analysis import analyze as analyze_file
    from sensor_hub.app.analysis import answer_of, sees_both_feet, write_steps
    from sensor_hub.app.place import own_profiles

    how: dict[str, Any] = {"mount": checked_mount(mount), "contact_stream": contact_stream}
    how["own_profiles"] = own_profiles(settings(None))
    how |= {"handles": handles, "profile": profile, "surface": checked_surface(surface)}
    found = analyze_file(file, columns=columns, **how)
    for fault in found.faults:
        warn(f"sensor-hub: {fault_text(str(file), fault)}")
    if contact_stream is not None and found.info.kind != "fit":
        warn("sensor-hub: note: --contact-stream chooses in a FIT file only, and was not used")
    if steps is not None:
        write_steps(steps, found)
    answer = answer_of(found)
    if json:
        as_json(answer)
    else:
        show_analysis(file.name, answer, both_feet=sees_both_feet(found))
    if found.lost:
        raise typer.Exit(2)


@app.command(
    epilog="Examples: sensor-hub session export last --out run.csv   ·   sensor-hub session export last --format fit "
    "--out run.fit   ·   sensor-hub session export SID --summary --out totals.csv"
)
def export(
    sid: Sid,
    out: Annotated[Path, typer.Option("--out", help="File to write; it appears whole or not at all.")],
    file_format: Annotated[
        str | None,
        typer.Option("--format", help="csv, parquet or fit; without it the ending of --out decides, else csv."),
    ] = None,
    summary: Annotated[bool, typer.Option("--summary", help="CSV of the totals, one line, instead of steps.")] = False,
    with_name: Annotated[bool, typer.Option("--with-name", help="Write the athlete's name into it.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Write a stored session to a file for other programs: steps as CSV or Parquet, an activity as FIT."""
    from sensor_hub.app.exporting import FORMATS, LAST, export_session

    chosen = file_format or (out.suffix[1:].lower() if out.suffix[1:].lower() in FORMATS else "csv")
    if chosen not in FORMATS:
        raise typer.BadParameter(f"--format is {chosen!r}; allowed: {', '.join(FORMATS)}")
    with open_desk(data_dir) as desk:
        whole = sid if sid == LAST else desk.find(sid, athlete).summary.header.sid
        how: dict[str, Any] = {"file_format": chosen, "summary_only": summary, "with_name": with_name, "force": force}
        done = export_session(desk.archive, whole, out, athlete=athlete, **how)
    if json:
        as_json(done.answer())
    else:
        what = "the summary" if summary else f"{done.n_rows} rows of steps"
        say(f"{done.path}: {what} of session {done.summary.header.sid} ({chosen})")


@app.command(epilog="Example: sensor-hub session replay run.mcap --speed 0")
def replay(
    file: Annotated[Path, typer.Argument(help="A recording of notifications (MCAP).")],
    speed: Annotated[
        float, typer.Option("--speed", min=0.0, help="Times its own pace; 0 is as fast as it goes.")
    ] = 1.0,
    as_live: Annotated[bool, typer.Option("--as-live", help="Judge it as if it happened now.")] = False,
    mqtt: Annotated[
        str | None, typer.Option("--mqtt", help="Broker of the hub; without it the embedded one on this machine.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Send a recording through the whole chain again: same bytes, same events, same session."""
    from sensor_hub.app.serving import replay_to_hub

    summary, drained = replay_to_hub(settings(data_dir, mqtt=mqtt), file, speed=speed, as_live=as_live)
    if not drained:
        warn("sensor-hub: no hub has taken everything; the rest stays in the outbox for the next start")
        raise typer.Exit(1)
    if summary is not None:
        say(f"{summary.header.sid}: {steps_text(summary.totals)} steps, and the hub has them")
        for note in notes_of(summary, {}):
            say(f"note: {note}")


keeping.add_to(app)
app.command(name="timeline", epilog=timelines.EPILOG)(timelines.timeline)
