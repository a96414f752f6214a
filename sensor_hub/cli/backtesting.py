"""``sensor-hub rules backtest``: when rules would have spoken, on one's own history or on files."""

import re
import sys
import time
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.desk import Who, open_desk
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

POLICIES: Final = ("strict", "balanced", "clinician")
EVERY_S: Final = 0.2
SHOWN: Final = 20
EPILOG: Final = (
    "Examples: sensor-hub rules backtest   ·   sensor-hub rules backtest --policy strict --since 2026-01-01   ·   "
    "sensor-hub rules backtest --set session-limit.factor=1.2   ·   sensor-hub rules backtest --file all-my-runs.csv"
)


def add_to(app: typer.Typer) -> None:
    """Make it a command."""
    app.command(epilog=EPILOG)(backtest)


def backtest(
    policy: Annotated[str | None, typer.Option("--policy", help="strict, balanced or clinician.")] = None,
    rule: Annotated[str | None, typer.Option("--rule", help="Only this rule.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="RULE.PARAM=V", help="With another value; may be repeated.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Report from this day on.")
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option("--file", help="Files, folders or zips instead of the history; read and forgotten."),
    ] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Tell a past again, run by run: when each rule would have spoken, how often, and what was logged of pain after."""
    from sensor_hub.app.guiding.backtesting import of_files, of_history

    if policy is not None and policy not in POLICIES:
        raise typer.BadParameter(f"--policy is {policy!r}; allowed: {', '.join(POLICIES)}")
    if file and athlete is not None:
        raise typer.BadParameter("--file and --athlete say different things: files are nobody's history")
    progress = _Progress()
    asked: dict[str, Any] = {
        "policy": policy,
        "changes": [_setting_of(text) for text in set_ or []],
        "since": date.min if since is None else since.date(),
        "only": rule,
        "progress": progress,
    }
    if file:
        report = of_files(file, settings(data_dir), **asked)
        name = ", ".join(path.name for path in file)
    else:
        with open_desk(data_dir) as desk:
            person = desk.person(athlete)
            report = of_history(desk.archive, person, **asked)
        name = person.display_name
    progress.end()
    if json:
        as_json(_answer(report))
    else:
        _show(report, name)


def _setting_of(text: str) -> Any:
    """Read ``RULE.PARAM=VALUE``; BadParameter if it is not that."""
    from sensor_hub.model.diary import SetRule

    found = re.fullmatch(r"([a-z0-9-]+)\.([a-z0-9_]+)=(-?[0-9.]+)", text.strip())
    if found is None or found[3].count(".") > 1 or not any(map(str.isdigit, found[3])):
        raise typer.BadParameter(f"--set {text!r} is not RULE.PARAM=VALUE, as in session-limit.factor=1.2")
    return SetRule(found[1], found[2], float(found[3]))


def _show(report: Any, name: str) -> None:
    from sensor_hub.words.backtests import after_text, pushes_text, spoken_text, told_cells

    if not report.n_runs:
        say(f"{name}: no run, so there is nothing to tell again.")
        return
    as_table(
        f"{name}, {report.first} to {report.last}, policy {report.policy}",
        ["rule", "spoke", "asked", "pushed", "most a week", "a week", "pain in 7 days after"],
        [told_cells(told, report.n_weeks) for told in report.rules],
    )
    for line in pushes_text(report):
        say(line)
    say(after_text(report.any_run))
    pushed = [spoken for spoken in report.spoken if spoken.pushed]
    for spoken in pushed[-SHOWN:]:
        say(f"  {spoken_text(spoken)}")
    if len(pushed) > SHOWN:
        say(f"  and {len(pushed) - SHOWN} before these; --json has all")
    say("Counts beside each other, and no cause: nobody was assigned to anything.")


def _answer(report: Any) -> dict[str, Any]:
    from dataclasses import asdict

    told = asdict(report)
    told |= {"first": None if report.first is None else report.first.isoformat()}
    told |= {"last": None if report.last is None else report.last.isoformat()}
    told["spoken"] = [
        asdict(spoken) | {"at_utc": spoken.at_utc.isoformat(), "day": spoken.day.isoformat()}
        for spoken in report.spoken
    ]
    told["n_pushes"], told["pushes_per_week"] = report.n_pushes, report.pushes_per_week
    told["most_pushes_in_week"] = report.most_pushes_in_week
    told["weeks_by_pushes"] = {str(n): k for n, k in sorted(Counter(report.pushes).items())}
    return told


class _Progress:
    """How far it is, on a terminal only."""

    def __init__(self) -> None:
        self._shown_s = 0.0
        self._on = sys.stderr.isatty()

    def __call__(self, what: str, done: int, of: int) -> None:
        now_s = time.monotonic()
        if self._on and (done == of or now_s - self._shown_s >= EVERY_S):
            self._shown_s = now_s
            print(f"\r{what} {done} of {of}\033[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave the line clean."""
        if self._on:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
