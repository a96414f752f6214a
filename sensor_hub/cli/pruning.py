"""``sensor-hub data prune``: single steps of old sessions, and their raw recordings, are let go of."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn

LEARNED_FROM_DAYS: Final = 120  # references are learned from, and expressed in, runs of the last months


def prune(
    keep_days: Annotated[
        int,
        typer.Option("--keep-days", min=1, max=36_500, metavar="N", help="Keep what ended within the last N days."),
    ],
    recordings: Annotated[
        bool, typer.Option("--recordings", help="Raw recordings too, of sessions that a hub has stored whole.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Let go of the single steps of old sessions. Their sums, findings, gaps and minutes stay.

    What then is no longer possible of them: to cut, split or merge them, to put their surface right, to export single
    steps, to compute their loads again. Sessions that an edit is computed from keep their steps. A hub does the same by
    itself every hour where SENSOR_HUB_KEEP_STEPS_DAYS is set, never with recordings. A hub may run meanwhile.
    """
    from sensor_hub.app import pruning
    from sensor_hub.app.people import open_archive
    from sensor_hub.app.place import Place

    chosen = settings(data_dir)
    place, before_utc = Place.at(chosen.data_dir), datetime.now(UTC) - timedelta(days=keep_days)
    with open_archive(chosen) as archive:
        old = pruning.old_sessions(archive, before_utc)
        files = None
        if recordings:
            files = pruning.old_recordings(archive, place.recordings, place.outbox, chosen.site, before_utc)
        names = {person.id: person.display_name for person in archive.registry.athletes()}
        found = pruning.answer(old, files)
        if not json:
            _show(old, files, names)
        n_files = 0 if files is None else len(files.going)
        if dry_run or not (old.going or n_files):
            done = {"sessions_done": 0, "recordings_done": 0}
        else:
            if keep_days < LEARNED_FROM_DAYS:
                warn(f"With less than {LEARNED_FROM_DAYS} days, load references are learned from fewer runs.")
            if not yes:
                _ask(len(old.going), n_files)
            n_sessions = pruning.prune(archive, before_utc)
            if files is not None:
                pruning.delete(files)
            done = {"sessions_done": n_sessions, "recordings_done": n_files}
    if json:
        as_json(found | {"dry_run": dry_run, "keep_days": keep_days} | done)
    elif done["sessions_done"] or done["recordings_done"]:
        say(f"let go of the steps of {_sessions(done['sessions_done'])}, and of {done['recordings_done']} recordings")


def register(app: typer.Typer) -> None:
    """Add the command to ``sensor-hub data``."""
    app.command(
        epilog="Examples: sensor-hub data prune --keep-days 400 --dry-run   ·   sensor-hub data prune --keep-days 400"
        "   ·   sensor-hub data prune --keep-days 90 --recordings --yes --json"
    )(prune)


def _show(old: Any, files: Any, names: dict[str, str]) -> None:
    if not old.going:
        say("no session is old enough, or has single steps: there are none to let go of")
    else:
        by_athlete: dict[str, list[Any]] = {}
        for session in old.going:
            by_athlete.setdefault(session.header.athlete, []).append(session)
        as_table("", ["athlete", "sessions", "from", "to", "steps"], [_row(names, own) for own in by_athlete.values()])
    if old.needed:
        say(f"{_sessions(len(old.needed))} keep their steps: edits are computed from them")
    if files is not None:
        say(f"recordings that would go: {len(files.going)}, {files.n_bytes / 1e6:.0f} MB")
        for path, why in files.staying:
            say(f"stays: {path.name}: {why}")


def _row(names: dict[str, str], own: Sequence[Any]) -> list[str]:
    who, n_steps = own[0].header.athlete, sum(session.totals.n_steps for session in own)
    first, last = own[0].end_utc, own[-1].end_utc
    return [names.get(who, who), str(len(own)), f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}", f"{n_steps:,.0f}"]


def _sessions(n: int) -> str:
    return "one session" if n == 1 else f"{n} sessions"


def _ask(n_sessions: int, n_files: int) -> None:
    """Ask before; leave with 1 where the answer is no, or nobody is there to give one."""
    warn("There is no way back. 'sensor-hub data backup --out FILE' keeps a copy of everything.")
    also = f" and delete {n_files} recordings" if n_files else ""
    try:
        if typer.confirm(f"Let go of the steps of {_sessions(n_sessions)}{also}?", err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was let go of (--yes does not ask)")
    raise typer.Exit(1)
