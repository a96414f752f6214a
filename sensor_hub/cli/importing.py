"""``sensor-hub session import``: a file, or everything of an account, into the history."""

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.desk import Who
from sensor_hub.cli.options import (
    START_FORMATS,
    Columns,
    Handles,
    MountOption,
    ProfileOption,
    SurfaceOption,
    checked_surface,
    not_in_the_future,
)
from sensor_hub.cli.sessions import checked_mount, show_maps
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, length, load, minutes, say, settings, warn
from sensor_hub.cli.texts import fault_text, notes_of
from sensor_hub.words.lengths import length_unit, load_unit

SHOWN: Final = 20  # results in full; of more only the counts, and of each kind of trouble so many
EVERY_S: Final = 0.2  # between two looks at how far it is
EPILOG: Final = (
    "Examples: sensor-hub session import *.fit   ·   sensor-hub session import export_123.zip --report report.json"
    "   ·   sensor-hub session import a.csv --start 2025-11-20T06:31Z   ·   sensor-hub session import all-my-runs.csv"
)


def add_to(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(name="import", epilog=EPILOG)(import_)


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Recordings, folders and zips of them; importing one twice changes nothing."),
    ],
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
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Processes that read side by side; without it one a core.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Write what became of every file to this JSON.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Import files into the history and judge them against it. A log of sessions gives a session a line."""
    show_maps(columns)
    from sensor_hub.app.importing.bulk import import_paths
    from sensor_hub.app.importing.bulk_reading import Asked
    from sensor_hub.app.importing.bulk_report import check_report, write_report
    from sensor_hub.app.people import open_archive

    asked = Asked(start, columns, checked_mount(mount), handles, profile, checked_surface(surface))
    if report is not None:
        check_report(report)  # before an hour of work, not after it
    with open_archive(settings(data_dir)) as archive:
        progress = _Progress()
        try:
            done = import_paths(paths, archive, athlete, asked=asked, jobs=jobs, progress=progress)
        except KeyboardInterrupt:
            progress.end()
            warn("sensor-hub: stopped; what was taken is kept, and the same command goes on from there")
            raise typer.Exit(130) from None
        progress.end()
        names = archive.sensor_names()
    _warn(done)
    if json:
        as_json([result.answer(names) for result in done.results])
    elif len(done.results) > SHOWN:
        _show_counts(done)
    else:
        _show_all(done, names)
    if not json:
        _say_findings(done)
    if report is not None:
        write_report(report, done, names)
    if done.failed:
        raise typer.Exit(2)


def _warn(done: Any) -> None:
    """Say what is wrong with files on stderr: refused ones, then what was lost or noticed; the first of each."""
    refused = [f"sensor-hub: {result.problem}" for result in done.results if result.problem]
    noticed = [
        (fault.lost, f"sensor-hub: {fault_text(str(result.path), fault)}")
        for result in done.results
        for fault in result.faults
    ]
    many = len(done.results) > SHOWN
    lost = [text for is_lost, text in noticed if is_lost or not many]
    for texts in (lost, refused):
        for text in texts[: SHOWN if many else None]:
            warn(text)
        if many and len(texts) > SHOWN:
            warn(f"sensor-hub: and {len(texts) - SHOWN} more like these; --report FILE writes all of them")


def _show_all(done: Any, names: dict[str, str]) -> None:
    rows = [[r.name, r.word, length(r.distance_m), load(r.load_eq_km), r.sid or "–"] for r in done.results]
    as_table("", ["file", "result", length_unit(), load_unit(), "session"], rows)
    for result in done.results:
        if result.doubled or result.passed:
            say(f"note: {result.name}: {result.why}")
        if result.replaces:
            say(f"note: {result.name}: the same run as {result.replaces}, which counts no longer: this one does")
        for note in notes_of(result.summary, names) if result.summary is not None else []:
            say(f"note: {result.name}: {note}")
    _show_rows(done)


def _show_counts(done: Any) -> None:
    """Counts first, then which files were doubled, then what is to be answered."""
    rate = f", {len(done.files) / done.elapsed_s:.1f} a second" if len(done.files) > 1 and done.elapsed_s else ""
    say(f"{_counted(len(done.files), 'file')} in {minutes(done.elapsed_s)}{rate}")
    as_table("", ["result", "files"], [[outcome, str(n)] for outcome, n in done.counts.items()])
    if done.n_in_part:
        say(f"{done.n_in_part} of those taken could be read in part only")
    rows = [[s["ledger"], str(s["n"]), length(s["distance_m"], 1), str(s["n_rows_merged"])] for s in done.sessions()]
    if rows:
        as_table("", ["new sessions", "n", length_unit(), "rows told again"], rows)
    doubled = [file for file in done.files if file.outcome == "doubled"]
    for file in doubled[:SHOWN]:
        say(f"doubled: {file.path}: {file.why}")
    if len(doubled) > SHOWN:
        say(f"doubled: and {len(doubled) - SHOWN} more; --report FILE writes all of them")
    n_replaced = sum(result.replaces is not None for result in done.results)
    if n_replaced:
        say(
            f"{_counted(n_replaced, 'session')} that had been there count no longer: the same runs, and the new ones do"
        )
    for offer in done.offers[:SHOWN]:
        say(f"the same run? {', '.join(offer.sids)}: all count until you answer")
    if len(done.offers) > SHOWN:
        say(f"the same run? and {len(done.offers) - SHOWN} more; --report FILE writes all of them")


def _show_rows(done: Any) -> None:
    """Say how many lines of a log's source were the same session told again."""
    merged = sum(s["n_rows_merged"] for s in done.sessions())
    if merged:
        say(f"{_counted(merged, 'row')} of the log told again of a session in another row, and count once")


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _say_findings(done: Any) -> None:
    from sensor_hub.words import finding_sentence

    for finding in [f for result in done.results for f in result.findings]:
        say(finding_sentence(finding))


class _Progress:
    """Counts files on a terminal, with rate and time left; silent elsewhere."""

    def __init__(self) -> None:
        self._shown_s: float | None = None
        self._is_terminal = sys.stderr.isatty()

    def __call__(self, done: Any) -> None:
        now_s = time.monotonic()
        is_due = self._shown_s is None or now_s - self._shown_s >= EVERY_S or done.n_done == done.n_files
        if not self._is_terminal or done.n_files < 2 or not is_due:
            return
        self._shown_s = now_s
        rate = f"{done.n_done / done.elapsed_s:.1f}/s" if done.elapsed_s > 0 else ""
        left = "" if done.left_s is None else f", {minutes(done.left_s)} left"
        refused = f", {done.n_refused} refused" if done.n_refused else ""
        name = done.name.rpartition("/")[2]
        line = f"{done.n_done}/{done.n_files} files, {done.n_taken} taken{refused}, {rate}{left}  {name:.30}"
        print(f"\r\x1b[K{line}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line."""
        if self._shown_s is not None:
            print(file=sys.stderr, flush=True)
