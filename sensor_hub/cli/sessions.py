"""``sensor-hub session``: files in, numbers out."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.analysis_table import show_analysis
from sensor_hub.cli.options import (
    MOUNTS,
    START_FORMATS,
    Columns,
    ContactStream,
    Handles,
    MountOption,
    ProfileOption,
    SurfaceOption,
    checked_surface,
    not_in_the_future,
)
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, minutes, number, say, settings, warn
from sensor_hub.cli.texts import fault_text, notes_of, steps_text

app = typer.Typer(help="Files in, numbers out.", no_args_is_help=True, rich_markup_mode=None)

Who = Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it the runs are yours (me).")]


def _mount(value: str | None) -> Any:
    if value is not None and value not in MOUNTS:
        raise typer.BadParameter(f"--mount is {value!r}; allowed: {', '.join(MOUNTS)}")
    return value


def _show_maps(columns: str | None) -> None:
    """List the shipped column maps and leave, where that was asked for."""
    if columns != "list" or Path("list").is_file():
        return
    from sensor_hub.app.column_maps import titles

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
    _show_maps(columns)
    from sensor_hub.app.analysis import analyze as analyze_file
    from sensor_hub.app.analysis import answer_of, sees_both_feet, write_steps
    from sensor_hub.app.place import own_profiles

    how = {"mount": _mount(mount), "contact_stream": contact_stream, "own_profiles": own_profiles(settings(None))}
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
    name="import",
    epilog="Examples: sensor-hub session import *.fit   ·   sensor-hub session import a.csv --start 2025-11-20T06:31Z"
    "   ·   sensor-hub session import all-my-runs.csv",
)
def import_(
    files: Annotated[list[Path], typer.Argument(help="Recordings; importing one twice changes nothing.")],
    athlete: Who = None,
    start: Annotated[
        datetime | None,
        typer.Option(
            "--start", formats=START_FORMATS, help="Start of a file without date.", callback=not_in_the_future
        ),
    ] = None,
    columns: Columns = None,
    mount: MountOption = None,
    handles: Handles = None,
    profile: ProfileOption = None,
    surface: SurfaceOption = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Import files into the history and judge them against it. A log of sessions gives a session a line."""
    _show_maps(columns)
    from sensor_hub.app.importing import import_all
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        how = {"start_utc": start, "columns": columns, "mount": _mount(mount), "handles": handles, "profile": profile}
        how |= {"surface": checked_surface(surface)}
        results = import_all(files, archive, athlete, **how, progress=_progress(len(files)))
        names = archive.sensor_names()
    for result in results:
        for fault in result.faults:
            warn(f"sensor-hub: {fault_text(str(result.path), fault)}")
        if result.problem:
            warn(f"sensor-hub: {result.problem}")
    if json:
        as_json([result.answer(names) for result in results])
    else:
        rows = [[r.name, r.word, number(r.distance_m, 2, 0.001), number(r.load_eq_km), r.sid or "–"] for r in results]
        as_table("", ["file", "result", "km", "eq-km", "session"], rows)
        for result in results:
            for note in notes_of(result.summary, names) if result.summary is not None else []:
                say(f"note: {result.name}: {note}")
        for finding in [f for r in results for f in r.findings]:
            from sensor_hub.words import finding_sentence

            say(finding_sentence(finding))
    if any(r.lost or r.problem for r in results):
        raise typer.Exit(2)


def _progress(n_files: int) -> Any:
    """Count files on a terminal; stay silent elsewhere."""
    import sys

    if n_files < 2 or not sys.stderr.isatty():
        return lambda _done, _path: None
    return lambda done, path: print(f"\r{done}/{n_files} {path.name:40.40}", end="", file=sys.stderr, flush=True)


@app.command(name="list", epilog="Example: sensor-hub session list --athlete Ana --json")
def list_(
    athlete: Who = None,
    notes: Annotated[bool, typer.Option("--notes", help="Say what the sessions marked ! noticed.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List an athlete's sessions, newest first; ! marks one that noticed how a sensor is worn, set up or calibrated."""
    from sensor_hub.app.analysis import session_answer
    from sensor_hub.app.people import open_archive
    from sensor_hub.words import exercise_text

    with open_archive(settings(data_dir)) as archive:
        sessions = archive.store.sessions(archive.athlete(athlete).id)[::-1]
        names = archive.sensor_names()
    if json:
        as_json([session_answer(s, names) for s in sessions])
        return
    rows, noticed = [], {s.header.sid: notes_of(s, names) for s in sessions}
    for s in sessions:
        start, t = s.start_utc.strftime("%Y-%m-%d %H:%MZ"), s.totals
        numbers = [minutes(t.duration_s), number(t.distance_m, 2, 0.001), number(t.load_eq_km)]
        mark = "!" if noticed[s.header.sid] else ""
        origin = exercise_text(s.source) if s.header.ledger == "exercise" else s.header.origin
        rows.append([start, *numbers, number(t.coverage, 0, 100), origin, mark, s.header.sid])
    as_table("", ["start", "time", "km", "eq-km", "recorded %", "origin", "note", "session"], rows)
    if notes:
        for sid, told in noticed.items():
            for note in told:
                say(f"note: {sid}: {note}")
    elif any(noticed.values()):
        say("! noticed something that can be mended: sensor-hub session list --notes")


@app.command(
    epilog="Examples: sensor-hub session export last --out run.csv   ·   sensor-hub session export last --format fit "
    "--out run.fit   ·   sensor-hub session export SID --summary --out totals.csv"
)
def export(
    sid: Annotated[str, typer.Argument(help="Id of a session ('session list' shows it), or: last.")],
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
    from sensor_hub.app.exporting import FORMATS, export_session
    from sensor_hub.app.people import open_archive

    chosen = file_format or (out.suffix[1:].lower() if out.suffix[1:].lower() in FORMATS else "csv")
    if chosen not in FORMATS:
        raise typer.BadParameter(f"--format is {chosen!r}; allowed: {', '.join(FORMATS)}")
    with open_archive(settings(data_dir)) as archive:
        how: dict[str, Any] = {"file_format": chosen, "summary_only": summary, "with_name": with_name, "force": force}
        done = export_session(archive, sid, out, athlete=athlete, **how)
    if json:
        as_json(done.answer())
    else:
        what = "the summary" if summary else f"{done.n_rows} rows of steps"
        say(f"{done.path}: {what} of session {done.summary.header.sid} ({chosen})")


@app.command(epilog="Example: sensor-hub session replay run.mcap --speed 0 --mqtt mqtt://edge:…@127.0.0.1:1883")
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
