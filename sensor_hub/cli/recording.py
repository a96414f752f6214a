"""``sensor-hub session record``: one run, on command."""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.options import checked_surface
from sensor_hub.cli.show import DataDir, Json, as_json, load, minutes, say, settings, warn
from sensor_hub.cli.texts import notes_of, steps_text
from sensor_hub.words.lengths import load_unit
from sensor_hub.words.pods import state_text

STALE_S: Final = 5.0  # an older reading is not shown: it is not what the runner does now
PHASES: Final = {"streaming": "ok", "waiting": "not heard", "connecting": "connecting", "starting": "starting"}


def record(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it you (me).")] = None,
    for_minutes: Annotated[
        float | None, typer.Option("--minutes", min=0.05, help="Stop after so many minutes; else Ctrl-C stops.")
    ] = None,
    mqtt: Annotated[
        str | None, typer.Option("--mqtt", help="Broker of the hub; without it the embedded one on this machine.")
    ] = None,
    adapter: Annotated[
        str | None, typer.Option("--adapter", help="Bluetooth adapter by address or hciN; else the first one.")
    ] = None,
    surface: Annotated[
        str | None,
        typer.Option("--surface", help="What is run on: overground, treadmill, track or trail; else unknown."),
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Record a run from the paired sensors, from now until Ctrl-C: kept here first, sent to the hub if it is near.

    On a terminal one line shows each second how the run and each sensor are; elsewhere only what changes is said.
    """
    from sensor_hub.app.collecting.live import record as record_live
    from sensor_hub.app.serving import told_to_end

    run_on: Any = checked_surface(surface) or "unknown"
    shown = _Line(quiet=json)
    with told_to_end() as stop:
        done = record_live(
            settings(data_dir, mqtt=mqtt, adapter=adapter),
            athlete,
            stop=stop,
            minutes=for_minutes,
            surface=run_on,
            on_pod=shown.pod,
            on_line=shown.say,
            on_tick=shown.tick,
        )
    shown.end()
    summaries = [(runner, runner.summary) for runner in done.runners if runner.summary is not None]
    if json:
        as_json([_answer(runner, summary, done.drained, done.names) for runner, summary in summaries])
    for runner, summary in [] if json else summaries:
        _show(runner, summary, done.drained)
        show_notes(summary, done.names)
    if not summaries:
        warn(f"sensor-hub: nothing was recorded: {why_nothing(shown.pods)}")
        raise typer.Exit(1)


class _Line:
    """One line that is written over on a terminal; news on lines of their own."""

    def __init__(self, *, quiet: bool) -> None:
        self._over = sys.stderr.isatty() and not quiet
        self._begun_s = time.monotonic()
        self._width = 0
        self.pods: Any = {}

    def say(self, text: str) -> None:
        self.end()
        warn(text)

    def pod(self, pod: Any, state: Any) -> None:
        self.say(state_text(pod.device.name, state))

    def tick(self, collecting: Any) -> None:
        self.pods = collecting.pods
        if not self._over:
            return
        text = live_line(collecting, time.monotonic() - self._begun_s, datetime.now(UTC))
        text = cut_to(text, get_terminal_size().columns)
        print(f"\r{text:<{self._width}}", end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def end(self) -> None:
        if self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def why_nothing(pods: Any) -> str:
    """Return why there is no run: a belt may have sent all the time, and yet no step is known."""
    if pods and all(pod.profile.kind == "companion" for pod in pods.values()):
        names = ", ".join(pod.device.name for pod in pods.values())
        return (
            f"{names} cannot tell steps, and a run needs them: pair a footpod or an IMU too (sensor-hub devices pair)"
        )
    return "no sensor sent a reading (sensor-hub devices check)"


def cut_to(text: str, columns: int) -> str:
    """Return a line that does not run over the terminal's edge: one that does cannot be written over."""
    from rich.cells import cell_len, set_cell_size

    room = max(columns - 1, 1)
    return text if cell_len(text) <= room else set_cell_size(text, room - 1) + "…"


def live_line(collecting: Any, elapsed_s: float, now_utc: datetime) -> str:
    """Return how the run is at the moment: what is old or not known is a dash."""
    runner = next((run.runner for run in collecting.runs.values() if run.runner is not None), None)
    parts = [minutes(elapsed_s)]
    newest = runner.newest if runner is not None else None
    fresh = newest if newest is not None and (now_utc - newest.time_utc).total_seconds() <= STALE_S else None
    cadence_spm = fresh.cadence_spm if fresh else None
    contact_time_s = fresh.contact_time_s if fresh else None
    parts.append("– steps/min" if cadence_spm is None else f"{cadence_spm:.0f} steps/min")
    parts.append("contact – ms" if contact_time_s is None else f"contact {1000 * contact_time_s:.0f} ms")
    if newest is not None and newest.totals.load_eq_km is not None:
        parts.append(f"{load(newest.totals.load_eq_km)} {load_unit()}")
    for device, state in collecting.states().items():
        phase = "refuses to start" if state.phase == "starting" and state.problem else state.phase
        battery = "" if state.battery_percent is None else f" {state.battery_percent} %"
        parts.append(f"{collecting.pods[device].device.name} {PHASES.get(phase, phase)}{battery}")
    if runner is not None and runner.gaps:
        unknown_s = sum((gap.end_utc - gap.start_utc).total_seconds() for gap in runner.gaps)
        parts.append(f"{len(runner.gaps)} gaps, {unknown_s:.0f} s unknown")
    return " · ".join(parts)


def _causes(runner: Any) -> dict[str, tuple[int, float]]:
    """How many gaps each cause made, and their seconds."""
    found: dict[str, tuple[int, float]] = {}
    for gap in runner.gaps:
        n, seconds = found.get(gap.cause, (0, 0.0))
        found[gap.cause] = n + 1, seconds + (gap.end_utc - gap.start_utc).total_seconds()
    return found


def _answer(runner: Any, summary: Any, drained: bool, names: Mapping[str, str]) -> dict[str, Any]:
    from sensor_hub.app.analysis import session_answer

    gaps = [{"cause": cause, "n": n, "unknown_s": round(s, 3)} for cause, (n, s) in _causes(runner).items()]
    extra = {"gaps": gaps, "hub_has_it": drained, "recording_problem": runner.recording_note}
    return session_answer(summary, names) | extra


def show_notes(summary: Any, names: Mapping[str, str]) -> None:
    """Print what a run noticed that can be mended before the next, a line each. names : of the sensors, by id."""
    for note in notes_of(summary, names):
        say(f"note: {note}")


def _show(runner: Any, summary: Any, drained: bool) -> None:
    from sensor_hub.words import gap_cause

    totals = summary.totals
    coverage = "–" if totals.coverage is None else f"{100 * totals.coverage:.0f} %"
    amount = f"{load(totals.load_eq_km)} {load_unit()}"
    say(f"{summary.header.sid}: {minutes(totals.duration_s)}, {steps_text(totals)} steps, {amount} (modelled),")
    say(f"  {coverage} of it recorded")
    for cause, (n, seconds) in _causes(runner).items():
        say(f"  unknown: {n} x {gap_cause(cause)}, {seconds:.1f} s in all")
    if runner.recording_note:
        warn(f"sensor-hub: the raw recording is not whole: {runner.recording_note}")
    say(
        "the hub has it" if drained else "no hub has it yet: it waits in the outbox for the next sensor-hub run or edge"
    )
